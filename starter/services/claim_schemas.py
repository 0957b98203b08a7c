"""Response shapes of claims, as the contract defines them; instants in the legal time of the département."""

from datetime import date, datetime
from typing import Annotated, Final, Self

from pydantic import Field

from law.amounts import of_cents
from law.calendar import local
from law.claim_explanation import Product
from law.rates import Sector
from law.work_time import Mode
from models.agency_advice import advise
from models.calculations import Euros, HoursOut
from models.claim_files.fields import Category
from models.claim_labels import ClaimSignal, ClaimState
from models.explanations import ReasonRecord, reason_records
from models.identifiers import Message
from models.store.cases.documents import DocumentRecord
from models.store.cases.records import RequestRecord
from models.store.claims.explanations import ExplainedPerson
from models.store.claims.people import WeekFigures
from models.store.claims.records import ClaimRecord
from models.store.claims.sealed_people import ListedPerson
from models.store.claims.versions import AnswerRecord
from starter.services.case_schemas import Links

_FIRST: Final = 1
"""Part of a claim that its addresses leave out."""


class ClaimSignalView(Message):
    """What holds a claim, or what an agent looks at; its employer reads those that are told to them."""

    code: ClaimSignal
    label: str
    holds: bool

    @classmethod
    def of(cls, signal: ClaimSignal) -> Self:
        """Return the view of a signal."""
        return cls(code=signal, label=signal.label, holds=signal.holds)


class AnswerView(Message):
    """An answer of the paying agency; `lines` are those of the people whom it rejects."""

    code: str
    label: str
    lines: tuple[int, ...]
    final: bool
    at: datetime
    advice: str | None = None
    """What to do about a rejection, in French."""

    @classmethod
    def of(cls, answer: AnswerRecord, department: str) -> Self:
        """Return the view of an answer."""
        at = local(answer.answered_at, department)
        advice = None if answer.accepts else advise(answer.code, of_people=bool(answer.lines))
        stated = answer.model_dump(include={"code", "label", "lines"})
        return cls.model_validate(stated | {"final": answer.binding, "at": at, "advice": advice})


class PaymentView(Message):
    """A payment of a claim; none is made yet."""

    end_to_end: str
    amount: Euros
    state: str
    at: datetime
    reason: str | None = None


class ClaimDocumentView(Message):
    """A published document of a claim."""

    id: str
    kind: str
    number: str
    sha256: str
    signed_at: datetime

    @classmethod
    def of(cls, document: DocumentRecord, department: str) -> Self:
        """Return the view of a document."""
        at = local(document.signed_at, department)
        return cls(id=document.id, kind=document.kind, number=document.own_number, sha256=document.sha256, signed_at=at)


class ClaimView(Message):
    """One version of the claim of a month."""

    id: str
    month: str
    part: int
    version: int
    state: ClaimState
    label: str
    received_at: datetime
    payment_due_on: date
    people: int
    hours: HoursOut
    allowance: Euros
    indemnity: Euros
    monthly_reimbursement: bool
    structural: bool
    sector: Sector
    holidays_worked: bool | None
    """What the establishment usually does on public holidays; null when it did not say."""
    replaces: str | None
    signals: tuple[ClaimSignalView, ...]
    answers: tuple[AnswerView, ...]
    waits: str | None
    """Why a claim is not sent to the paying agency, or its answer not read, in French; null if nothing holds it."""
    payments: tuple[PaymentView, ...]
    documents: tuple[ClaimDocumentView, ...]
    links: Links


class FiledClaim(ClaimView):
    """A claim that was received, and how its amounts were reached."""

    why: tuple[ReasonRecord, ...]


class ClaimItems(Message):
    """The claims of an authorization: the last version of each month and part."""

    items: tuple[ClaimView, ...]


class ClaimVersions(Message):
    """Every version of the claim of a month and part, the last one at the end."""

    reference: str
    month: str
    part: int
    versions: tuple[ClaimView, ...]


class WeekView(Message):
    """Hours of a week, by its Monday, of the days that the month has of it."""

    week: date
    worked: HoursOut
    idle: HoursOut
    payable: HoursOut
    limit: HoursOut

    @classmethod
    def of(cls, week: WeekFigures) -> Self:
        """Return the view of a week."""
        return cls(week=week.week_on, worked=week.worked, idle=week.idle, payable=week.payable, limit=week.limit_hours)


class PersonView(Message):
    """A person of a claim; who it is, for the employer alone, and no longer once the case is erased."""

    line: int
    nir: str | None = None
    family_name: str | None = None
    usage_name: str | None = None
    first_name: str | None = None
    category: Category
    mode: Mode
    contract_hours: HoursOut
    hourly_gross: Annotated[HoursOut | None, Field(description="Euros.")]
    apprentice: bool
    payable: HoursOut
    allowance: Euros
    indemnity: Euros
    weeks: tuple[WeekView, ...]

    @classmethod
    def of(cls, person: ListedPerson) -> Self:
        """Return the view of a person."""
        figures, named = person
        who = named.model_dump(include={"nir", "family_name", "usage_name", "first_name"}) if named else {}
        return cls(
            line=figures.n,
            **figures.terms._asdict(),
            payable=figures.payable,
            allowance=of_cents(figures.allowance_cents),
            indemnity=of_cents(figures.indemnity_cents),
            weeks=tuple(map(WeekView.of, figures.weeks)),
            **who,
        )


class PersonItems(Message):
    """A page of the people of a claim, in the order of their lines; `next` is the cursor of the page after."""

    version: int
    erased: bool
    items: tuple[PersonView, ...]
    next: int | None


class ExplainedProduct(Message):
    """Hours at one hourly amount."""

    hours: HoursOut
    allowance_hourly: Euros
    indemnity_hourly: Euros
    allowance: Euros
    indemnity: Euros

    @classmethod
    def of(cls, product: Product) -> Self:
        """Return the view of a product."""
        return cls(
            hours=product.hours,
            allowance_hourly=product.hourly.allowance,
            indemnity_hourly=product.hourly.indemnity,
            allowance=product.allowance,
            indemnity=product.indemnity,
        )


class ExplanationView(Message):
    """What the person of a line is paid, and why."""

    line: int
    payable: HoursOut
    allowance: Euros
    indemnity: Euros
    products: tuple[ExplainedProduct, ...]
    why: tuple[ReasonRecord, ...]

    @classmethod
    def of(cls, explained: ExplainedPerson) -> Self:
        """Return the view of an explanation."""
        figures = explained.figures
        return cls(
            line=figures.n,
            payable=figures.payable,
            allowance=of_cents(figures.allowance_cents),
            indemnity=of_cents(figures.indemnity_cents),
            products=tuple(map(ExplainedProduct.of, explained.products)),
            why=reason_records(explained.why),
        )


def links(claim: ClaimRecord) -> Links:
    """Return the links of one version of a claim."""
    month = f"/api/v1/requests/{claim.reference}/claims/{claim.month:%Y-%m}"
    part = [] if claim.part == _FIRST else [f"part={claim.part}"]
    of_month, of_version = ("&".join((*part, *more)) for more in ((), (f"version={claim.version}",)))
    return {
        "self": f"{month}?{of_month}" if of_month else month,
        "lines": f"{month}/lines?{of_version}",
        "file": f"{month}/file?{of_version}",
        "cancellation": f"{month}/cancellation?{of_month}" if of_month else f"{month}/cancellation",
    }


def claim_members(
    case: RequestRecord,
    claim: ClaimRecord,
    answers: list[AnswerRecord],
    listed: list[DocumentRecord],
    waits: str | None,
    *,
    to_employer: bool,
) -> dict[str, object]:
    """Return the members of the view of one version, which has been admitted."""
    signals = [each for each in claim.signals if each.is_told or not to_employer]
    same = {"id", "part", "version", "state", "people", "hours", "monthly_reimbursement", "replaces"}
    same |= {"structural", "sector", "holidays_worked"}
    return claim.model_dump(include=same) | {
        "month": f"{claim.month:%Y-%m}",
        "label": claim.state.label,
        "received_at": claim.received_at and local(claim.received_at, case.department),
        "payment_due_on": claim.due_on,
        "allowance": of_cents(claim.allowance_cents or 0),
        "indemnity": of_cents(claim.indemnity_cents or 0),
        "signals": tuple(map(ClaimSignalView.of, signals)),
        "answers": tuple(AnswerView.of(each, case.department) for each in answers),
        "waits": waits,
        "payments": (),
        "documents": tuple(ClaimDocumentView.of(each, case.department) for each in listed),
        "links": links(claim),
    }
