"""Labelled enums: each code of the contract with the French label that people read.

Code and label are on one line; the register, messages and the API hold only the code.
"""

from enum import StrEnum
from typing import Literal, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import literal_schema, no_info_after_validator_function


class Labelled(StrEnum):
    """An enum whose members are codes with a French `label`."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        """Create a member whose value is its code."""
        return cls._labelled(code, label)

    @classmethod
    def _labelled(cls, code: str, label: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def of(cls, code: str) -> Self:
        """Return the member of a code; raises KeyError. (Type checkers read `cls(code)` as `__new__`.)"""
        return {member.value: member for member in cls}[code]

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Return the label of each code."""
        return {member.value: member.label for member in cls}

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Describe the codes inline in OpenAPI, as for a `Literal`, rather than as a component."""
        return no_info_after_validator_function(cls, literal_schema([member.value for member in cls]))


class Status(Labelled):
    """Status of a request."""

    UNDER_REVIEW = "under_review", "En cours d’instruction"
    AWAITING_COMPLETION = "awaiting_completion", "Pièces demandées"
    AUTHORIZED = "authorized", "Autorisée"
    TACITLY_AUTHORIZED = "tacitly_authorized", "Acceptée implicitement"
    REFUSED = "refused", "Refusée"
    DESISTED = "desisted", "Désistement de l’employeur"
    WITHDRAWN = "withdrawn", "Autorisation retirée"
    CLOSED = "closed", "Dossier clos"


class Outcome(Labelled):
    """How a request ended: its label, a French phrase for the act that ended it, and the resulting status."""

    act: str
    status: Status

    def __new__(cls, code: str, label: str, act: str, status: Status) -> Self:
        """Create a member whose value is its code."""
        member = cls._labelled(code, label)
        member.act = act
        member.status = status
        return member

    GRANTED = "granted", "Autorisée par décision", "une autorisation notifiée", Status.AUTHORIZED
    TACIT = "tacit", "Acceptée implicitement", "une acceptation implicite née", Status.TACITLY_AUTHORIZED
    REFUSED = "refused", "Refusée par décision", "un refus notifié", Status.REFUSED
    DESISTED = "desisted", "Désistement de l’employeur", "un désistement reçu", Status.DESISTED


class DraftStatus(Labelled):
    """Status of a draft."""

    DRAFT = "draft", "Brouillon"
    FILED = "filed", "Déposé"
    LAPSED = "lapsed", "Caduc"


class DocumentKind(Labelled):
    """Kind of a sealed document; each has a module in `activities/documents/kinds`."""

    RECEIPT = "receipt", "Récépissé de dépôt"
    COMPLETION_RECEIPT = "completion_receipt", "Récépissé de complétude"
    COMPLETION_REQUEST = "completion_request", "Demande de pièces"
    ATTESTATION = "attestation", "Attestation d’acceptation implicite"
    GRANT = "grant", "Décision d’autorisation"
    PARTIAL_GRANT = "partial_grant", "Décision d’autorisation partielle"
    REFUSAL = "refusal", "Décision de refus"
    VOID_NOTICE = "void_notice", "Avis de caducité d’une décision"
    ENROLMENT_RECEIPT = "enrolment_receipt", "Récépissé d’adhésion"


class CaseEvent(Labelled):
    """Events of a case that its employer sees; other events are internal."""

    REQUEST_RECEIVED = "request_received", "Demande reçue"
    RECEIPT_ISSUED = "receipt_issued", "Récépissé scellé"
    COMPLETION_REQUESTED = "completion_requested", "Pièces demandées, délai arrêté"
    COMPLETION_RECEIVED = "completion_received", "Dernière pièce reçue, délai recommencé"
    COMPLETION_REQUEST_VOIDED = "completion_request_voided", "Demande de pièces caduque"
    OPINION_RECEIVED = "works_council_opinion_received", "Avis du CSE reçu"
    DECISION_NOTIFIED = "decision_notified", "Décision notifiée"
    DECISION_VOIDED = "decision_voided", "Décision caduque"
    TACITLY_GRANTED = "authorization_tacitly_granted", "Acceptation implicite acquise"
    ATTESTATION_ISSUED = "attestation_issued", "Attestation scellée"
    REQUEST_DESISTED = "request_desisted", "Désistement de l’employeur"
    HANDED_TO_ASP = "handed_to_asp", "Autorisation transmise à l’ASP"
    DOCUMENT_READ = "document_read", "Document lu pour la première fois"
    CASE_CLOSED = "case_closed", "Dossier clos"


class Part(Labelled):
    """The dependency on which a process is parked."""

    REGISTER = "register", "le registre"
    SIGNER = "signer", "la signature"
    TIMESTAMP = "timestamp", "l’horodatage"
    REVOCATION = "revocation", "l’état des certificats"
    MAIL = "mail", "la messagerie"
    AGENCY = "agency", "l’ASP"
    PROGRAM = "program", "le programme"
    """No dependency is broken: Tacite itself is."""
    DELAY = "delay", "le délai d’envoi des identifiants"
    """No dependency is known to be broken, but the limit is near."""


class TokenScope(Labelled):
    """What an API token may do."""

    READ = "read", "lire"
    WRITE = "write", "lire et agir"


class Belonging(Labelled):
    """How an account acts for an establishment."""

    MAIN = "main", "interlocuteur principal"
    MEMBER = "member", "membre"
    MANDATE = "mandate", "mandataire"


Membership = Literal[Belonging.MAIN, Belonging.MEMBER]
"""How a member belongs to an establishment; the holder of a mandate does not belong to it."""
