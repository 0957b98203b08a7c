"""Drafts: opened within a filing window, completed step by step, then filed under a reference or lapsed."""

import json
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Text, cast, select, update

from law.window import FilingWindow
from models.bodies.filing import DraftBody
from models.engine.keys import MasterKey
from models.engine.names import draft_id
from models.errors import Conflict, Unknown
from models.identifiers import Instant
from models.labels import DraftStatus
from models.messages.draft import Draft, DraftEnd
from models.store.cases.searches import Search, named
from models.store.database import draft_now
from models.store.journal import events, keys, outbox
from models.store.journal.events import Actor
from models.store.paging import Order, Position
from models.store.people import notices, parties
from models.store.people.parties import may_read
from models.store.records import Record
from models.store.schema.cases import draft, establishment


class DraftRecord(Record):
    """A draft and its filing window; `body` is empty once the draft is filed, has lapsed or is deleted."""

    id: str
    account_id: str
    party: str | None
    siret: str
    department: str
    ground: str
    placement_on: date
    body: dict[str, object]
    law_on: date | None
    closes_at: Instant
    accepted_until: Instant
    status: DraftStatus
    reference: str | None

    @property
    def cursor(self) -> str:
        """Cursor of the page that follows this row."""
        return Position(self.status is not DraftStatus.DRAFT, self.accepted_until, self.id).cursor


def open_draft(
    connection: Connection,
    body: DraftBody,
    window: FilingWindow,
    *,
    account_id: str,
    siret: str,
    department: str,
    master: MasterKey,
    actor: Actor,
) -> str:
    """Open a draft for the party that its account acts for; returns its id (UUIDv7)."""
    row = body.model_dump(include={"ground", "placement_on", "law_on"}) | {
        "account_id": account_id,
        "siret": siret,
        "department": department,
        "party": parties.acting_for(connection, siret, account_id) or account_id,
        "closes_at": window.closes_at,
        "accepted_until": window.accepted_until,
    }
    created: str = connection.execute(draft.insert().values(row).returning(draft.c.id)).scalar_one()
    keys.create(connection, draft_id(created), master)
    events.append(connection, created, "draft_opened", draft_now(connection, created), actor)
    outbox.enqueue(connection, draft_id(created), "start")
    return created


def get(connection: Connection, draft_uuid: str, *, hold: bool = False) -> DraftRecord:
    """Return a draft, locked until the end of the transaction if `hold`; raises `Unknown`."""
    query = select(draft).where(draft.c.id == draft_uuid)
    row = connection.execute(query.with_for_update() if hold else query).mappings().first()
    if row is None:
        raise Unknown(draft_uuid)
    return DraftRecord.of(row)


def list_of_employer(connection: Connection, reader_id: str, sirets: list[str], search: Search) -> list[DraftRecord]:
    """Return the next drafts of an employer's establishments that are its party's, nearest limit first."""
    query = select(draft).where(draft.c.siret.in_(sirets), draft.c.status == search.status)
    query = query.where(may_read(draft.c.siret, draft.c.party, reader_id))
    if search.siret:
        query = query.where(draft.c.siret == search.siret)
    if search.words:
        query = query.where(draft.c.siret.in_(select(establishment.c.siret).where(named(search.words))))
    order = Order(draft.c.status != DraftStatus.DRAFT, draft.c.accepted_until, cast(draft.c.id, Text))
    return DraftRecord.all(connection, order.page(query, search.after, search.limit))


def get_open_for_update(connection: Connection, draft_uuid: str) -> DraftRecord:
    """Return an open draft, locked; raises `Unknown`, or `Conflict` if it was filed or has lapsed."""
    record = get(connection, draft_uuid, hold=True)
    if record.status is DraftStatus.FILED:
        raise Conflict("draft-ended", f"Ce brouillon a été déposé sous la référence {record.reference}.")
    if record.status is DraftStatus.LAPSED:
        raise Conflict("draft-ended", "Ce brouillon est caduc : le délai de dépôt est passé.")
    if record.status is DraftStatus.DELETED:
        raise Unknown(draft_uuid)
    return record


def change(connection: Connection, draft_uuid: str, body: dict[str, object], window: FilingWindow | None) -> None:
    """Store the new body of a draft, and its window when the ground or placement changed."""
    values: dict[str, object] = {"body": json.loads(json.dumps(body, default=str))}
    if window is not None:
        values |= {"closes_at": window.closes_at, "accepted_until": window.accepted_until}
    for name in ("ground", "placement_on"):
        if name in body:
            values[name] = body[name]
    connection.execute(update(draft).where(draft.c.id == draft_uuid).values(values))
    if window is not None:
        outbox.enqueue(connection, draft_id(draft_uuid), "complete")


def file(connection: Connection, draft_uuid: str, reference: str, at: datetime, actor: Actor) -> None:
    """Mark a draft as filed under a reference, empty it (the request holds its content) and wake its process."""
    filed = {"status": DraftStatus.FILED, "reference": reference, "body": {}}
    connection.execute(update(draft).where(draft.c.id == draft_uuid).values(filed))
    events.append(connection, draft_uuid, "draft_filed", at, actor, reference=reference)
    outbox.enqueue(connection, draft_id(draft_uuid), "complete")


def delete(connection: Connection, draft_uuid: str, actor: Actor) -> None:
    """Delete an open draft at its employer’s request: empty it, and wake its process, which ends."""
    at = draft_now(connection, draft_uuid)
    deleted = {"status": DraftStatus.DELETED, "body": {}}
    connection.execute(update(draft).where(draft.c.id == draft_uuid).values(deleted))
    events.append(connection, draft_uuid, "draft_deleted", at, actor)
    outbox.enqueue(connection, draft_id(draft_uuid), "complete")


def get_draft_message(connection: Connection, draft_uuid: str) -> Draft:
    """Build the input of a draft's process."""
    record = get(connection, draft_uuid)
    return Draft(
        id=record.id,
        department=record.department,
        closes_at=record.closes_at,
        accepted_until=record.accepted_until,
    )


def lapse(connection: Connection, draft_uuid: str) -> DraftEnd:
    """Let a draft lapse, and empty it, if its window has closed by the register's clock; return its state."""
    record = get(connection, draft_uuid, hold=True)
    at = draft_now(connection, draft_uuid)
    if record.status is DraftStatus.DRAFT and record.accepted_until <= at:
        connection.execute(update(draft).where(draft.c.id == draft_uuid).values(status=DraftStatus.LAPSED, body={}))
        events.append(connection, draft_uuid, "draft_lapsed", record.accepted_until, recorded_at=at)
        notices.announce(connection, draft_id(draft_uuid), "draft_lapsed", "lapsed", record.account_id)
        return end(record, DraftStatus.LAPSED, at)
    return end(record, record.status, at)


def end(record: DraftRecord, status: DraftStatus, at: datetime) -> DraftEnd:
    """Return the state of a draft at an instant."""
    left = max((record.accepted_until - at).total_seconds(), 0)
    return DraftEnd(status=status, reference=record.reference, accepted_until=record.accepted_until, seconds_left=left)


def advance(connection: Connection, draft_uuid: str, by: timedelta) -> None:
    """Raise a draft's clock offset (development profile only)."""
    connection.execute(update(draft).where(draft.c.id == draft_uuid).values(clock_offset=draft.c.clock_offset + by))


def offset(connection: Connection, draft_uuid: str) -> timedelta:
    """Return a draft's clock offset: the request filed from it inherits it."""
    stored: timedelta = connection.execute(select(draft.c.clock_offset).where(draft.c.id == draft_uuid)).scalar_one()
    return stored
