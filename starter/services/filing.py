"""Filing: everything that is wrong is said at once; what is right enters the register in the caller's transaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import ValidationError

from law.calendar import local
from law.commitments import CommitmentKind
from law.opinion import OpinionForm, opinion_duty
from law.request import RequestFacts, request_objections
from law.silence import silence
from models.bodies.filing import DelegatesOpinion, Filing, Opinion, Substance
from models.store.cases import files, requests
from models.store.people.accounts import Establishment
from models.telemetry import trace_context
from starter.auth.caller import Caller
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest, of_law, of_shape


@dataclass(frozen=True, slots=True)
class Coming:
    """How a request comes: now or at a certain date, online or on paper, for whom, under whose name."""

    account_id: str
    author: str
    received_at: datetime
    online: bool = True
    clock_offset: timedelta = timedelta()
    under: str = ""
    """Where the request stands in the body that was sent."""


def file(
    context: Context, caller: Caller, body: Mapping[str, object], place: Establishment, coming: Coming
) -> str:
    """File a request for an establishment and return its reference; raises `InvalidRequest` with every fault.

    The establishment is held from here on: its filings come one after the other.
    """
    requests.hold_establishment(caller.connection, place.siret)
    filing, faults = _shape(body)
    substance = filing or _substance(body)
    if substance is not None:
        substance = substance.model_copy(update={"law_on": context.law_on(substance.law_on)})
        faults += _of_substance(caller, substance, place, coming)
    if faults or filing is None or substance is None:
        raise InvalidRequest(
            each.model_copy(update={"pointer": coming.under + each.pointer}) for each in faults
        )
    return _write(context, caller, filing.model_copy(update={"law_on": substance.law_on}), place, coming)


def establishment(caller: Caller, siret: object) -> Establishment:
    """Return the establishment of a SIRET among the caller's, or the only one; raises `InvalidRequest`."""
    mine = {place.siret: place for place in caller.establishments()}
    if siret is None and len(mine) == 1:
        return next(iter(mine.values()))
    if siret is None:
        message = "Votre compte couvre plusieurs établissements ou aucun : indiquez le SIRET."
        raise InvalidRequest([Fault(pointer="/siret", code="siret-needed", message=message)])
    found = mine.get("".join(str(siret).split()))
    if found is None:
        message = "Votre compte ne couvre aucun établissement de ce SIRET."
        raise InvalidRequest([Fault(pointer="/siret", code="establishment-unknown", message=message)])
    return found


def place_of(caller: Caller, body: Mapping[str, object]) -> Establishment:
    """Return the establishment that a body is filed for; raises `InvalidRequest` with whatever else is wrong in it."""
    try:
        return establishment(caller, body.get("siret"))
    except InvalidRequest as unplaced:
        faults = _shape(body)[1]
        own = () if any(each.pointer == "/siret" for each in faults) else unplaced.faults
        raise InvalidRequest([*own, *faults]) from unplaced


def _shape(body: Mapping[str, object]) -> tuple[Filing | None, list[Fault]]:
    try:
        return Filing.model_validate(body), []
    except ValidationError as wrong:
        return None, of_shape(wrong)


def _substance(body: Mapping[str, object]) -> Substance | None:
    """What the law judges may be whole while the rest is not: its refusals are then told with the rest."""
    try:
        return Substance.model_validate({name: body[name] for name in Substance.model_fields if name in body})
    except ValidationError:
        return None


def _of_substance(caller: Caller, stated: Substance, place: Establishment, coming: Coming) -> list[Fault]:
    facts = _facts(caller, stated, place, coming)
    faults = of_law(request_objections(facts))
    faults += _of_files(caller, stated)
    standing = requests.find_overlapping(caller.connection, place.siret, stated)
    if standing and not any(each.pointer == "/period" for each in faults):
        message = f"La demande {standing}, de même motif, couvre déjà une partie de cette période."
        faults.append(Fault(pointer="/period", code="period-overlaps", message=message))
    return faults


def _facts(caller: Caller, stated: Substance, place: Establishment, coming: Coming) -> RequestFacts:
    opinion = stated.works_council
    return RequestFacts(
        ground=stated.ground,
        perimeter=stated.perimeter,
        department=place.department,
        placement_on=stated.placed_on,
        start_on=stated.period.start_on,
        end_on=stated.period.end_on,
        received_at=coming.received_at,
        headcount=stated.headcount,
        employees=stated.employees,
        hours=stated.hours,
        opinion=opinion.form,
        opinion_given_on=opinion.given.given_on if opinion.given else None,
        commitments=tuple(CommitmentKind.of(each.kind) for each in stated.commitments),
        earlier=tuple(requests.list_earlier_periods(caller.connection, place.siret)),
        online=coming.online,
        law_on=stated.law_on,
    )


def _of_files(caller: Caller, stated: Substance) -> Iterator[Fault]:
    match stated.works_council:
        case Opinion(file=file_id):
            yield from unknown_file(caller, file_id, "/works_council/file")
        case DelegatesOpinion(delegates=given):
            yield from unknown_file(caller, given.file, "/works_council/delegates/file")


def unknown_file(caller: Caller, file_id: str, pointer: str) -> Iterator[Fault]:
    """Yield a fault unless this account sent the file."""
    if files.find(caller.connection, caller.account.id, file_id) is None:
        message = "Aucun fichier envoyé par votre compte ne porte cet identifiant."
        yield Fault(pointer=pointer, code="file-unknown", message=message)


def _write(context: Context, caller: Caller, filing: Filing, place: Establishment, coming: Coming) -> str:
    reference = requests.next_reference(caller.connection, place.siret)
    trace_context.about(reference)
    entry = requests.NewRequest(
        reference=reference,
        filing=filing,
        silence=silence(coming.received_at, place.department, law_on=filing.law_on),
        siret=place.siret,
        department=place.department,
        account_id=coming.account_id,
        author=coming.author,
        opinion_due_on=_opinion_due_on(filing, place, coming),
        online=coming.online,
        clock_offset=coming.clock_offset,
    )
    requests.file(caller.connection, entry, context.master, caller.actor)
    return reference


def _opinion_due_on(filing: Filing, place: Establishment, coming: Coming) -> date | None:
    received_on = local(coming.received_at, place.department).date()
    duty = opinion_duty(filing.ground, received_on, filing.headcount, law_on=filing.law_on)
    return duty.due_on if filing.works_council.form is OpinionForm.PENDING else None
