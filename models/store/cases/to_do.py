"""What waits for an employer in its cases: pieces to supply, an opinion to send, messages to read."""

from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Date, Select, and_, cast, func, literal, null, or_, select, union_all

from models.labels import Outcome
from models.store.people.parties import may_read
from models.store.records import Record
from models.store.schema.cases import completion, establishment, opinion, request
from models.store.schema.messages import message

Kind = Literal["pieces", "opinion", "message"]
MAX_ROWS = 1_000
"""Beyond what anybody does in one sitting: what comes after is seen as the first are done."""


class ToDo(Record):
    """One thing that waits for an employer; `due_on` is its last day, None for a message, which has none."""

    kind: Kind
    reference: str
    siret: str
    name: str
    department: str
    due_on: date | None


def list_of_employer(connection: Connection, reader_id: str, sirets: list[str]) -> list[ToDo]:
    """Return what waits in the requests of some establishments that a reader may see, the nearest last day first."""
    mine = and_(request.c.siret.in_(sirets), may_read(request.c.siret, request.c.party, reader_id))
    waiting = union_all(_pieces().where(mine), _opinions().where(mine), _messages().where(mine)).subquery()
    order = (waiting.c.due_on.nulls_last(), waiting.c.reference, waiting.c.kind)
    return ToDo.all(connection, select(waiting).order_by(*order).limit(MAX_ROWS)) if sirets else []


def _pieces() -> Select[tuple[object, ...]]:
    asked = _rows("pieces", completion.c.due_on).join(completion, completion.c.reference == request.c.reference)
    return asked.where(completion.c.state == "notified", request.c.outcome.is_(None))


def _opinions() -> Select[tuple[object, ...]]:
    later = opinion.alias()
    latest = select(func.max(later.c.version)).where(later.c.reference == request.c.reference).scalar_subquery()
    useless = request.c.outcome.in_([Outcome.REFUSED.value, Outcome.DESISTED.value])
    awaited = _rows("opinion", opinion.c.due_on).join(opinion, opinion.c.reference == request.c.reference)
    awaited = awaited.where(opinion.c.version == latest, opinion.c.form == "pending", request.c.closed_at.is_(None))
    return awaited.where(or_(request.c.outcome.is_(None), ~useless))


def _messages() -> Select[tuple[object, ...]]:
    unread = select(message.c.id).where(
        message.c.reference == request.c.reference, message.c.side == "agent", message.c.read_at.is_(None)
    )
    return _rows("message", cast(null(), Date)).where(unread.exists(), request.c.closed_at.is_(None))


def _rows(kind: Kind, due_on: ColumnElement[date | None]) -> Select[tuple[object, ...]]:
    columns = (request.c.reference, request.c.siret, establishment.c.name, request.c.department)
    rows = select(literal(kind).label("kind"), *columns, due_on.label("due_on"))
    return rows.join(establishment, establishment.c.siret == request.c.siret)
