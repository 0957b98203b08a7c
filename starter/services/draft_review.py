"""A draft as its employer prepares it: what is stated, what is wrong, missing or odd, and until when it may be filed.

Nothing is written here. The law judges a draft that is not whole with harmless values in the place of what is missing,
and only what it says of the stated members is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pydantic import TypeAdapter, ValidationError

from law.calendar import local
from law.commitments import CommitmentsDuty, commitments_duty
from law.dated import BeforeFirstText
from law.grounds import Ground
from law.living import LivingRequest
from law.opinion import OpinionDuty, opinion_duty
from law.texts import Reason
from law.window import filing_window, window_objection
from models.bodies.filing import Substance
from models.identifiers import Day
from models.store.cases import drafts as stored_drafts
from models.store.cases import files, living, requests
from models.store.cases.files import StoredFile
from models.store.people import authorities
from models.store.people.accounts import Account, Establishment
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault
from starter.services import drafts, filing
from starter.services.drafts import DraftView
from starter.services.filing import Judgement, Reception, RequestStatement
from starter.services.filing_signals import Figures, Odd, odd_account, odd_figures

HARMLESS: Final[Mapping[str, object]] = {
    "perimeter": "full_closure",
    "headcount": 1,
    "employees": 1,
    "hours": "1",
    "works_council": {"not_required": "fewer_than_50"},
}
"""Values that stand for missing members when the law judges the others."""
_GROUND: Final[TypeAdapter[Ground]] = TypeAdapter(Ground)
_DAY: Final[TypeAdapter[date]] = TypeAdapter(Day)


@dataclass(frozen=True, slots=True)
class OwnEstablishment:
    """An establishment for which the reader may file, and whether its authority is proven."""

    establishment: Establishment
    proven: bool


@dataclass(frozen=True, slots=True)
class WindowReading:
    """Until when a request may be filed, by law and in practice, the present instant, and why it is too late if so."""

    closes_at: datetime
    accepted_until: datetime
    now: datetime
    why: tuple[Reason, ...]
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is needed to open a draft: for which establishments, and the window of what is stated so far."""

    reader: Account
    own: tuple[OwnEstablishment, ...]
    chosen: OwnEstablishment | None
    window: WindowReading | None


@dataclass(frozen=True, slots=True)
class DraftReading:
    """A draft with all that its employer must know before filing it."""

    reader: Account
    own: OwnEstablishment
    draft: DraftView
    window: WindowReading | None
    missing: tuple[str, ...]
    """Members still to be stated, commitments included when the law asks for them."""
    faults: tuple[Fault, ...]
    """What is wrong in the members that are stated, in form and in law."""
    odd: tuple[Odd, ...]
    """What is to be confirmed."""
    beside: tuple[LivingRequest, ...]
    """Living requests for some of the same days."""
    opinion: OpinionDuty | None
    """None before the headcount is stated."""
    commitments: CommitmentsDuty | None
    file: StoredFile | None
    """The opinion's file, if this account sent it."""


def read_opening(
    context: Context, credential: PresentedCredential, siret: str | None, stated: Mapping[str, str]
) -> Opening:
    """Return for which establishments a request may be prepared, and the window of a ground and placement."""
    with context.admit(credential, Verb.KEEP_DRAFT) as caller:
        own = _own_establishments(caller)
        named = [each for each in own if each.establishment.siret == siret] if siret else own
        chosen = named[0] if len(named) == 1 else None
        now = requests.received_now(caller.connection)
        law_on = context.law_on(None)
        window = chosen and _window(stated, chosen.establishment.department, now, law_on)
        return Opening(caller.account, own, chosen, window or None)


def read(
    context: Context, credential: PresentedCredential, draft_id: str, stated: Mapping[str, str] | None = None
) -> DraftReading:
    """Return a draft and what is wrong, missing or odd in it; `stated`: a ground and placement not saved yet.

    Raises `Unknown`. A draft that is filed or has lapsed is empty.
    """
    with context.admit(credential, Verb.READ_DRAFT) as caller:
        record, establishment = drafts.own_draft(caller, draft_id)
        content = drafts.stated_so_far(record)
        now = requests.received_now(caller.connection, stored_drafts.offset(caller.connection, record.id))
        received_on = local(now, establishment.department).date()
        law_on = context.law_on(record.law_on)
        form, missing = drafts.faults_and_missing(content)
        reception = Reception(caller.account.id, caller.account.name, now)
        judged = _judge(context, caller, content, establishment, reception)
        commitments = _commitments(caller, establishment.siret, received_on, law_on)
        due = commitments is not None and commitments.required and not content.get("commitments")
        return DraftReading(
            reader=caller.account,
            own=_proven(caller, establishment),
            draft=drafts.view(record),
            window=_window({**content, **(stated or {})}, establishment.department, now, law_on),
            missing=(*missing, "commitments") if due else missing,
            faults=(*form, *(each for each in judged.faults if _is_about(each, content))),
            odd=_odd(content, received_on),
            beside=judged.beside if "period" in content else (),
            opinion=_opinion(content, received_on, law_on),
            commitments=commitments,
            file=_file(caller, content),
        )


def _own_establishments(caller: Caller) -> tuple[OwnEstablishment, ...]:
    proven = authorities.list_proven(caller.connection, caller.account.id)
    return tuple(OwnEstablishment(each, each.siret in proven) for each in caller.establishments())


def _proven(caller: Caller, establishment: Establishment) -> OwnEstablishment:
    proven = authorities.is_proven(caller.connection, caller.account.id, establishment.siret)
    return OwnEstablishment(establishment, proven)


def _window(stated: Mapping[str, object], department: str, now: datetime, law_on: date | None) -> WindowReading | None:
    """Return the filing window of what is stated; None before its ground and placement are."""
    try:
        ground = _GROUND.validate_python(stated.get("ground"))
        placed_on = _DAY.validate_python(stated.get("placement_on"))
        window = filing_window(ground, placed_on, department, law_on=law_on)
        closed = window_objection(ground, placed_on, placed_on, department, now, law_on)
    except (ValidationError, BeforeFirstText):
        return None
    told = closed.message if closed and window.accepted_until <= now else ""
    return WindowReading(window.closes_at, window.accepted_until, local(now, department), window.why, told)


def _judge(
    context: Context,
    caller: Caller,
    content: Mapping[str, object],
    establishment: Establishment,
    reception: Reception,
) -> Judgement:
    """Judge what is stated, with harmless values for the rest."""
    placed_on = content.get("placement_on")
    whole = {**HARMLESS, "period": {"start_on": placed_on, "end_on": placed_on}, **content}
    try:
        substance = Substance.model_validate({name: whole[name] for name in Substance.model_fields if name in whole})
    except ValidationError:
        return Judgement(())
    return filing.judge(context, caller, RequestStatement(None, None, substance), establishment, reception)


def _is_about(fault: Fault, content: Mapping[str, object]) -> bool:
    """Whether a fault is about a member that is stated, or about the whole."""
    return not fault.pointer or fault.pointer.split("/")[1] in content


def _odd(content: Mapping[str, object], received_on: date) -> tuple[Odd, ...]:
    found: tuple[Odd, ...] = ()
    figures = {"period", "headcount", "employees", "hours"}
    if figures <= content.keys():
        try:
            stated = Substance.model_validate(
                {**HARMLESS, **{name: content[name] for name in (*figures, "ground") if name in content}}
            )
        except ValidationError:
            return ()
        found = odd_figures(Figures.of(stated), received_on)
    account = content.get("bank_account")
    iban = account.get("iban") if isinstance(account, dict) else None
    return (*found, *odd_account(iban)) if isinstance(iban, str) else found


def _opinion(content: Mapping[str, object], received_on: date, law_on: date | None) -> OpinionDuty | None:
    headcount = content.get("headcount")
    if not isinstance(headcount, int):
        return None
    try:
        return opinion_duty(_GROUND.validate_python(content.get("ground")), received_on, headcount, law_on)
    except BeforeFirstText:
        return None


def _commitments(caller: Caller, siret: str, received_on: date, law_on: date | None) -> CommitmentsDuty | None:
    earlier = living.list_earlier_periods(caller.connection, siret, caller.account.id)
    try:
        return commitments_duty(received_on, earlier, law_on)
    except BeforeFirstText:
        return None


def _file(caller: Caller, content: Mapping[str, object]) -> StoredFile | None:
    council = content.get("works_council")
    given = council.get("delegates", council) if isinstance(council, dict) else None
    cited = given.get("file") if isinstance(given, dict) else None
    return files.find(caller.connection, caller.account.id, cited) if isinstance(cited, str) else None
