"""The ledger: every hour and cent of an authorization, in double entry, append-only.

Hours come from `authorised` into `available`, and pass through the accounts as a claim goes on; what ends without a
payment gives them back. Cents go with them: they are a debt of `available`. The register appends, numbers and balances
(`append_ledger_entry`), and refuses a move that is none of `MOVES`, or an account below zero.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from models.identifiers import Instant
from models.store.records import Record
from models.store.schema.claims import MOVES

_NONE: Final = Decimal(0)


class Amount(NamedTuple):
    """Hours, and what State and Unédic bear of their allowance, in cents."""

    hours: Decimal = _NONE
    state_cents: int = 0
    unedic_cents: int = 0

    @property
    def cents(self) -> int:
        """The whole allowance."""
        return self.state_cents + self.unedic_cents


class EntryRecord(Record):
    """One entry."""

    seq: int
    at: Instant
    kind: str
    from_account: str
    to_account: str
    hours: Decimal
    cents: int
    state_cents: int
    unedic_cents: int
    claim_id: str | None
    key: str


class BalanceRecord(Record):
    """What stands on an account."""

    account: str
    hours: Decimal
    cents: int


def append(
    connection: Connection,
    reference: str,
    kind: str,
    amount: Amount,
    at: datetime,
    *,
    key: str,
    claim_id: str | None = None,
    source: str | None = None,
) -> int | None:
    """Append an entry and return its number; None, changing nothing, when it is known already by its key.

    Raises `IntegrityError` when the key is that of another entry.
    `source` is the account that it takes from, where its kind has several. The caller holds the entitlement.
    """
    moves = {taken: given for named, taken, given in MOVES if named == kind}
    from_account = source or next(iter(moves))
    row = {
        "reference": reference,
        "key": key,
        "kind": kind,
        "from": from_account,
        "to": moves[from_account],
        "hours": amount.hours,
        "state_cents": amount.state_cents,
        "unedic_cents": amount.unedic_cents,
        "claim": claim_id,
        "at": at,
    }
    seq: int | None = connection.execute(_APPEND, row).scalar_one()
    return seq


_APPEND = text(
    "SELECT append_ledger_entry(:reference, :key, :kind, :from, :to, :hours, CAST(:state_cents AS bigint),"
    " CAST(:unedic_cents AS bigint), CAST(:claim AS uuid), :at)"
)


def list_entries(connection: Connection, reference: str) -> list[EntryRecord]:
    """Return every entry of an authorization in order."""
    return EntryRecord.all(connection, _ENTRIES, {"reference": reference})


def list_balances(connection: Connection, reference: str) -> list[BalanceRecord]:
    """Return the accounts of an authorization that something ever stood on, in the order in which hours pass."""
    return BalanceRecord.all(connection, _BALANCES, {"reference": reference})


_ENTRIES = text(
    "SELECT seq, at, kind, from_account, to_account, hours, cents, state_cents, unedic_cents, claim_id::text, key"
    " FROM ledger_entry WHERE reference = :reference ORDER BY seq"
)
_BALANCES = text(
    "SELECT account, hours, cents FROM ledger_balance WHERE reference = :reference ORDER BY array_position("
    " ARRAY['authorised', 'available', 'admitted', 'handed', 'accepted', 'ordered', 'paid', 'owed'], account)"
)
