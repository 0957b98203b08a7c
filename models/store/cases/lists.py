"""Lists of requests for agents and employers: running ones first, nearest deadline first."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select, text

from law.calendar import midnight
from models.identifiers import Instant
from models.labels import CaseEvent, Outcome
from models.store.cases.authority_holds import FILED_WITH_AUTHORITY
from models.store.cases.searches import Search, narrowed
from models.store.paging import Order, Position
from models.store.people.parties import may_read
from models.store.records import Record
from models.store.schema.cases import LIST_ORDER, account, decision, establishment, request


class ListedRequest(Record):
    """One row of a list; `seconds_left` is None while the clock is stopped or once the request has its outcome."""

    reference: str
    siret: str
    name: str
    department: str
    ground: str
    employees: int
    hours: str
    status: str
    outcome: Outcome | None
    partial: bool
    """Whether less was granted than was asked for."""
    received_at: Instant
    tacit_acceptance_at: Instant | None
    seconds_left: float | None
    signals: tuple[str, ...]
    assigned_to: str | None
    """Id of the account in charge of the request."""
    assigned_name: str | None

    def position(self, sort: "Sort") -> Position:
        """Return the position of this row in an order."""
        if sort is Sort.DEADLINE:
            return Position(self.outcome is not None, self.tacit_acceptance_at, self.reference)
        return Position(self.outcome is not None, self.received_at, self.reference)


UNPROVEN: Final = "Habilitation non prouvée : rien n’est transmis à l’ASP, compte bancaire non vérifié."
"""Signal of a request whose filer has not proven an authority; it disappears once proven."""
LEFT = text(
    "CASE WHEN request.outcome IS NULL AND request.deadline_at IS NOT NULL THEN greatest(0, extract(epoch FROM"
    " request.deadline_at - clock_timestamp() - request.clock_offset))::double precision END AS seconds_left"
)


_PARTIAL = (
    select(decision.c.id)
    .where(decision.c.reference == request.c.reference, decision.c.state == "notified", decision.c.partial)
    .exists()
)
_SIGNALS = text(
    f"CASE WHEN {FILED_WITH_AUTHORITY} THEN request.signals ELSE request.signals || to_jsonb(CAST(:unproven AS text))"
    " END AS signals"
).bindparams(unproven=UNPROVEN)


class Sort(StrEnum):
    """The order of a desk."""

    DEADLINE = "deadline"
    """Running requests before ended ones, the nearest deadline first."""
    RECEIVED = "received_at"
    NEWEST = "-received_at"


class ListPage(NamedTuple):
    """A page of a list, and the cursor of the following one."""

    rows: list[ListedRequest]
    next: str | None


def list_for_agent(
    connection: Connection,
    departments: tuple[str, ...],
    search: Search,
    *,
    before: datetime | None = None,
    until_on: date | None = None,
    assigned_to: Sequence[str] = (),
    unassigned: bool = False,
    sort: Sort = Sort.DEADLINE,
) -> ListPage:
    """Return the next requests of some départements."""
    query = narrowed(_rows().where(request.c.department.in_(departments)), search)
    if before:
        query = query.where(request.c.deadline_at < before)
    if until_on:
        query = query.where(_ends_by(until_on, departments))
    if assigned_to:
        query = query.where(request.c.assigned_to.in_(assigned_to))
    if unassigned:
        query = query.where(request.c.assigned_to.is_(None))
    return _page(connection, query, search, sort)


def _ends_by(day: date, departments: Sequence[str]) -> ColumnElement[bool]:
    """Whether the last moment to notify a decision is on this local day or before it."""
    last: defaultdict[datetime, list[str]] = defaultdict(list)
    for code in departments:
        last[midnight(day + timedelta(days=1), code)].append(code)
    ends = (and_(request.c.department.in_(codes), request.c.deadline_at <= at) for at, codes in last.items())
    return or_(false(), *ends)


def list_for_employer(connection: Connection, reader_id: str, sirets: list[str], search: Search) -> ListPage:
    """Return the next requests of an employer's establishments that are its party's, running ones first."""
    query = _rows().where(request.c.siret.in_(sirets), may_read(request.c.siret, request.c.party, reader_id))
    return _page(connection, narrowed(query, search, shown=tuple(CaseEvent)), search, Sort.DEADLINE)


def seconds_left(connection: Connection, reference: str) -> float | None:
    """Return the seconds left before silence, by the case's clock; None when it is stopped or has ended."""
    left: float | None = connection.execute(
        select(LEFT).select_from(request).where(request.c.reference == reference)
    ).scalar()
    return left


def _rows() -> Select[tuple[object, ...]]:
    return (
        select(
            request.c.reference,
            request.c.siret,
            establishment.c.name,
            request.c.department,
            request.c.ground,
            request.c.employees,
            func.to_char(request.c.hours, "FM9999999990.00").label("hours"),
            request.c.status,
            request.c.outcome,
            _PARTIAL.label("partial"),
            request.c.received_at,
            request.c.deadline_at.label("tacit_acceptance_at"),
            LEFT,
            _SIGNALS,
            request.c.assigned_to,
            account.c.name.label("assigned_name"),
        )
        .join(establishment, establishment.c.siret == request.c.siret)
        .outerjoin(account, account.c.id == request.c.assigned_to)
    )


_ORDERS: Final = {
    Sort.DEADLINE: Order(*LIST_ORDER, request.c.reference),
    Sort.RECEIVED: Order(None, request.c.received_at, request.c.reference),
    Sort.NEWEST: Order(None, request.c.received_at, request.c.reference, descending=True),
}


def _page(connection: Connection, query: Select[tuple[object, ...]], search: Search, sort: Sort) -> ListPage:
    rows = ListedRequest.all(connection, _ORDERS[sort].page(query, search.after, search.limit))
    return ListPage(rows, rows[-1].position(sort).cursor if len(rows) == search.limit else None)
