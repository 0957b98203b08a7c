"""Parts of what documents state, shared by the content models of `kinds`.

Instants are aware and local to the département; they are printed with `legal_time`, the name of its hour.
Texts are French, ready to print. Nothing is decided here: documents print what the law and the register say.
"""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from law.texts import Reason
from models.identifiers import Hours, Instant, Message, Period, Siret
from models.labels import DocumentKind

Line = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(lambda text: " ".join(text.split()) or text)]
"""A name, an address, a label, on one line: of a name stored with line breaks, no paragraph is made."""
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
    seat: Line | None = None
    """Town where decisions are made; None in the data of earlier documents."""


class PrintedAccount(Message):
    """Bank account of the employer (R. 5122-26, II), as it was registered."""

    iban: Line
    holder: Line


class GrantedTerms(Message):
    """What is authorised: period, most employees, and the quota of idle hours (contingent d'heures)."""

    period: Period
    employees: Count
    hours: Hours


class RequestedTerms(GrantedTerms):
    """What the employer asked for, and the ground as printed."""

    ground: Line


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


class AttachedFile(Message):
    """A file that the employer attached: what it is, its type, its size as printed, and its digest."""

    label: Line
    media_type: Line
    size: Line
    sha256: Line


class Filed(Message):
    """What was filed beside the terms, as a receipt lists it. The account is masked but for its ends."""

    perimeter: Line
    placement_on: date
    headcount: Count
    """Employees of the firm."""
    circumstances: Text
    opinion: Line
    commitments: tuple[Commitment, ...] = ()
    account: Line
    files: tuple[AttachedFile, ...] = ()


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


class Content(Message):
    """What every document states: the case, the employer, the service, and where to verify it."""

    kind: DocumentKind
    reference: Line
    """The case, 9 characters."""
    number: Line
    """That of the case as printed, 11 characters; the paying agency knows an authorization by it."""
    amends: Line | None = None
    """Number of the authorization that the request amends, as printed; None if it amends none."""
    serial: Line | None = None
    """The document's own number, « 034AQHV0200-DA1 »; None in the data of earlier documents."""
    code: Line | None = None
    """Random code under which the site says what this document is; None on a draft."""
    employer: Employer
    service: Service
    site: Line
    """Address of the page that verifies a document."""
    legal_time: Line
    """Name of the département's hour, as in « heure de Paris »."""
    specimen: bool = False
    """Simulated instants: printed across the document."""

    @property
    def acceptance_at(self) -> datetime | None:
        """Instant of the tacit acceptance, to come or past, that the notice of the document prints, if any."""
        return None

    @property
    def mailed_day(self) -> date | None:
        """Day that the notice of the document prints, if any."""
        return None


class ReceptionContent(Content):
    """A reception and the silence that follows from it: who, when, until when, and why."""

    author: Line
    """Who filed: name and quality."""
    received_at: Instant
    tacit_acceptance_at: Instant
    last_day_on: date
    """Last local day on which a decision may still be notified."""
    asked: RequestedTerms
    filed: Filed | None = None
    """None in the data of earlier documents."""
    why: tuple[Reason, ...]

    @property
    def acceptance_at(self) -> datetime:
        """Instant at which silence will be acceptance."""
        return self.tacit_acceptance_at


class DecisionContent(Content):
    """What every decision states, signed by a person (R. 5122-4 ; arrêté du 24 juillet 2014)."""

    received_at: Instant
    asked: RequestedTerms
    visas: tuple[Text, ...] = ()
    """What the decision is based on, one a line, each beginning with « Vu »; none in the data of earlier documents."""
    council_notice: Text
    """The duty to inform the council, named as on the day of the document (R. 5122-4)."""
    signatory: Signatory
    checklist: Checklist | None = None


class GrantContent(DecisionContent):
    """What grants state beside, whole and partial: what is granted, the account, the commitments, what comes next."""

    granted: GrantedTerms
    bank_account: PrintedAccount
    commitments: tuple[Commitment, ...] = ()
    effects: tuple[Text, ...] = ()
    """What the employer is told to do and to know next; nothing in the data of earlier documents."""


class TacitContent(Content):
    """An acceptance born of silence, of the request as it was filed (R. 5122-4)."""

    received_at: Instant
    """Reception of the complete request."""
    effect_at: Instant
    asked: RequestedTerms
    why: tuple[Reason, ...]

    @property
    def acceptance_at(self) -> datetime:
        """Instant at which silence was acceptance."""
        return self.effect_at
