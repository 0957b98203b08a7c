"""Rows of a file of a claim as records, and how they are read; its bytes are read by the act alone."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, bindparam, distinct, func, select

from law.rates import Sector
from models.claim_files.discretion import is_as_written
from models.claim_files.faults import OF_CODES, Fault, FaultCode
from models.claim_files.fields import Field
from models.claim_files.verdict import HeaderShape
from models.claim_labels import UploadState
from models.errors import Unknown
from models.identifiers import Instant
from models.store.cases import requests
from models.store.records import Record
from models.store.schema.uploads import upload, upload_error

UNREAD: Final = (UploadState.RECEIVED, UploadState.READING)
"""States of a file that an act is to read, or reads."""
OVER: Final = (UploadState.SUBMITTED, UploadState.EXPIRED)
"""States in which nothing of a file is kept."""

DSN_RUBRICS: Final = "S21.G00."
"""Begins what stands for the columns of a DSN."""
STATUS_OF_FILES: Final = "upload"
"""Status that the engine shows of every file; its state changes too often to be shown there."""
EXPECTED_UPLOADS: Final = (
    "SELECT id::text AS subject, state NOT IN ('submitted', 'expired') AS is_open, 'upload' AS status,"
    " NULL::text AS outcome, NULL::timestamptz AS deadline_at, false AS counts_down, false AS late FROM upload"
)
"""Select of the files that must have a live process (see `models.store.operations.expected_processes`)."""


class UploadRecord(Record):
    """A file of a claim, without its bytes; people, hours and cents are None until it is read."""

    id: str
    reference: str
    account_id: str
    month: date
    part: int
    state: UploadState
    structural: bool
    sector: Sector
    holidays_worked: bool | None
    size: int
    profile: str | None
    profile_version: int | None
    lines: int
    read: int
    errors: int
    warnings: int
    people: int | None
    hours: Decimal | None
    allowance_cents: int | None
    headers: tuple[HeaderShape, ...]
    """Columns that were not read."""
    warned: dict[str, str] | None
    """What agents are told of its warnings (`models.claim_files.line_warnings`); None for one read before."""
    refusal: str | None
    """French: why the file is refused whole."""
    claim_id: str | None
    """Its lines, staged; None for one with errors, and for a DSN."""
    received_at: Instant
    expires_at: Instant


class UploadFault(Record):
    """An error or a warning of a file; what was read is masked, and left out where it names a person."""

    line: int
    column: str
    code: FaultCode
    shown: str
    detail: str

    @property
    def fault(self) -> Fault:
        """The fault with its sentence and what to do."""
        return Fault(self.code, self.line, self.column, self.shown, self.detail)


class UnknownCode(Record):
    """A value of a category or a mode that nothing explains yet: where it stands, and on how many lines."""

    code: FaultCode
    column: str
    shown: str
    lines: int
    first_line: int

    @property
    def field(self) -> Field:
        """What it states."""
        return OF_CODES[self.code]

    @property
    def as_written(self) -> bool:
        """Whether `shown` is the value of the file, not its kind alone: only then a profile can be made of it."""
        return is_as_written(self.shown)


def get(connection: Connection, upload_id: str) -> UploadRecord:
    """Return a file; raises `Unknown`."""
    return _require(UploadRecord.first(connection, _UPLOAD, {"of": upload_id}), upload_id)


def hold(connection: Connection, upload_id: str) -> UploadRecord:
    """Return a file, locked after its request until the end of the transaction; raises `Unknown`.

    Whoever changes its row twice comes to the request, as the database looks for it again.
    """
    requests.keep(connection, get(connection, upload_id).reference)
    return _require(UploadRecord.first(connection, _UPLOAD.with_for_update(), {"of": upload_id}), upload_id)


def _require(found: UploadRecord | None, upload_id: str) -> UploadRecord:
    if found is None:
        raise Unknown(upload_id)
    return found


def find_of(connection: Connection, reference: str, month: date, upload_id: str) -> UploadRecord:
    """Return a file of an authorization and a month; raises `Unknown` for that of another."""
    found = get(connection, upload_id)
    if (found.reference, found.month) != (reference, month):
        raise Unknown(upload_id)
    return found


def find_reception(connection: Connection, claim_id: str) -> datetime | None:
    """Return when the whole file of a staged claim had arrived; None of a claim that came as lines."""
    found: datetime | None = connection.execute(_RECEPTION, {"claim": claim_id}).scalar()
    return found


def list_faults(
    connection: Connection, upload_id: str, *, warnings: bool = False, limit: int | None = None
) -> list[UploadFault]:
    """Return the errors that are kept of a file, or its warnings, in the order of its lines."""
    return UploadFault.all(connection, _FAULTS.limit(limit), {"of": upload_id, "warning": warnings})


def list_unknown_codes(connection: Connection, upload_id: str, limit: int) -> list[UnknownCode]:
    """Return the codes of a table that stop its lines, in the order of the file; those of a DSN are nobody’s own."""
    return UnknownCode.all(connection, _UNKNOWN_CODES.limit(limit), {"of": upload_id})


def find_prefilled_hours(connection: Connection, reference: str, month: date, part: int) -> Decimal | None:
    """Return the hours idle of the last DSN that was read for a claim and is kept still; None if there is none."""
    row = {"reference": reference, "month": month, "part": part}
    found: Decimal | None = connection.execute(_PREFILLED, row).scalar()
    return found


_RECEPTION = select(upload.c.received_at).where(upload.c.claim_id == bindparam("claim"))
_PREFILLED = (
    select(upload.c.hours)
    .where(
        upload.c.reference == bindparam("reference"),
        upload.c.month == bindparam("month"),
        upload.c.part == bindparam("part"),
        upload.c.state == UploadState.READ,
        upload.c.hours.is_not(None),
        upload.c.allowance_cents.is_(None),  # a DSN has no weeks, so no amount
    )
    .order_by(upload.c.received_at.desc(), upload.c.id.desc())
    .limit(1)
)
_UPLOAD = select(*(upload.c[name] for name in UploadRecord.model_fields)).where(upload.c.id == bindparam("of"))
_FAULTS = (
    select(*(upload_error.c[name] for name in UploadFault.model_fields))
    .where(upload_error.c.upload_id == bindparam("of"), upload_error.c.warning == bindparam("warning"))
    .order_by(upload_error.c.n)
)
_UNKNOWN_CODES = (
    select(
        upload_error.c.code,
        upload_error.c.column,
        upload_error.c.shown,
        func.count(distinct(upload_error.c.line)).label("lines"),
        func.min(upload_error.c.line).label("first_line"),
    )
    .where(
        upload_error.c.upload_id == bindparam("of"),
        ~upload_error.c.warning,
        upload_error.c.code.in_([each.value for each in OF_CODES]),
        upload_error.c.shown != "",
        ~upload_error.c.column.startswith(DSN_RUBRICS),
    )
    .group_by(upload_error.c.code, upload_error.c.column, upload_error.c.shown)
    .order_by(func.min(upload_error.c.n))
)
