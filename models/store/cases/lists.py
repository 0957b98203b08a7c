"""Lists of requests for agents and employers: running ones first, nearest deadline first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, func, select, text

from models.identifiers import Instant
from models.labels import Outcome
from models.store.paging import Order, Position
from models.store.records import Record
from models.store.schema.cases import LIST_ORDER, account, establishment, request


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
    received_at: Instant
    tacit_acceptance_at: Instant | None
    seconds_left: float | None
    signals: tuple[str, ...]
    assigned_to: str | None
    """Id of the account in charge of the request."""
    assigned_name: str | None

    @property
    def cursor(self) -> str:
        """Cursor of the page that follows this row."""
        return Position(self.outcome is not None, self.tacit_acceptance_at, self.reference).cursor


LEFT = text(
    "CASE WHEN request.outcome IS NULL AND request.deadline_at IS NOT NULL THEN greatest(0, extract(epoch FROM"
    " request.deadline_at - clock_timestamp() - request.clock_offset))::double precision END AS seconds_left"
)


def list_for_agent(
    connection: Connection,
    departments: tuple[str, ...],
    *,
    status: str | None = None,
    before: datetime | None = None,
    assigned_to: Sequence[str] = (),
    after: str | None = None,
) -> list[ListedRequest]:
    """Return the next requests of some départements, running ones first; `after` is the last row's cursor."""
    query = _rows().where(request.c.department.in_(departments))
    if status:
        query = query.where(request.c.status == status)
    if before:
        query = query.where(request.c.deadline_at < before)
    if assigned_to:
        query = query.where(request.c.assigned_to.in_(assigned_to))
    return _page(connection, query, after)


def list_for_employer(
    connection: Connection, sirets: list[str], *, status: str | None = None, after: str | None = None
) -> list[ListedRequest]:
    """Return the next requests of an employer's establishments, running ones first."""
    query = _rows().where(request.c.siret.in_(sirets))
    if status:
        query = query.where(request.c.status == status)
    return _page(connection, query, after)


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
            request.c.received_at,
            request.c.deadline_at.label("tacit_acceptance_at"),
            LEFT,
            request.c.signals,
            request.c.assigned_to,
            account.c.name.label("assigned_name"),
        )
        .join(establishment, establishment.c.siret == request.c.siret)
        .outerjoin(account, account.c.id == request.c.assigned_to)
    )


def _page(connection: Connection, query: Select[tuple[object, ...]], after: str | None) -> list[ListedRequest]:
    return ListedRequest.all(connection, Order(*LIST_ORDER, request.c.reference).page(query, after))
