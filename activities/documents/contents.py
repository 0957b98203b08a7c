"""What each document states: one frozen model per kind, told apart by `kind`.

Instants are aware and local to the département; they are printed with `legal_time`, the name of its hour.
Texts are French, ready to print. Nothing here decides: the law and the register have spoken already.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from law.texts import Reason
from models.identifiers import BankAccount, Hours, Instant, Message, Period, Siret

Line = Annotated[str, Field(min_length=1, max_length=500)]
"""A name, an address, a label: printed as it is."""
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
"""Reasons and details in French, printed as they are over as many pages as they need."""
Count = Annotated[int, Field(ge=1)]


class Employer(Message):
    """Établissement de l'employeur."""

    name: Line
    address: Line
    siret: Siret


class Service(Message):
    """Service chargé du dossier (CRPA R. 112-11-1); `authority` as in « Préfet de l’Hérault »."""

    name: Line
    authority: Line
    address: Line
    phone: Line
    email: Line


class Asked(Message):
    """What the employer asked for: ground as printed, period, employees, idle hours."""

    ground: Line
    period: Period
    employees: Count
    hours: Hours


class Granted(Message):
    """What is authorised: period, most employees, and the quota of idle hours (contingent d'heures)."""

    period: Period
    employees: Count
    hours: Hours


class Piece(Message):
    """One missing piece, and the text that requires it (CRPA L. 114-5)."""

    code: Line
    label: Text
    text_reference: Text


class Commitment(Message):
    """Engagement souscrit par l'employeur (R. 5122-9, II)."""

    label: Line
    detail: Text
    until_on: date | None = None


class Checklist(Message):
    """What an agent attested before the decision (arrêté du 24 juillet 2014): items, who, when."""

    items: Annotated[tuple[Text, ...], Field(min_length=1)]
    agent: Line
    attested_at: Instant


class Signatory(Message):
    """Who signs a decision (CRPA L. 212-1): name, quality, and act of delegation if there is one."""

    name: Line
    quality: Line
    delegation: Line | None = None


class Letter(Message):
    """What every document carries: the case, the employer, the service, and where to verify it."""

    reference: Line
    """The case, 9 characters."""
    number: Line
    """As printed, 11 characters."""
    employer: Employer
    service: Service
    site: Line
    """Address of the page that verifies a document."""
    legal_time: Line
    """Name of the département's hour, as in « heure de Paris »."""
    specimen: bool = False
    """Simulated instants: printed across the document."""


class Received(Letter):
    """A reception and the silence that follows from it: who, when, until when, and why."""

    author: Line
    """Who filed: name and quality."""
    received_at: Instant
    tacit_acceptance_at: Instant
    last_day_on: date
    """Last local day on which a decision may still be notified."""
    asked: Asked
    why: tuple[Reason, ...]


class Receipt(Received):
    """Récépissé de dépôt (R. 5122-26, II ; CRPA R. 112-11-1)."""

    kind: Literal["receipt"] = "receipt"


class EnrolmentReceipt(Letter):
    """Récépissé d'adhésion (R. 5122-26, I). Its `reference` and `number` are the SIRET of the establishment."""

    kind: Literal["enrolment_receipt"] = "enrolment_receipt"
    author: Line
    """The person who may act for the employer: name and quality."""
    email: Line
    requested_at: Instant
    credentials_due_at: Instant
    terms_title: Line
    terms_version: Line
    terms_sha256: Line
    """Digest of the bytes that were accepted."""
    why: tuple[Reason, ...]


class CompletionReceipt(Received):
    """Récépissé de complétude : la dernière pièce est arrivée, le délai entier recommence (CRPA L. 114-5)."""

    kind: Literal["completion_receipt"] = "completion_receipt"
    filed_at: Instant
    """Reception of the request itself; `received_at` is that of the last missing piece."""
    pieces: Annotated[tuple[Text, ...], Field(min_length=1)]


class CompletionRequest(Letter):
    """Demande de pièces indispensables (CRPA L. 114-5, L. 114-5-1)."""

    kind: Literal["completion_request"] = "completion_request"
    received_at: Instant
    tacit_acceptance_at: Instant
    """Notified at or after this instant, the demand is void."""
    pieces: Annotated[tuple[Piece, ...], Field(min_length=1)]
    reasons: Text
    due_on: date
    agent: Line
    """Who is in charge of the case: name and quality (CRPA L. 111-2)."""


class Decision(Letter):
    """What every decision states, signed by a person (R. 5122-4 ; arrêté du 24 juillet 2014)."""

    received_at: Instant
    asked: Asked
    bank_account: BankAccount
    council_notice: Text
    """The duty to inform the council, named as on the day of the document (R. 5122-4)."""
    signatory: Signatory
    checklist: Checklist | None = None


class Grant(Decision):
    """Décision d'autorisation, pour tout ce qui était demandé."""

    kind: Literal["grant"] = "grant"
    granted: Granted
    commitments: tuple[Commitment, ...] = ()


class PartialGrant(Decision):
    """Décision d'autorisation partielle : le surplus est refusé, avec motifs et voies de recours."""

    kind: Literal["partial_grant"] = "partial_grant"
    granted: Granted
    commitments: tuple[Commitment, ...] = ()
    in_law: Annotated[tuple[Text, ...], Field(min_length=1)]
    in_fact: Annotated[tuple[Text, ...], Field(min_length=1)]
    remedies: Annotated[tuple[Text, ...], Field(min_length=1)]


class Refusal(Decision):
    """Décision de refus, motivée en droit et en fait, avec délais et voies de recours (CRPA L. 211-5)."""

    kind: Literal["refusal"] = "refusal"
    in_law: Annotated[tuple[Text, ...], Field(min_length=1)]
    in_fact: Annotated[tuple[Text, ...], Field(min_length=1)]
    remedies: Annotated[tuple[Text, ...], Field(min_length=1)]


class Tacit(Letter):
    """An acceptance born of silence, of the request as it was filed (R. 5122-4)."""

    received_at: Instant
    """Reception of the complete request."""
    effect_at: Instant
    asked: Asked
    why: tuple[Reason, ...]


class VoidNotice(Tacit):
    """Avis de caducité : un acte enregistré n'a pas été notifié à temps, l'acceptation tacite demeure."""

    kind: Literal["void_notice"] = "void_notice"
    voided: Literal["grant", "partial_grant", "refusal", "completion_request"]
    registered_at: Instant


class Attestation(Tacit):
    """Attestation d'acceptation implicite (CRPA L. 232-3)."""

    kind: Literal["attestation"] = "attestation"
    bank_account: BankAccount
    council_notice: Text
    """The duty to inform the council, named as on the day of the document (R. 5122-4)."""


Content = Annotated[
    Receipt
    | CompletionReceipt
    | CompletionRequest
    | Grant
    | PartialGrant
    | Refusal
    | VoidNotice
    | Attestation
    | EnrolmentReceipt,
    Field(discriminator="kind"),
]
"""Any document; its `kind` names its template."""
