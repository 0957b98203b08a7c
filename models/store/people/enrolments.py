"""Requests to enrol an establishment: several may be open at once, each with its own code, process and delay."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Select, func, select, text, update

from models.engine.names import enrolment_id
from models.errors import Unknown
from models.identifiers import UUID, Instant
from models.messages.enrolment import Enrolment, EnrolmentState, Listed
from models.store.people.parties import together
from models.store.records import Record
from models.store.schema.enrolments import enrolment


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
    runs_by_siret: bool
    mailed_from: Instant | None
    activated_by: str | None

    @property
    def process_subject(self) -> str:
        """What its process is named after: its id, or the SIRET in earlier releases."""
        return self.siret if self.runs_by_siret else self.id

    @property
    def process(self) -> str:
        """Workflow id of its process."""
        return enrolment_id(self.process_subject)

    @property
    def author(self) -> str:
        """The person who enrolled, as documents print it: name and quality."""
        return f"{self.person}, {self.quality}"


COLUMNS = tuple(enrolment.c[name] for name in EnrolmentRecord.model_fields)
CLOCK = func.clock_timestamp()
EXPECTED_RUNS: Final = (
    "SELECT CASE WHEN runs_by_siret THEN siret ELSE id::text END AS subject,"
    " status = 'open' AS is_open, 'enrolling' AS status, NULL::text AS outcome,"
    " coalesce(expires_at, due_at) AS deadline_at, false AS counts_down, coalesce(sent_at, alerted_at) IS NULL"
    " AND alert_at < clock_timestamp() + clock_offset - interval '1 minute' AS late"
    " FROM enrolment WHERE status <> 'redundant'"
)
"""Enrolments that must have a live process, as `operations.expected_processes` reads them."""


def hold(connection: Connection, siret: str) -> None:
    """Lock the enrolments of an establishment until the end of the transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:e))"), {"e": enrolment_id(siret)})


def hold_process(connection: Connection, subject: str) -> None:
    """Lock the enrolments of the establishment that a process is about; raises `Unknown`."""
    hold(connection, get_of_process(connection, subject).siret)


def now(connection: Connection, enrolment_uuid: str) -> datetime:
    """Time of an enrolment: the database's clock plus its offset (zero outside development)."""
    at: datetime = connection.execute(text("SELECT enrolment_now(:e)"), {"e": enrolment_uuid}).scalar_one()
    return at


def get(connection: Connection, enrolment_uuid: str) -> EnrolmentRecord:
    """Return a request to enrol; raises `Unknown`."""
    return _first(connection, enrolment_uuid, select(*COLUMNS).where(enrolment.c.id == enrolment_uuid))


def get_of_process(connection: Connection, subject: str) -> EnrolmentRecord:
    """Return the enrolment of a process, named after its id or, in earlier releases, its SIRET; raises `Unknown`."""
    if UUID.fullmatch(subject):
        return get(connection, subject)
    mine = (enrolment.c.siret == subject, enrolment.c.runs_by_siret, enrolment.c.status != "redundant")
    query = select(*COLUMNS).where(*mine).order_by(enrolment.c.id.desc()).limit(1)
    return _first(connection, subject, query)


def get_last(connection: Connection, siret: str) -> EnrolmentRecord:
    """Return the newest open request to enrol an establishment, else the newest one; raises `Unknown`."""
    mine = (enrolment.c.siret == siret, enrolment.c.status != "redundant")
    order = ((enrolment.c.status == "open").desc(), enrolment.c.id.desc())
    return _first(connection, siret, select(*COLUMNS).where(*mine).order_by(*order).limit(1))


def _first(connection: Connection, about: str, query: Select[tuple[object, ...]]) -> EnrolmentRecord:
    record = EnrolmentRecord.first(connection, query)
    if record is None:
        raise Unknown(about)
    return record


def find_open(connection: Connection, siret: str, email: str, pause: timedelta) -> EnrolmentRecord | None:
    """Return the newest open enrolment of a mailbox, unless its credentials were requested within the pause."""
    mine = (enrolment.c.siret == siret, enrolment.c.status == "open", func.lower(enrolment.c.email) == email.lower())
    query = select(*COLUMNS).where(*mine, enrolment.c.asked_at <= CLOCK - pause)
    return EnrolmentRecord.first(connection, query.order_by(enrolment.c.id.desc()).limit(1))


def find_by_account(connection: Connection, account_id: str) -> EnrolmentRecord | None:
    """Return the enrolment that created an account, or None."""
    return EnrolmentRecord.first(connection, select(*COLUMNS).where(enrolment.c.account_id == account_id).limit(1))


def get_message(connection: Connection, subject: str) -> Enrolment:
    """Build the input of the process of an enrolment; raises `Unknown`."""
    record = get_of_process(connection, subject)
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


def store_receipt(
    connection: Connection,
    enrolment_uuid: str,
    sealed: bytes,
    sha256: str,
    at: datetime,
    *,
    serial: str | None = None,
    code_digest: bytes | None = None,
) -> bool:
    """Store the sealed receipt of an enrolment; False, changing nothing, when it has one already.

    `serial` is the number that it bears, `code_digest` the digest of the code that it prints.
    """
    printed = {"receipt_serial": serial, "receipt_code": code_digest}
    values = {"receipt": sealed, "receipt_sha256": sha256, "sealed_at": at} | printed
    mine = (enrolment.c.id == enrolment_uuid, enrolment.c.receipt.is_(None))
    row = update(enrolment).where(*mine).values(values).returning(enrolment.c.id)
    return connection.execute(row).first() is not None


def find_activated(connection: Connection, siret: str, reader_id: str) -> str | None:
    """Return the enrolment under which a member's party enrolled itself, rather than being added by an operator."""
    mine = (enrolment.c.siret == siret, enrolment.c.status == "activated")
    query = select(enrolment.c.id).where(*mine, together(enrolment.c.siret, enrolment.c.activated_by, reader_id))
    activated: str | None = connection.execute(query.order_by(enrolment.c.id.desc()).limit(1)).scalar()
    return activated


def was_activated_since(connection: Connection, record: EnrolmentRecord) -> bool:
    """Whether another enrolment of the establishment was activated after this one was requested."""
    others = (enrolment.c.siret == record.siret, enrolment.c.id != record.id, enrolment.c.status == "activated")
    query = select(enrolment.c.id).where(*others, enrolment.c.ended_at >= record.requested_at)
    return connection.execute(query.limit(1)).first() is not None


def read_receipt(connection: Connection, enrolment_uuid: str) -> bytes | None:
    """Return the sealed receipt of an enrolment, or None while it has none."""
    query = select(enrolment.c.receipt).where(enrolment.c.id == enrolment_uuid)
    receipt: bytes | None = connection.execute(query).scalar()
    return receipt


def find_holder(connection: Connection, sha256: str) -> str | None:
    """Return the SIRET of the enrolment whose receipt has this digest, or None."""
    query = select(enrolment.c.siret).where(enrolment.c.receipt_sha256 == sha256)
    siret: str | None = connection.execute(query).scalar()
    return siret


def advance(connection: Connection, subject: str, by: timedelta) -> None:
    """Raise the clock offset of the enrolment of a process (development profile only)."""
    change(connection, get_of_process(connection, subject).id, clock_offset=enrolment.c.clock_offset + by)


def requested_now(connection: Connection) -> datetime:
    """Instant of a request to enrol: the database's clock, to the second."""
    at: datetime = connection.execute(select(func.date_trunc("second", func.clock_timestamp()))).scalar_one()
    return at
