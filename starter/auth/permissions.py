"""Who may do what: one table, role × verb × scope, read by the one place that lets callers in.

A verb that a role does not have is refused (403). A case out of its scope is answered like one that does not exist
(404). `python -m docs.access` writes the table for people; a test knocks at a door for each of its cells.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from models.roles import ROLES, Role


class Scope(Enum):
    """How far a verb reaches."""

    SELF = "soi-même"
    OWN = "ses établissements"
    CHARGE = "ses départements"
    CHARGE_OR_ALL = "ses départements, tout s’il n’en a pas"
    EVERYWHERE = "partout"


class Verb(Enum):
    """What can be asked at the doors, and what it is called in French."""

    FILE_REQUEST = "déposer une demande"
    LIST_REQUESTS = "lister ses demandes"
    KEEP_DRAFT = "préparer un brouillon"
    SUPPLY_PIECES = "fournir des pièces"
    SUPPLY_OPINION = "fournir l’avis du CSE"
    DESIST = "se désister"
    SEND_FILE = "envoyer un fichier"
    READ_ENROLMENT = "lire un récépissé d’adhésion"
    READ_MEMBERS = "lire les membres"
    MANAGE_MEMBERS = "inviter et retirer des membres"
    READ_MANDATES = "lire les mandats"
    MANAGE_MANDATES = "donner et révoquer des mandats"
    READ_SESSION = "dire qui est là"
    READ_ACCOUNT = "lire son compte"
    PROTECT_ACCOUNT = "protéger son compte"
    MANAGE_TOKENS = "créer et révoquer ses jetons"
    READ_REQUEST = "lire un dossier"
    READ_DOCUMENT = "lire un document"
    READ_DESK = "lire le bureau"
    READ_CASE = "lire une instruction"
    ASSIGN = "attribuer un dossier"
    ATTEST = "attester la validité"
    ASK_PIECES = "demander des pièces"
    FILE_PAPER = "inscrire une demande papier"
    PREVIEW_DECISION = "voir un projet de décision"
    DECIDE = "décider"
    READ_UNIT = "lire son unité"
    MANAGE_UNIT = "gérer son unité"
    READ_AUDIT = "lire les accès"
    READ_INCIDENTS = "lire les incidents"
    READ_MEASURES = "lire les mesures"
    DECODE = "déchiffrer des messages"
    READ_EXCEPTIONS = "lire les actes exceptionnels"
    ASK_EXCEPTION = "demander un acte exceptionnel"
    APPROVE_EXCEPTION = "approuver un acte exceptionnel"

    @property
    def acts(self) -> bool:
        """Whether it changes something; a credential for reading only does not have it."""
        return self not in _READING

    @property
    def personal(self) -> bool:
        """Whether it takes a person in a session; a token, which is for software, never suffices."""
        return self in _PERSONAL


_PERSONAL: Final = frozenset(
    {
        Verb.READ_SESSION,
        Verb.PROTECT_ACCOUNT,
        Verb.MANAGE_TOKENS,
        Verb.MANAGE_MEMBERS,
        Verb.MANAGE_MANDATES,
    }
)
_READING: Final = frozenset(
    {
        Verb.LIST_REQUESTS,
        Verb.READ_ENROLMENT,
        Verb.READ_MEMBERS,
        Verb.READ_MANDATES,
        Verb.READ_SESSION,
        Verb.READ_ACCOUNT,
        Verb.READ_REQUEST,
        Verb.READ_DOCUMENT,
        Verb.READ_DESK,
        Verb.READ_CASE,
        Verb.PREVIEW_DECISION,
        Verb.READ_UNIT,
        Verb.READ_AUDIT,
        Verb.READ_INCIDENTS,
        Verb.READ_MEASURES,
        Verb.DECODE,
        Verb.READ_EXCEPTIONS,
    }
)
_OWN: Final[dict[Role, Scope]] = {"employer": Scope.OWN}
_SELF: Final[dict[Role, Scope]] = {"employer": Scope.SELF}
_READERS: Final[dict[Role, Scope]] = dict.fromkeys(
    ("reader", "instructor", "signatory", "head"), Scope.CHARGE
)
_INSTRUCTORS: Final[dict[Role, Scope]] = dict.fromkeys(("instructor", "signatory", "head"), Scope.CHARGE)
_SIGNATORIES: Final[dict[Role, Scope]] = dict.fromkeys(("signatory", "head"), Scope.CHARGE)
_HEADS: Final[dict[Role, Scope]] = {"head": Scope.CHARGE}
_AUDITORS: Final[dict[Role, Scope]] = {"auditor": Scope.EVERYWHERE}
_OPERATORS: Final[dict[Role, Scope]] = {"operator": Scope.EVERYWHERE}
_OPERATORS_OF: Final[dict[Role, Scope]] = {"operator": Scope.CHARGE_OR_ALL}

TABLE: Final[Mapping[Verb, Mapping[Role, Scope]]] = {
    Verb.FILE_REQUEST: _OWN,
    Verb.LIST_REQUESTS: _OWN,
    Verb.KEEP_DRAFT: _OWN,
    Verb.SUPPLY_PIECES: _OWN,
    Verb.SUPPLY_OPINION: _OWN,
    Verb.DESIST: _OWN,
    Verb.SEND_FILE: _OWN | _INSTRUCTORS,
    Verb.READ_ENROLMENT: _OWN,
    Verb.READ_MEMBERS: _OWN,
    Verb.MANAGE_MEMBERS: _OWN,
    Verb.READ_MANDATES: _OWN,
    Verb.MANAGE_MANDATES: _OWN,
    Verb.READ_SESSION: dict.fromkeys(ROLES, Scope.SELF),
    Verb.READ_ACCOUNT: _SELF,
    Verb.PROTECT_ACCOUNT: _SELF,
    Verb.MANAGE_TOKENS: _SELF,
    Verb.READ_REQUEST: _OWN | _READERS,
    Verb.READ_DOCUMENT: _OWN | _READERS,
    Verb.READ_DESK: _READERS,
    Verb.READ_CASE: _READERS,
    Verb.ASSIGN: _INSTRUCTORS,
    Verb.ATTEST: _INSTRUCTORS,
    Verb.ASK_PIECES: _INSTRUCTORS,
    Verb.FILE_PAPER: _INSTRUCTORS,
    Verb.PREVIEW_DECISION: _INSTRUCTORS,
    Verb.DECIDE: _SIGNATORIES,
    Verb.READ_UNIT: _READERS,
    Verb.MANAGE_UNIT: _HEADS,
    Verb.READ_AUDIT: _AUDITORS,
    Verb.READ_INCIDENTS: _OPERATORS_OF,
    Verb.READ_MEASURES: _OPERATORS,
    Verb.DECODE: _OPERATORS,
    Verb.READ_EXCEPTIONS: _OPERATORS_OF | _AUDITORS,
    Verb.ASK_EXCEPTION: _OPERATORS_OF,
    Verb.APPROVE_EXCEPTION: _OPERATORS_OF,
}
"""What each verb is for, and how far it reaches; a role that is not named does not have it."""


def scope(role: str, verb: Verb) -> Scope | None:
    """Return how far a verb reaches for a role; None when it does not have it."""
    return {str(each): reach for each, reach in TABLE[verb].items()}.get(role)
