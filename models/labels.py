"""Labelled enums: each code of the contract with the French label that people read.

Code and label are on one line; the register, messages and the API hold only the code.
"""

from enum import StrEnum
from typing import Final, Literal, Self, cast

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
        return cast(Self, cls._value2member_map_[code])

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


AUTHORIZING: Final = (Outcome.GRANTED, Outcome.TACIT)
"""Outcomes that authorize, expressly or by silence."""


class FilingSignal(Labelled):
    """What a filing tells its employer and the agent to look at; it stops nothing."""

    OTHER_EMPLOYEES = "other-employees", "Des jours de cette période sont déjà demandés, pour d’autres salariés."
    EMPLOYEES_ABOVE_HEADCOUNT = "employees-above-headcount", "Plus de salariés concernés que l’effectif déclaré."
    HOURS_ABOVE_CALENDAR = "hours-above-calendar", "Plus d’heures que n’en permet le calendrier de la période."
    REMOTE_PERIOD = "remote-period", "Période lointaine : est-elle prévisible ?"
    FOREIGN_ACCOUNT = "foreign-account", "Compte bancaire tenu hors de France et de Monaco."
    PAPER = "paper", "Demande papier : compte bancaire saisi par un agent, à vérifier avant la transmission."
    UNSCANNED = "unscanned", "Demande papier non numérisée : un autre signataire la compare à l’original."


class DraftStatus(Labelled):
    """Status of a draft."""

    DRAFT = "draft", "Brouillon"
    FILED = "filed", "Déposé"
    LAPSED = "lapsed", "Caduc"
    DELETED = "deleted", "Supprimé"


class DocumentKind(Labelled):
    """Kind of a sealed document; each has a module in `activities/documents/kinds`."""

    RECEIPT = "receipt", "Récépissé de dépôt"
    COMPLETION_RECEIPT = "completion_receipt", "Récépissé de complétude"
    COMPLETION_REQUEST = "completion_request", "Demande de pièces"
    ATTESTATION = "attestation", "Attestation d’acceptation implicite"
    GRANT = "grant", "Décision d’autorisation"
    PARTIAL_GRANT = "partial_grant", "Décision d’autorisation partielle"
    REFUSAL = "refusal", "Décision de refus"
    BANK_CHANGE_RECEIPT = "bank_change_receipt", "Récépissé de changement de compte"
    BANK_CHANGE_DECISION = "bank_change_decision", "Décision sur un changement de compte"
    VOID_NOTICE = "void_notice", "Avis de caducité d’une décision"
    ENROLMENT_RECEIPT = "enrolment_receipt", "Récépissé d’adhésion"
    CLAIM_RECEIPT = "claim_receipt", "Récépissé de demande d’indemnisation"
    CLAIM = "claim", "Demande d’indemnisation signée"
    CLAIM_REFUSAL = "claim_refusal", "Refus de demande d’indemnisation"


class CaseEvent(Labelled):
    """Events of a case that its employer sees; other events are internal."""

    REQUEST_RECEIVED = "request_received", "Demande reçue"
    RECEIPT_ISSUED = "receipt_issued", "Récépissé délivré"
    COMPLETION_REQUESTED = "completion_requested", "Pièces demandées, délai arrêté"
    COMPLETION_RECEIVED = "completion_received", "Dernière pièce reçue : le délai recommence"
    COMPLETION_REQUEST_VOIDED = "completion_request_voided", "Demande de pièces caduque"
    OPINION_RECEIVED = "works_council_opinion_received", "Avis du CSE reçu"
    OPINION_WAIVED = "works_council_opinion_waived", "Indemnisation reprise par le service sans l’avis du CSE"
    DECISION_NOTIFIED = "decision_notified", "Décision notifiée"
    DECISION_VOIDED = "decision_voided", "Décision caduque"
    VOID_NOTICE_ISSUED = "void_notice_issued", "Avis de caducité délivré"
    TACITLY_GRANTED = "authorization_tacitly_granted", "Acceptation implicite acquise"
    ATTESTATION_ISSUED = "attestation_issued", "Attestation délivrée"
    REQUEST_DESISTED = "request_desisted", "Désistement de l’employeur"
    HAND_OVER_HELD = "hand_over_held", "Transmission à l’ASP suspendue"
    HAND_OVER_RELEASED = "hand_over_released", "Transmission à l’ASP rétablie"
    HAND_OVER_GIVEN_UP = "hand_over_given_up", "Transmission à l’ASP abandonnée"
    BANK_CHANGE_RECEIVED = "bank_change_received", "Changement de compte demandé"
    BANK_CHANGE_RECEIPT_ISSUED = "bank_change_receipt_issued", "Récépissé du changement de compte délivré"
    BANK_CHANGE_DECISION_ISSUED = "bank_change_decision_issued", "Décision sur le changement de compte notifiée"
    BANK_ACCOUNT_CHANGED = "bank_account_changed", "Compte bancaire changé"
    BANK_CHANGE_HANDED_TO_ASP = "bank_change_handed_to_asp", "Changement de compte transmis à l’ASP"
    HANDED_TO_ASP = "handed_to_asp", "Autorisation transmise à l’ASP"
    DOCUMENT_READ = "document_read", "Document lu pour la première fois"
    MESSAGE_SENT = "message_sent", "Message envoyé"
    CASE_CLOSED = "case_closed", "Dossier clos"


class Part(Labelled):
    """The dependency on which a process is parked."""

    REGISTER = "register", "le registre"
    SIGNER = "signer", "la signature"
    TIMESTAMP = "timestamp", "l’horodatage"
    REVOCATION = "revocation", "l’état des certificats"
    MAIL = "mail", "la messagerie"
    AGENCY = "agency", "l’ASP"
    PRINTING = "printing", "le dossier d’impression des lettres"
    EXAMINER = "examiner", "l’examen des fichiers"
    PROGRAM = "program", "le programme"
    """No dependency is broken: Tacite itself is."""
    ANCHORS = "anchors", "la copie des ancrages"
    JOURNAL = "journal", "l’intégrité du registre"
    """No dependency is broken: the audit found something changed."""
    DELAY = "delay", "le délai d’envoi des identifiants"
    """No dependency is known to be broken, but the limit is near."""


class Proof(Labelled):
    """How the authority of an account over an establishment was proven."""

    LETTER = "letter", "code reçu par lettre à l’adresse de l’établissement"
    PROVIDER = "provider", "fournisseur d’identité des entreprises"
    VALIDATION = "validation", "validation d’un agent"
    INHERITED = "inherited", "invitation ou mandat d’une personne habilitée"
    EARLIER = "earlier", "compte ouvert avant que l’habilitation soit demandée"
    TRIAL = "trial", "compte d’essai"
    """An account opened from the command line in the development profile."""


class HoldReason(Labelled):
    """Why an authorization is not handed to the paying agency yet."""

    AUTHORITY = "authority", "habilitation non prouvée"
    LIMITS = "limits", "limites de l’article R. 5122-9 dépassées"
    EVICTION = "eviction", "adhésion retirée"
    PAPER = "paper", "demande papier à vérifier"
    EVIDENCE = "evidence", "données qui ne sont plus celles de ses événements"
    HOLDER = "holder", "titulaire du compte bancaire illisible"
    VALIDATION = "validation", "habilitation validée par un seul agent"

    @property
    def told(self) -> str:
        """The sentence for employers: why it waits, and what ends the wait."""
        return _TOLD[self]


_TOLD: Final[dict[HoldReason, str]] = {
    HoldReason.AUTHORITY: "La personne qui a déposé la demande n’a pas encore prouvé qu’elle agit pour "
    "l’établissement.",
    HoldReason.LIMITS: "Avec les autres, cette autorisation dépasse les limites de l’article R. 5122-9 : un agent "
    "l’examine avant qu’elle soit transmise.",
    HoldReason.EVICTION: "La personne qui a déposé la demande a été écartée de l’établissement. L’autorisation n’est "
    "transmise que si un interlocuteur habilité l’invite de nouveau, ou si elle prouve qu’elle agit pour "
    "l’établissement, et si un chef d’unité l’accepte ensuite. Sans cela, elle n’est jamais transmise.",
    HoldReason.PAPER: "La demande est arrivée sur papier : un autre agent que celui qui l’a inscrite l’examine avant "
    "qu’elle soit transmise.",
    HoldReason.EVIDENCE: "Le service vérifie ce dossier avant de le transmettre. Vous n’avez rien à faire.",
    HoldReason.HOLDER: "Le nom du titulaire du compte bancaire n’a pas pu être lu : un agent le précise avant la "
    "transmission.",
    HoldReason.VALIDATION: "Un agent a validé que la personne qui a déposé la demande agit pour l’établissement : un "
    "autre agent l’examine avant la transmission.",
}


class TokenScope(Labelled):
    """What an API token may do."""

    READ = "read", "lire"
    WRITE = "write", "lire et agir"
    INSTRUCT = "instruct", "lire et instruire"
    DECIDE = "decide", "lire, instruire et décider"


class Belonging(Labelled):
    """How an account acts for an establishment."""

    MAIN = "main", "interlocuteur principal"
    MEMBER = "member", "membre"
    MANDATE = "mandate", "mandataire"


Membership = Literal[Belonging.MAIN, Belonging.MEMBER]
"""How a member belongs to an establishment; the holder of a mandate does not belong to it."""
