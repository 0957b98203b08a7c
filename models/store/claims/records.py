"""Rows of an entitlement and of a claim as records, and how they are read."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection, bindparam, select, text

from law.calendar import add_months
from law.rates import Sector
from models.claim_labels import STANDING, ClaimSignal, ClaimState
from models.errors import Unknown
from models.identifiers import Instant, Period
from models.store.journal.claim_grammar import claim_chain
from models.store.records import Record
from models.store.schema.claims import claim, entitlement


class EntitlementRecord(Record):
    """What an authorization entitles to, and the hours admitted of it."""

    reference: str
    authorised_hours: Decimal
    authorised_employees: int
    admitted_hours: Decimal
    start_on: date
    end_on: date
    forfeited_on: date
    regularise_until: date | None
    payment: str
    iban_digest: bytes
    state: str
    amended_by: str | None
    """Last amendment that it counts."""

    @property
    def period(self) -> Period:
        """The days authorised."""
        return Period(start_on=self.start_on, end_on=self.end_on)

    def days_of(self, month: date) -> Period | None:
        """Return the days of a month (its first day) that the period authorised has; None if it has none."""
        first, last = max(month, self.start_on), min(add_months(month, 1) - timedelta(days=1), self.end_on)
        return Period(start_on=first, end_on=last) if first <= last else None


class ClaimRecord(Record):
    """One version of a claim; figures are None until it is admitted."""

    id: str
    reference: str
    month: date
    part: int
    version: int | None
    state: ClaimState
    received_at: Instant | None
    due_on: date | None
    people: int | None
    hours: Decimal | None
    allowance_cents: int | None
    indemnity_cents: int | None
    state_cents: int | None
    unedic_cents: int | None
    monthly_reimbursement: bool
    replaces: str | None
    signals: tuple[ClaimSignal, ...]
    account_id: str | None
    regularisation: bool
    structural: bool
    sector: Sector
    holidays_worked: bool | None
    reference_months: int | None
    withdrawn_at: Instant | None

    @property
    def subject(self) -> str:
        """What its process and its documents are named by: `034AQHV02:2021-04:1:2` (part, version)."""
        return f"{self.reference}:{self.month:%Y-%m}:{self.part}:{self.version}"

    @property
    def chain(self) -> str:
        """Subject of its events."""
        return claim_chain(self.id)


def find_entitlement(connection: Connection, reference: str) -> EntitlementRecord | None:
    """Return an entitlement; None until something was claimed of it."""
    return EntitlementRecord.first(connection, _ENTITLEMENT, {"of": reference})


def hold_entitlement(connection: Connection, reference: str) -> EntitlementRecord:
    """Lock an entitlement until the end of the transaction and return it; raises `Unknown`.

    Its key does not change, so that whoever stages lines of another claim meanwhile does not wait.
    """
    found = EntitlementRecord.first(connection, _ENTITLEMENT.with_for_update(key_share=True), {"of": reference})
    if found is None:
        raise Unknown(reference)
    return found


def hold(connection: Connection, claim_id: str) -> ClaimRecord:
    """Lock one version of a claim and return it; raises `Unknown`. The caller holds its entitlement."""
    found = ClaimRecord.first(connection, _CLAIM.with_for_update(key_share=True), {"of": claim_id})
    if found is None:
        raise Unknown(claim_id)
    return found


def hold_all(connection: Connection, claim_ids: Collection[str]) -> list[ClaimRecord]:
    """Lock several claims and return them in the order of their ids: their entitlements first, each in ascending order.

    For whoever changes several in one transaction, whichever authorizations they are of: an admission takes the same
    locks in the same order. Those that do not exist are left out.
    """
    if not (ids := sorted(set(claim_ids))):
        return []
    connection.execute(_HOLD_ENTITLEMENTS, {"ids": ids})
    return ClaimRecord.all(connection, _HOLD_CLAIMS, {"ids": ids})


def is_reserved(connection: Connection, claim_id: str) -> bool:
    """Whether a claim is in a file for the agency, which may be on its way; the caller holds the claim."""
    return connection.execute(_RESERVED, {"id": claim_id}).first() is not None


def get(connection: Connection, claim_id: str) -> ClaimRecord:
    """Return one version of a claim; raises `Unknown`."""
    found = ClaimRecord.first(connection, _CLAIM, {"of": claim_id})
    if found is None:
        raise Unknown(claim_id)
    return found


def find_by_subject(connection: Connection, subject: str) -> ClaimRecord | None:
    """Return a version by what its process is named by, None if there is none."""
    reference, month, part, version = subject.split(":")
    row = {"of": reference, "month": date.fromisoformat(f"{month}-01"), "part": int(part), "version": int(version)}
    return ClaimRecord.first(connection, _BY_SUBJECT, row)


def list_of(connection: Connection, reference: str) -> list[ClaimRecord]:
    """Return the claims of an authorization, every version, by month and part; none that is only staged."""
    return ClaimRecord.all(connection, _CLAIMS, {"of": reference})


def sum_of_month(connection: Connection, reference: str, month: date) -> int:
    """Return the allowance, in cents, of all claims that stand for a month of an authorization."""
    row = {"reference": reference, "month": month, "states": list(STANDING)}
    return int(connection.execute(_SUM_OF_MONTH, row).scalar_one())


_SUM_OF_MONTH = text(
    "SELECT coalesce(sum(allowance_cents), 0) FROM claim WHERE reference = :reference AND month = :month"
    " AND state = ANY(:states)"
)
_ENTITLEMENT = select(entitlement).where(entitlement.c.reference == bindparam("of"))
_CLAIM = select(claim).where(claim.c.id == bindparam("of"))
_HOLD_ENTITLEMENTS = text(
    "SELECT FROM entitlement WHERE reference IN (SELECT reference FROM claim WHERE id = ANY(CAST(:ids AS uuid[])))"
    " ORDER BY reference FOR NO KEY UPDATE"
)
_HOLD_CLAIMS = (
    select(claim)
    .where(claim.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(claim.c.id)
    .with_for_update(key_share=True)
)
_RESERVED = text("SELECT FROM deposit_row WHERE claim_id = CAST(:id AS uuid) AND deposit_id IS NOT NULL")
_BY_SUBJECT = select(claim).where(
    claim.c.reference == bindparam("of"),
    claim.c.month == bindparam("month"),
    claim.c.part == bindparam("part"),
    claim.c.version == bindparam("version"),
)
_CLAIMS = (
    select(claim)
    .where(claim.c.reference == bindparam("of"), claim.c.version.is_not(None))
    .order_by(claim.c.month, claim.c.part, claim.c.version)
)
