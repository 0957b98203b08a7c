"""The desk of claims: those of some départements in one state, the first day of payment first; figures, no person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, literal, literal_column, not_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from law.amounts import CENT, of_cents
from law.calendar import local
from models.claim_labels import ClaimSignal, ClaimState
from models.errors import Unknown
from models.identifiers import Instant, find_uuid
from models.messages.claim import UNANSWERED
from models.store.cases.searches import Search, narrowed
from models.store.claims import case_signals
from models.store.paging import Position
from models.store.records import Record
from models.store.schema.cases import establishment, request
from models.store.schema.claims import claim, claim_person


class ListedClaim(Record):
    """One version of a claim on the desk."""

    id: str
    reference: str
    month: date
    part: int
    version: int
    siret: str
    name: str
    """Of the establishment."""
    department: str
    people: int
    hours: Decimal
    allowance_cents: int
    received_at: Instant
    due_on: date
    signals: tuple[ClaimSignal, ...]
    """Found by its controls; also that of its case, if it has any now."""
    case_signals: tuple[str, ...]
    """Sentences of the signals that its case has now."""
    state: ClaimState
    case_now: Instant

    @property
    def signals_digest(self) -> str:
        """What tells these signals from others (`models.store.claims.case_signals.digest`)."""
        return case_signals.digest(self.signals, self.case_signals)

    @property
    def days_late(self) -> int:
        """Days since its last day of payment, if nobody has answered it yet; otherwise 0."""
        if self.state not in UNANSWERED:
            return 0
        return max((local(self.case_now, self.department).date() - self.due_on).days, 0)

    @property
    def allowance(self) -> Decimal:
        """Allowance claimed, in euros."""
        return of_cents(self.allowance_cents)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSearch:
    """Which claims of the desk, and which page of it."""

    search: Search
    """Its status and ground are not used."""
    state: ClaimState = ClaimState.UNDER_REVIEW
    signals: bool | None = None
    """Only those with a signal, or only those without one."""


class ClaimPage(NamedTuple):
    """A page of the desk, and the cursor of the following one."""

    rows: list[ListedClaim]
    next: str | None


def list_for_agents(connection: Connection, departments: Sequence[str], wanted: ClaimSearch) -> ClaimPage:
    """Return the next claims of some départements; raises `Unknown` for a cursor of another list."""
    in_state = (claim.c.state == wanted.state, claim.c.version.is_not(None))
    query = narrowed(_ROWS.where(request.c.department.in_(departments), *in_state), wanted.search)
    if wanted.signals is not None:
        query = query.where(_SIGNALLED if wanted.signals else not_(_SIGNALLED))
    if wanted.search.after:
        query = query.where(_follows(wanted.search.after))
    ordered = query.order_by(claim.c.due_on, claim.c.id).limit(wanted.search.limit)
    rows = _with_case_signals(connection, ListedClaim.all(connection, ordered))
    return ClaimPage(rows, _cursor(rows[-1]) if len(rows) == wanted.search.limit else None)


def list_named(connection: Connection, departments: Sequence[str], claim_ids: Sequence[str]) -> list[ListedClaim]:
    """Return those of these claims that are in these départements, in whatever state, in the order of the desk."""
    query = _ROWS.where(request.c.department.in_(departments), claim.c.id.in_(claim_ids))
    ordered = query.where(claim.c.version.is_not(None)).order_by(claim.c.due_on, claim.c.id)
    return _with_case_signals(connection, ListedClaim.all(connection, ordered))


def _with_case_signals(connection: Connection, rows: Sequence[ListedClaim]) -> list[ListedClaim]:
    """Return rows with the signals that their cases have now, asked once for all of them."""
    found = case_signals.list_open_of(connection, {each.reference for each in rows})
    return [_with_case(each, tuple(found[each.reference])) for each in rows]


def _with_case(row: ListedClaim, sentences: tuple[str, ...]) -> ListedClaim:
    of_case = (ClaimSignal.CASE,) if sentences else ()
    own = (each for each in row.signals if each is not ClaimSignal.CASE)
    return row.model_copy(update={"signals": (*own, *of_case), "case_signals": sentences})


_SIGNALLED: Final[ColumnElement[bool]] = literal_column(f"({case_signals.SIGNALLED.format('claim')})")
_ROWS: Final[Select[tuple[object, ...]]] = (
    select(
        claim.c.id,
        claim.c.reference,
        claim.c.month,
        claim.c.part,
        claim.c.version,
        request.c.siret,
        establishment.c.name,
        request.c.department,
        claim.c.people,
        claim.c.hours,
        claim.c.allowance_cents,
        claim.c.received_at,
        claim.c.due_on,
        claim.c.signals,
        literal([], JSONB).label("case_signals"),
        claim.c.state,
        func.case_now(claim.c.reference).label("case_now"),
    )
    .join(request, request.c.reference == claim.c.reference)
    .join(establishment, establishment.c.siret == request.c.siret)
)


def _cursor(last: ListedClaim) -> str:
    return Position(False, datetime.combine(last.due_on, time(), UTC), last.id).cursor


def _follows(cursor: str) -> ColumnElement[bool]:
    last = Position.of(cursor)
    claim_id = find_uuid(last.key)
    if last.at is None or claim_id is None:
        raise Unknown(cursor)
    there = tuple_(literal(last.at.date()), literal(claim_id, claim.c.id.type))
    return tuple_(claim.c.due_on, claim.c.id) > there


class ClaimSum(Record):
    """People of one category in a claim: hours payable, money in cents, least and highest allowance of an hour."""

    category: str | None
    people: int
    hours: Decimal
    allowance_cents: int
    indemnity_cents: int
    least: Decimal | None
    most: Decimal | None


def sums(connection: Connection, claim_id: str) -> list[ClaimSum]:
    """Return what a claim adds up to, by category of its people; the hourly amounts are in euros, cents rounded."""
    hourly = func.round(claim_person.c.allowance_cents / func.nullif(claim_person.c.payable, 0) * CENT, 2)
    query = (
        select(
            claim_person.c.category,
            func.count().label("people"),
            func.sum(claim_person.c.payable).label("hours"),
            func.sum(claim_person.c.allowance_cents).label("allowance_cents"),
            func.sum(claim_person.c.indemnity_cents).label("indemnity_cents"),
            func.min(hourly).label("least"),
            func.max(hourly).label("most"),
        )
        .where(claim_person.c.claim_id == claim_id)
        .group_by(claim_person.c.category)
        .order_by(claim_person.c.category)
    )
    return ClaimSum.all(connection, query)
