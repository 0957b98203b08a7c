"""Access rules: one row for each verb says who may use it, how far it reaches, and what it requires.

A verb that a role does not have is refused (403). A case outside its scope is answered like a missing one (404).
An act whose effect is or may be an authorization also needs a delegation in force for that outcome and département,
which the store judges in the transaction of the act (`models/store/people/delegations.py:require`).
`python -m docs.access` writes the table for people; a test tries every cell through HTTP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, cast

from models.labels import TokenScope
from models.roles import ROLES, UNIT, Role


class Scope(Enum):
    """How far a verb reaches."""

    SELF = "soi-même"
    ESTABLISHMENTS = "ses établissements"
    DEPARTMENTS = "ses départements"
    DEPARTMENTS_OR_ALL = "ses départements, tout s’il n’en a pas"
    EVERYWHERE = "partout"


Grants = Mapping[Role, Scope]
"""How far a verb reaches for each role that has it."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One access rule. `label` is its French name; a role that `grants` does not name is refused."""

    label: str
    grants: Grants
    acts: bool = False
    """Whether it changes something: a read-only token is refused."""
    in_person: bool = False
    """Whether it requires a session: a token, which is for software, is refused."""
    tool: TokenScope | None = None
    """Least scope of a token for an agent's tools that has an act; None: no tool does it. What reads needs `read`."""

    def admits(self, access: TokenScope) -> bool:
        """Whether a token of this scope, or a session, whose scope is `WRITE`, may use the verb."""
        if access is TokenScope.WRITE or not self.acts:
            return True
        return self.tool is not None and _TOOLS.index(access) >= _TOOLS.index(self.tool)

    def scope(self, role: str) -> Scope | None:
        """Return how far the verb reaches for a role; None when the role does not have it."""
        return self.grants.get(cast("Role", role))


_TOOLS: Final = (TokenScope.READ, TokenScope.INSTRUCT, TokenScope.DECIDE)
"""Scopes of tokens for the tools of agents: each includes those before it."""
SELF: Final[Grants] = {"employer": Scope.SELF}
EMPLOYERS: Final[Grants] = {"employer": Scope.ESTABLISHMENTS}
READERS: Final[Grants] = dict.fromkeys(("reader", "instructor", "signatory", "head"), Scope.DEPARTMENTS)
INSTRUCTORS: Final[Grants] = dict.fromkeys(("instructor", "signatory", "head"), Scope.DEPARTMENTS)
SIGNATORIES: Final[Grants] = dict.fromkeys(("signatory", "head"), Scope.DEPARTMENTS)
HEADS: Final[Grants] = {"head": Scope.DEPARTMENTS}
AUDITORS: Final[Grants] = {"auditor": Scope.EVERYWHERE}
ALL_OPERATORS: Final[Grants] = {"operator": Scope.EVERYWHERE}
OPERATORS: Final[Grants] = {"operator": Scope.DEPARTMENTS_OR_ALL}
OWN_TOOLS: Final[Grants] = dict.fromkeys(UNIT, Scope.SELF)
EVERYBODY: Final[Grants] = dict.fromkeys(ROLES, Scope.SELF)


class Verb(Enum):
    """What a caller can do. The names are written to the access log and must not change."""

    FILE_REQUEST = Rule("déposer une demande", EMPLOYERS, acts=True)
    AMEND = Rule("demander un avenant", EMPLOYERS, acts=True)
    LIST_REQUESTS = Rule("lister ses demandes", EMPLOYERS)
    READ_DRAFT = Rule("lire un brouillon", EMPLOYERS)
    KEEP_DRAFT = Rule("préparer un brouillon", EMPLOYERS, acts=True)
    SUPPLY_PIECES = Rule("fournir des pièces", EMPLOYERS, acts=True)
    SUPPLY_OPINION = Rule("fournir l’avis du CSE", EMPLOYERS, acts=True)
    DESIST = Rule("se désister", EMPLOYERS, acts=True)
    SEND_FILE = Rule("envoyer un fichier", {**EMPLOYERS, **INSTRUCTORS}, acts=True, tool=TokenScope.INSTRUCT)
    READ_FILE = Rule("lire un fichier joint", {**EMPLOYERS, **READERS})
    READ_ENROLMENT = Rule("lire un récépissé d’adhésion", EMPLOYERS)
    READ_MEMBERS = Rule("lire les membres", EMPLOYERS)
    MANAGE_MEMBERS = Rule("inviter et retirer des membres", EMPLOYERS, acts=True, in_person=True)
    READ_MANDATES = Rule("lire les mandats", EMPLOYERS)
    MANAGE_MANDATES = Rule("donner et révoquer des mandats", EMPLOYERS, acts=True, in_person=True)
    PROVE_AUTHORITY = Rule("prouver son habilitation", EMPLOYERS, acts=True)
    ASK_PROOF = Rule("demander à prouver son habilitation", EMPLOYERS, acts=True, in_person=True)
    VALIDATE_AUTHORITY = Rule("valider une habilitation", SIGNATORIES, acts=True)
    READ_LETTERS = Rule("lire les lettres à imprimer", OPERATORS)
    PRINT_LETTERS = Rule("faire imprimer une lettre", OPERATORS, acts=True)
    READ_SESSION = Rule("lire sa session", EVERYBODY, in_person=True)
    READ_ACCOUNT = Rule("lire son compte", SELF)
    PROTECT_ACCOUNT = Rule("protéger son compte", SELF, acts=True, in_person=True)
    MANAGE_TOKENS = Rule("créer et révoquer ses jetons", SELF, acts=True, in_person=True)
    READ_REQUEST = Rule("lire un dossier", {**EMPLOYERS, **READERS})
    READ_MESSAGES = Rule("lire les messages d’un dossier", {**EMPLOYERS, **READERS})
    SEND_MESSAGE = Rule("envoyer un message", {**EMPLOYERS, **INSTRUCTORS}, acts=True, tool=TokenScope.INSTRUCT)
    READ_DOCUMENT = Rule("lire un document", {**EMPLOYERS, **READERS})
    FILE_CLAIM = Rule("déposer une demande d’indemnisation", EMPLOYERS, acts=True)
    READ_CLAIM = Rule("lire une demande d’indemnisation, sans personne", {**EMPLOYERS, **READERS})
    READ_PERSONS = Rule("lire les salariés d’une demande d’indemnisation", EMPLOYERS)
    READ_UPLOAD = Rule("lire un fichier d’indemnisation", EMPLOYERS)
    READ_DESK = Rule("lire le bureau", READERS)
    READ_CASE = Rule("lire une instruction", READERS)
    ASSIGN = Rule("attribuer un dossier", INSTRUCTORS, acts=True, tool=TokenScope.INSTRUCT)
    REASSIGN = Rule("redistribuer des dossiers", INSTRUCTORS, acts=True, tool=TokenScope.INSTRUCT)
    ATTEST = Rule("attester la validité", INSTRUCTORS, acts=True, tool=TokenScope.INSTRUCT)
    ASK_PIECES = Rule("demander des pièces", INSTRUCTORS, acts=True, tool=TokenScope.INSTRUCT)
    CANCEL_PIECES = Rule("reprendre une demande de pièces", SIGNATORIES, acts=True, tool=TokenScope.DECIDE)
    FILE_PAPER = Rule("inscrire une demande papier", SIGNATORIES, acts=True)
    PREVIEW_DECISION = Rule("voir un projet de décision", INSTRUCTORS)
    DECIDE = Rule("décider", SIGNATORIES, acts=True, tool=TokenScope.DECIDE)
    ALLOW_HAND_OVER = Rule("autoriser une transmission suspendue", SIGNATORIES, acts=True)
    WAIVE_OPINION = Rule("lever l’attente d’un avis du CSE", SIGNATORIES, acts=True)
    CANCEL_DECISION = Rule("reprendre une décision", SIGNATORIES, acts=True, tool=TokenScope.DECIDE)
    AGREE_CLAIM = Rule("agréer une demande d’indemnisation", SIGNATORIES, acts=True, tool=TokenScope.DECIDE)
    REFUSE_CLAIM = Rule("refuser une demande d’indemnisation", SIGNATORIES, acts=True, tool=TokenScope.DECIDE)
    INSTRUCT_STANDING = Rule("donner une instruction permanente", SIGNATORIES, acts=True, tool=TokenScope.DECIDE)
    EXCEED_QUOTA = Rule(
        "inscrire un dépassement du contingent, y mettre fin", SIGNATORIES, acts=True, tool=TokenScope.DECIDE
    )
    READ_UNIT = Rule("lire son unité", READERS)
    MANAGE_TOOLS = Rule("créer et révoquer les jetons de ses outils", OWN_TOOLS, acts=True, in_person=True)
    MANAGE_UNIT = Rule("gérer son unité", HEADS, acts=True)
    READ_AUDIT = Rule("lire les accès", AUDITORS)
    READ_INCIDENTS = Rule("lire les incidents", OPERATORS)
    READ_CHANNELS = Rule("lire l’état des flux vers l’ASP", ALL_OPERATORS)
    FREEZE_CHANNEL = Rule("geler ou reprendre un flux vers l’ASP", ALL_OPERATORS, acts=True)
    READ_MEASURES = Rule("lire les mesures", ALL_OPERATORS)
    READ_ACCOUNTS = Rule("lire les comptes et leurs jetons", ALL_OPERATORS)
    REVOKE_TOKENS = Rule("révoquer les jetons d’un compte", ALL_OPERATORS, acts=True)
    DECODE = Rule("déchiffrer des messages", ALL_OPERATORS)
    READ_EXCEPTIONS = Rule("lire les actes exceptionnels", {**OPERATORS, **AUDITORS})
    ASK_EXCEPTION = Rule("demander un acte exceptionnel", OPERATORS, acts=True)
    APPROVE_EXCEPTION = Rule("approuver un acte exceptionnel", OPERATORS, acts=True)

    @property
    def rule(self) -> Rule:
        """The access rule of this verb."""
        return self.value
