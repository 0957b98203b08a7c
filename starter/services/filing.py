"""Filing of a request: reports every fault at once, or writes the request in the caller's transaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from pydantic import ValidationError

from law.calendar import local
from law.commitments import CommitmentKind
from law.opinion import OpinionForm, opinion_duty
from law.request import RequestFacts, request_objections
from law.silence import silence
from models.bodies.filing import DelegatesOpinion, Filing, Opinion, Substance
from models.store.cases import requests
from models.store.people.accounts import Establishment
from models.telemetry import trace_context
from starter.auth.caller import Caller
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest, fault, of_law, of_shape
from starter.services.files import file_faults


@dataclass(frozen=True, slots=True)
class RequestStatement:
    """A submitted request: all of it, or the part that the law can judge, with the faults of its form."""

    siret: object
    """Not validated."""
    filing: Filing | None
    substance: Substance | None
    faults: tuple[Fault, ...] = ()

    @classmethod
    def read(cls, body: Mapping[str, object]) -> Self:
        """Validate a body; the part that the law judges may be valid even when the rest is not."""
        siret = body.get("siret")
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


def file(
    context: Context,
    caller: Caller,
    statement: RequestStatement,
    establishment: Establishment,
    reception: Reception,
) -> str:
    """File a request for an establishment and return its reference; raises `InvalidRequest` with every fault.

    Locks the establishment until the end of the transaction, so that its filings are judged one after the other.
    """
    requests.hold_establishment(caller.connection, establishment.siret)
    filing, substance, faults = statement.filing, statement.substance, [*statement.faults]
    if substance is not None:
        substance = substance.model_copy(update={"law_on": context.law_on(substance.law_on)})
        faults += _substance_faults(caller, substance, establishment, reception)
    if faults or filing is None or substance is None:
        raise InvalidRequest(
            each.model_copy(update={"pointer": reception.pointer_prefix + each.pointer}) for each in faults
        )
    filing = filing.model_copy(update={"law_on": substance.law_on})
    return _write(context, caller, filing, establishment, reception)


def own_establishment(caller: Caller, siret: object) -> Establishment:
    """Return the establishment of a SIRET among the caller's, or the only one; raises `InvalidRequest`."""
    own = {each.siret: each for each in caller.establishments()}
    if siret is None and len(own) == 1:
        return next(iter(own.values()))
    if siret is None:
        message = "Votre compte couvre plusieurs établissements ou aucun : indiquez le SIRET."
        raise fault("/siret", "siret-needed", message)
    establishment = own.get("".join(str(siret).split()))
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


def _substance(body: Mapping[str, object]) -> Substance | None:
    try:
        return Substance.model_validate({name: body[name] for name in Substance.model_fields if name in body})
    except ValidationError:
        return None


def _substance_faults(
    caller: Caller, stated: Substance, establishment: Establishment, reception: Reception
) -> list[Fault]:
    facts = _facts(caller, stated, establishment, reception)
    faults = of_law(request_objections(facts))
    faults += _opinion_file_faults(caller, stated)
    overlapping = requests.find_overlapping(caller.connection, establishment.siret, stated)
    if overlapping and not any(each.pointer == "/period" for each in faults):
        message = f"La demande {overlapping}, de même motif, couvre déjà une partie de cette période."
        faults.append(Fault(pointer="/period", code="period-overlaps", message=message))
    return faults


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
        earlier=tuple(requests.list_earlier_periods(caller.connection, establishment.siret)),
        online=reception.online,
        law_on=stated.law_on,
    )


def _opinion_file_faults(caller: Caller, stated: Substance) -> Iterator[Fault]:
    match stated.works_council:
        case Opinion(file=file_id):
            yield from file_faults(caller, file_id, "/works_council/file")
        case DelegatesOpinion(delegates=given):
            yield from file_faults(caller, given.file, "/works_council/delegates/file")


def _write(context: Context, caller: Caller, filing: Filing, establishment: Establishment, reception: Reception) -> str:
    reference = requests.next_reference(caller.connection, establishment.siret)
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
    )
    requests.file(caller.connection, request, context.master, caller.actor)
    return reference


def _opinion_due_on(filing: Filing, establishment: Establishment, reception: Reception) -> date | None:
    received_on = local(reception.received_at, establishment.department).date()
    duty = opinion_duty(filing.ground, received_on, filing.headcount, law_on=filing.law_on)
    return duty.due_on if filing.works_council.form is OpinionForm.PENDING else None
