"""Requests to enrol: one open at a time for an establishment; others are stored as redundant, answered alike."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from law.enrolment import CredentialsDelay
from models.bodies.enrolment import EnrolmentBody
from models.engine.keys import MasterKey
from models.engine.names import announcement_id, enrolment_id
from models.errors import Unknown
from models.identifiers import Instant
from models.messages.enrolment import Enrolment, EnrolmentState, Listed
from models.store.journal import events, keys, outbox
from models.store.people import accounts, notices
from models.store.records import Record
from models.store.schema.enrolments import enrolment, terms
from models.terms import Terms


class EnrolmentRecord(Record):
    """A request to enrol, without its receipt."""

    id: str
    siret: str
    department: str
    name: str
    address: str
    person: str
    quality: str
    email: str
    account_id: str | None
    terms_version: str
    law_on: date | None
    status: str
    requested_at: Instant
    alert_at: Instant
    due_at: Instant
    version: int
    issued_at: Instant | None
    expires_at: Instant | None
    alerted_at: Instant | None
    breached_at: Instant | None
    sent_at: Instant | None
    listed: Listed | None
    receipt_sha256: str | None
    clock_offset: timedelta

    @property
    def author(self) -> str:
        """The person who enrolled, as documents print it: name and quality."""
        return f"{self.person}, {self.quality}"


COLUMNS = tuple(enrolment.c[name] for name in EnrolmentRecord.model_fields)
CLOCK = func.clock_timestamp()
EXPECTED_RUNS: Final = (
    "SELECT siret AS subject, status = 'open' AS is_open, 'enrolling' AS status, NULL::text AS outcome,"
    " coalesce(expires_at, due_at) AS deadline_at, false AS counts_down, coalesce(sent_at, alerted_at) IS NULL"
    " AND alert_at < clock_timestamp() + clock_offset - interval '1 minute' AS late"
    " FROM enrolment WHERE status <> 'redundant'"
)
"""Enrolments that must have a live process, as `operations.expected_processes` reads them."""


def hold(connection: Connection, siret: str) -> None:
    """Lock the enrolments of an establishment until the end of the transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:e))"), {"e": enrolment_id(siret)})


def now(connection: Connection, enrolment_uuid: str) -> datetime:
    """Time of an enrolment: the database's clock plus its offset (zero outside development)."""
    at: datetime = connection.execute(text("SELECT enrolment_now(:e)"), {"e": enrolment_uuid}).scalar_one()
    return at


def get(connection: Connection, enrolment_uuid: str) -> EnrolmentRecord:
    """Return a request to enrol; raises `Unknown`."""
    record = EnrolmentRecord.first(connection, select(*COLUMNS).where(enrolment.c.id == enrolment_uuid))
    if record is None:
        raise Unknown(enrolment_uuid)
    return record


def get_last(connection: Connection, siret: str) -> EnrolmentRecord:
    """Return the last request to enrol an establishment that was not redundant; raises `Unknown`."""
    mine = (enrolment.c.siret == siret, enrolment.c.status != "redundant")
    query = select(*COLUMNS).where(*mine).order_by(enrolment.c.id.desc()).limit(1)
    record = EnrolmentRecord.first(connection, query)
    if record is None:
        raise Unknown(siret)
    return record


def find_open(connection: Connection, siret: str, pause: timedelta) -> EnrolmentRecord | None:
    """Return the open enrolment of an establishment, unless its credentials were requested within the pause."""
    pause_over = enrolment.c.asked_at <= CLOCK - pause
    mine = (enrolment.c.siret == siret, enrolment.c.status == "open", pause_over)
    return EnrolmentRecord.first(connection, select(*COLUMNS).where(*mine))


def find_by_account(connection: Connection, account_id: str) -> EnrolmentRecord | None:
    """Return the enrolment that created an account, or None."""
    return EnrolmentRecord.first(connection, select(*COLUMNS).where(enrolment.c.account_id == account_id).limit(1))


def enrol(
    connection: Connection,
    body: EnrolmentBody,
    delay: CredentialsDelay,
    accepted: Terms,
    master: MasterKey,
    *,
    digest: bytes | None = None,
    law_on: date | None = None,
) -> EnrolmentRecord:
    """Store a request to enrol; a repeat with the same digest returns the first one.

    An establishment that is enrolled, or about to be, keeps its main contact, who is only notified.
    """
    hold(connection, body.siret)
    repeated = select(*COLUMNS).where(enrolment.c.request_digest == digest)
    if digest and (record := EnrolmentRecord.first(connection, repeated)):
        return record
    _store_terms(connection, accepted)
    contact = _contact(connection, body.siret)
    row = _stated(body) | {
        "request_digest": digest,
        "law_on": law_on,
        "requested_at": delay.requested_at,
        "alert_at": delay.alert_at,
        "due_at": delay.due_at,
        "status": "redundant" if contact else "open",
        "ended_at": delay.requested_at if contact else None,
        "account_id": None if contact else _account(connection, body),
    }
    created = connection.execute(enrolment.insert().values(row).returning(enrolment.c.id)).scalar_one()
    if contact:
        _notify_contact(connection, contact, body, delay.requested_at.date())
    else:
        process = enrolment_id(body.siret)
        keys.create(connection, process, master)
        digests = {"enrolment": created, "terms": accepted.sha256}
        events.append(connection, body.siret, "enrolment_requested", delay.requested_at, **digests)
        outbox.enqueue(connection, process, "start")
    return get(connection, created)


def _store_terms(connection: Connection, accepted: Terms) -> None:
    """Store the accepted text of the terms, once for all enrolments."""
    row = {
        "version": accepted.version,
        "sha256": accepted.sha256,
        "content": f"{accepted.title}\n{accepted.text}",
    }
    connection.execute(insert(terms).values(row).on_conflict_do_nothing())


def _notify_contact(connection: Connection, contact: str, body: EnrolmentBody, on: date) -> None:
    """Notify the main contact, at most once a day, so that repeated requests cannot flood their mailbox."""
    process = announcement_id(body.siret)
    if notices.announce(connection, process, "enrolment_again", f"again-{on.isoformat()}", contact):
        outbox.enqueue(connection, process, "announce")


def _contact(connection: Connection, siret: str) -> str | None:
    """Return the account enrolled for an establishment or about to be, or None."""
    filer = accounts.find_filer(connection, siret)
    if filer:
        return filer.id
    mine = (enrolment.c.siret == siret, enrolment.c.status == "open")
    account_id: str | None = connection.execute(select(enrolment.c.account_id).where(*mine)).scalar()
    return account_id


def _account(connection: Connection, body: EnrolmentBody) -> str:
    name = f"{body.person.name}, {body.person.quality}"
    return accounts.create(connection, "employer", name, body.email)


def _stated(body: EnrolmentBody) -> dict[str, object]:
    return {
        "siret": body.siret,
        "department": body.department,
        "name": body.name,
        "address": body.address,
        "person": body.person.name,
        "quality": body.person.quality,
        "email": body.email,
        "terms_version": body.terms.version,
    }


def get_message(connection: Connection, siret: str) -> Enrolment:
    """Build the input of the process of the last enrolment of an establishment; raises `Unknown`."""
    record = get_last(connection, siret)
    return Enrolment.model_validate(record.model_dump(include=set(Enrolment.model_fields)))


def get_state(connection: Connection, enrolment_uuid: str) -> EnrolmentState:
    """Return the state of an enrolment."""
    record = get(connection, enrolment_uuid)
    watched = record.alert_at if record.alerted_at is None else record.due_at
    return EnrolmentState.model_validate(
        record.model_dump(include={"id", "status", "listed", "sent_at", "issued_at", "expires_at"})
        | {
            "watch_at": None if record.sent_at or record.breached_at else watched,
            "now": now(connection, record.id),
        }
    )


def change(connection: Connection, enrolment_uuid: str, **values: object) -> None:
    """Update columns of an enrolment."""
    connection.execute(update(enrolment).where(enrolment.c.id == enrolment_uuid).values(values))


def store_receipt(connection: Connection, enrolment_uuid: str, sealed: bytes, sha256: str, at: datetime) -> bool:
    """Store the sealed receipt of an enrolment; False, changing nothing, when it has one already."""
    values = {"receipt": sealed, "receipt_sha256": sha256, "sealed_at": at}
    mine = (enrolment.c.id == enrolment_uuid, enrolment.c.receipt.is_(None))
    row = update(enrolment).where(*mine).values(values).returning(enrolment.c.id)
    return connection.execute(row).first() is not None


def was_activated(connection: Connection, siret: str) -> bool:
    """Whether an establishment enrolled itself, rather than being added by an operator."""
    mine = exists().where(enrolment.c.siret == siret, enrolment.c.status == "activated")
    return bool(connection.execute(select(mine)).scalar())


def find_receipt(connection: Connection, siret: str) -> bytes | None:
    """Return the sealed receipt of the activated enrolment of an establishment, or None."""
    mine = (enrolment.c.siret == siret, enrolment.c.status == "activated")
    receipt: bytes | None = connection.execute(
        select(enrolment.c.receipt).where(*mine).order_by(enrolment.c.id.desc()).limit(1)
    ).scalar()
    return receipt


def find_holder(connection: Connection, sha256: str) -> str | None:
    """Return the SIRET of the enrolment whose receipt has this digest, or None."""
    query = select(enrolment.c.siret).where(enrolment.c.receipt_sha256 == sha256)
    siret: str | None = connection.execute(query).scalar()
    return siret


def advance(connection: Connection, siret: str, by: timedelta) -> None:
    """Raise the clock offset of the last enrolment of an establishment (development profile only)."""
    change(connection, get_last(connection, siret).id, clock_offset=enrolment.c.clock_offset + by)


def requested_now(connection: Connection) -> datetime:
    """Instant of a request to enrol: the database's clock, to the second."""
    at: datetime = connection.execute(select(func.date_trunc("second", func.clock_timestamp()))).scalar_one()
    return at
