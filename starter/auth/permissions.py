"""Access rules: one row for each verb says who may use it, how far it reaches, and what it requires.

A verb that a role does not have is refused (403). A case outside its scope is answered like a missing one (404).
`python -m docs.access` writes the table for people; a test tries every cell through HTTP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, cast

from models.roles import ROLES, Role


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

    def scope(self, role: str) -> Scope | None:
        """Return how far the verb reaches for a role; None when the role does not have it."""
        return self.grants.get(cast("Role", role))


SELF: Final[Grants] = {"employer": Scope.SELF}
EMPLOYERS: Final[Grants] = {"employer": Scope.ESTABLISHMENTS}
READERS: Final[Grants] = dict.fromkeys(("reader", "instructor", "signatory", "head"), Scope.DEPARTMENTS)
INSTRUCTORS: Final[Grants] = dict.fromkeys(("instructor", "signatory", "head"), Scope.DEPARTMENTS)
SIGNATORIES: Final[Grants] = dict.fromkeys(("signatory", "head"), Scope.DEPARTMENTS)
HEADS: Final[Grants] = {"head": Scope.DEPARTMENTS}
AUDITORS: Final[Grants] = {"auditor": Scope.EVERYWHERE}
ALL_OPERATORS: Final[Grants] = {"operator": Scope.EVERYWHERE}
OPERATORS: Final[Grants] = {"operator": Scope.DEPARTMENTS_OR_ALL}
EVERYBODY: Final[Grants] = dict.fromkeys(ROLES, Scope.SELF)


class Verb(Enum):
    """What a caller can do. The names are written to the access log and must not change."""

    FILE_REQUEST = Rule("déposer une demande", EMPLOYERS, acts=True)
    LIST_REQUESTS = Rule("lister ses demandes", EMPLOYERS)
    KEEP_DRAFT = Rule("préparer un brouillon", EMPLOYERS, acts=True)
    SUPPLY_PIECES = Rule("fournir des pièces", EMPLOYERS, acts=True)
    SUPPLY_OPINION = Rule("fournir l’avis du CSE", EMPLOYERS, acts=True)
    DESIST = Rule("se désister", EMPLOYERS, acts=True)
    SEND_FILE = Rule("envoyer un fichier", {**EMPLOYERS, **INSTRUCTORS}, acts=True)
    READ_ENROLMENT = Rule("lire un récépissé d’adhésion", EMPLOYERS)
    READ_MEMBERS = Rule("lire les membres", EMPLOYERS)
    MANAGE_MEMBERS = Rule("inviter et retirer des membres", EMPLOYERS, acts=True, in_person=True)
    READ_MANDATES = Rule("lire les mandats", EMPLOYERS)
    MANAGE_MANDATES = Rule("donner et révoquer des mandats", EMPLOYERS, acts=True, in_person=True)
    READ_SESSION = Rule("lire sa session", EVERYBODY, in_person=True)
    READ_ACCOUNT = Rule("lire son compte", SELF)
    PROTECT_ACCOUNT = Rule("protéger son compte", SELF, acts=True, in_person=True)
    MANAGE_TOKENS = Rule("créer et révoquer ses jetons", SELF, acts=True, in_person=True)
    READ_REQUEST = Rule("lire un dossier", {**EMPLOYERS, **READERS})
    READ_DOCUMENT = Rule("lire un document", {**EMPLOYERS, **READERS})
    READ_DESK = Rule("lire le bureau", READERS)
    READ_CASE = Rule("lire une instruction", READERS)
    ASSIGN = Rule("attribuer un dossier", INSTRUCTORS, acts=True)
    ATTEST = Rule("attester la validité", INSTRUCTORS, acts=True)
    ASK_PIECES = Rule("demander des pièces", INSTRUCTORS, acts=True)
    FILE_PAPER = Rule("inscrire une demande papier", INSTRUCTORS, acts=True)
    PREVIEW_DECISION = Rule("voir un projet de décision", INSTRUCTORS)
    DECIDE = Rule("décider", SIGNATORIES, acts=True)
    READ_UNIT = Rule("lire son unité", READERS)
    MANAGE_UNIT = Rule("gérer son unité", HEADS, acts=True)
    READ_AUDIT = Rule("lire les accès", AUDITORS)
    READ_INCIDENTS = Rule("lire les incidents", OPERATORS)
    READ_MEASURES = Rule("lire les mesures", ALL_OPERATORS)
    DECODE = Rule("déchiffrer des messages", ALL_OPERATORS)
    READ_EXCEPTIONS = Rule("lire les actes exceptionnels", {**OPERATORS, **AUDITORS})
    ASK_EXCEPTION = Rule("demander un acte exceptionnel", OPERATORS, acts=True)
    APPROVE_EXCEPTION = Rule("approuver un acte exceptionnel", OPERATORS, acts=True)

    @property
    def rule(self) -> Rule:
        """The access rule of this verb."""
        return self.value
