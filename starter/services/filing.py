"""Filing of a request: reports every fault at once, or writes the request in the caller's transaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Self

from pydantic import TypeAdapter, ValidationError

from law.calendar import local
from law.commitments import CommitmentKind
from law.living import LivingRequest, overlap_in_words, overlapping
from law.opinion import OpinionForm, opinion_duty
from law.request import RequestFacts, request_objections
from law.silence import silence
from models.bodies.filing import DelegatesOpinion, Filing, Opinion, Substance
from models.errors import Conflict
from models.identifiers import Siret
from models.labels import FilingSignal
from models.store.cases import living, requests
from models.store.cases.files import StoredFile
from models.store.people import series
from models.store.people.accounts import Establishment
from models.telemetry import trace_context
from starter.auth.caller import Caller
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest, fault, of_law, of_shape
from starter.services.files import file_faults
from starter.services.filing_signals import Figures, odd_account, odd_figures


@dataclass(frozen=True, slots=True)
class RequestStatement:
    """A submitted request: all of it, or the part that the law can judge, with the faults of its form."""

    siret: str | None
    """Empty, which names no establishment, if it is malformed."""
    filing: Filing | None
    substance: Substance | None
    faults: tuple[Fault, ...] = ()

    @classmethod
    def read(cls, body: Mapping[str, object]) -> Self:
        """Validate a body; the part that the law judges may be valid even when the rest is not."""
        siret = _siret(body)
        try:
            filing = Filing.model_validate(body)
        except ValidationError as invalid:
            return cls(siret, None, _substance(body), tuple(of_shape(invalid)))
        return cls(siret, filing, filing)

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Return the statement of a request that is already valid in its form."""
        return cls(filing.siret, filing, filing)


@dataclass(frozen=True, slots=True)
class Reception:
    """How a request arrives: when, online or on paper, from which account, under which name."""

    account_id: str
    author: str
    received_at: datetime
    online: bool = True
    clock_offset: timedelta = timedelta()
    pointer_prefix: str = ""
    """Pointer to the request within the body."""
    scan: StoredFile | None = None
    """The scanned request, of one on paper."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What stands against a request, and the facts that the law judged if its form allowed it."""

    faults: tuple[Fault, ...]
    facts: RequestFacts | None = None

    @property
    def beside(self) -> tuple[LivingRequest, ...]:
        """Living requests that cover some of the same days."""
        return overlapping(self.facts.start_on, self.facts.end_on, self.facts.living) if self.facts else ()


def file(
    context: Context,
    caller: Caller,
    statement: RequestStatement,
    establishment: Establishment,
    reception: Reception,
) -> str:
    """File a request for an establishment and return its reference; raises `InvalidRequest` with every fault.

    Raises `Conflict` naming a living request for some of the same days, unless other employees are stated. Locks the
    establishment until the end of the transaction, so that its filings are judged one after the other.
    """
    requests.hold_establishment(caller.connection, establishment.siret)
    if caller.is_employer:  # it may have been evicted meanwhile, or somebody else proven
        establishment = own_establishment(caller, establishment.siret)
    filing, judged = statement.filing, judge(context, caller, statement, establishment, reception)
    if judged.faults or filing is None or judged.facts is None:
        raise InvalidRequest(
            each.model_copy(update={"pointer": reception.pointer_prefix + each.pointer}) for each in judged.faults
        )
    filing = filing.model_copy(update={"law_on": judged.facts.law_on})
    if judged.beside and not filing.other_employees:
        raise Conflict("overlapping-request", overlap_in_words(judged.beside[0]))
    signals = _signals(filing, judged, judged.facts.received_on, reception)
    return _write(context, caller, filing, establishment, reception, signals)


def judge(
    context: Context,
    caller: Caller,
    statement: RequestStatement,
    establishment: Establishment,
    reception: Reception,
) -> Judgement:
    """Return every fault of a request, of form and of law, without writing anything."""
    if statement.substance is None:
        return Judgement(statement.faults)
    law_on = context.law_on(statement.substance.law_on)
    substance = statement.substance.model_copy(update={"law_on": law_on})
    facts = _facts(caller, substance, establishment, reception)
    of_its_law = (*_of_law(facts, substance), *_opinion_file_faults(caller, substance))
    return Judgement((*statement.faults, *of_its_law), facts)


def _of_law(facts: RequestFacts, stated: Substance) -> Iterator[Fault]:
    """Yield the objections of the law, at what was sent: a placement that was left out is the start of the period."""
    for each in of_law(request_objections(facts)):
        left_out = stated.placement_on is None and each.pointer == "/placement_on"
        yield each.model_copy(update={"pointer": "/period/start_on"}) if left_out else each


def own_establishment(caller: Caller, siret: str | None) -> Establishment:
    """Return the establishment of a SIRET among the caller's, or the only one; raises `InvalidRequest`."""
    own = {each.siret: each for each in caller.establishments()}
    if siret is None and len(own) == 1:
        return next(iter(own.values()))
    if siret is None:
        message = "Votre compte couvre plusieurs établissements ou aucun : indiquez le SIRET."
        raise fault("/siret", "siret-needed", message)
    establishment = own.get(siret)
    if establishment is None:
        message = "Votre compte ne couvre aucun établissement de ce SIRET."
        raise fault("/siret", "establishment-unknown", message)
    return establishment


def stated_establishment(caller: Caller, statement: RequestStatement) -> Establishment:
    """Return the establishment of a request; raises `InvalidRequest`, which includes the faults of its form."""
    try:
        return own_establishment(caller, statement.siret)
    except InvalidRequest as unknown:
        malformed = any(each.pointer == "/siret" for each in statement.faults)
        faults = () if malformed else unknown.faults
        raise InvalidRequest([*faults, *statement.faults]) from unknown


def _siret(body: Mapping[str, object]) -> str | None:
    try:
        return _SIRET.validate_python(body.get("siret"))
    except ValidationError:
        return ""


_SIRET: Final[TypeAdapter[str | None]] = TypeAdapter(Siret | None)


def _substance(body: Mapping[str, object]) -> Substance | None:
    try:
        return Substance.model_validate({name: body[name] for name in Substance.model_fields if name in body})
    except ValidationError:
        return None


def _signals(filing: Filing, judged: Judgement, received_on: date, reception: Reception) -> tuple[FilingSignal, ...]:
    """Return what the employer and the agent should look at."""
    odd = (*odd_figures(Figures.of(filing), received_on), *odd_account(filing.bank_account.iban))
    found = {
        FilingSignal.OTHER_EMPLOYEES: bool(judged.beside),
        **{each.signal: True for each in odd},
        FilingSignal.PAPER: not reception.online,
        FilingSignal.UNSCANNED: not reception.online and reception.scan is None,
    }
    return tuple(signal for signal, raised in found.items() if raised)


def _facts(caller: Caller, stated: Substance, establishment: Establishment, reception: Reception) -> RequestFacts:
    opinion = stated.works_council
    return RequestFacts(
        ground=stated.ground,
        perimeter=stated.perimeter,
        department=establishment.department,
        placement_on=stated.placed_on,
        start_on=stated.period.start_on,
        end_on=stated.period.end_on,
        received_at=reception.received_at,
        headcount=stated.headcount,
        employees=stated.employees,
        hours=stated.hours,
        opinion=opinion.form,
        opinion_given_on=opinion.given.given_on if opinion.given else None,
        commitments=tuple(CommitmentKind.of(each.kind) for each in stated.commitments),
        commitments_until=tuple(each.until_on for each in stated.commitments),
        earlier=tuple(living.list_earlier_periods(caller.connection, establishment.siret, reception.account_id)),
        living=tuple(living.list_living(caller.connection, establishment.siret, reception.account_id)),
        other_employees=stated.other_employees,
        online=reception.online,
        law_on=stated.law_on,
    )


def _opinion_file_faults(caller: Caller, stated: Substance) -> Iterator[Fault]:
    match stated.works_council:
        case Opinion(file=file_id):
            yield from file_faults(caller, file_id, "/works_council/file")
        case DelegatesOpinion(delegates=given):
            yield from file_faults(caller, given.file, "/works_council/delegates/file")


def _write(
    context: Context,
    caller: Caller,
    filing: Filing,
    establishment: Establishment,
    reception: Reception,
    signals: tuple[FilingSignal, ...],
) -> str:
    reference = series.next_reference(
        caller.connection, establishment.siret, reception.account_id, establishment.department
    )
    trace_context.about(reference)
    request = requests.NewRequest(
        reference=reference,
        filing=filing,
        silence=silence(reception.received_at, establishment.department, law_on=filing.law_on),
        siret=establishment.siret,
        department=establishment.department,
        account_id=reception.account_id,
        author=reception.author,
        opinion_due_on=_opinion_due_on(filing, establishment, reception),
        online=reception.online,
        clock_offset=reception.clock_offset,
        signals=signals,
        scan=reception.scan,
    )
    requests.file(caller.connection, request, context.master, caller.actor)
    return reference


def _opinion_due_on(filing: Filing, establishment: Establishment, reception: Reception) -> date | None:
    received_on = local(reception.received_at, establishment.department).date()
    duty = opinion_duty(filing.ground, received_on, filing.headcount, law_on=filing.law_on)
    return duty.due_on if filing.works_council.form is OpinionForm.PENDING else None
