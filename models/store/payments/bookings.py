"""What the bank says of payments: taken or rejected, booked, sent back. States only move forward.

Nothing is believed of a payment whose file was not released: the bank cannot have it. An entry of the bank that matches
no payment of ours stays in suspense, and the reconciliation is not zero; one that cannot be booked is set aside, and
shown beside it. Locks: entitlement, claim, payment, as an admission takes them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal, NamedTuple, get_args

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from models.bank_messages import BankFault
from models.claim_labels import ClaimState
from models.payment_labels import ON_ITS_WAY, PaymentState
from models.store.claims import ledger, records, steps
from models.store.claims.ledger import Amount
from models.store.claims.records import ClaimRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import SYSTEM
from models.store.payments import batches, voids
from models.store.payments import records as payments
from models.store.payments.records import PaymentRecord
from models.store.schema.payments import bank_entry, bank_set_aside

Kind = Literal["debit", "return"]
Event = Literal["payment_booked", "payment_rejected", "payment_returned"]
EVENTS: Final[tuple[Event, ...]] = get_args(Event)
"""Types of the events by which a claim knows what the bank did."""
_FROM: Final = {"debit": (PaymentState.IN_RUN, *ON_ITS_WAY), "return": (PaymentState.BOOKED,)}
"""States of a payment that an entry of each kind ends."""


class BankEntry(NamedTuple):
    """One booked transfer of the debtor account, or its return; `cents` are positive.

    `key` is the bank’s own identifier of the entry, the same each time that it is told; its transfers share it, and no
    reference of one of them takes its place. A whole
    run that is debited without its transfers has only `batch`, the identifier of its file. Several transfers of an
    entry that bear one identifier are counted by `nth`, from 0.
    """

    debtor: str
    key: str
    kind: Kind
    cents: int
    booked_on: date
    end_to_end: str | None
    reason: str | None = None
    batch: str | None = None
    nth: int = 0


def take(connection: Connection, end_to_end: str) -> bool:
    """Note that the bank took a payment, which is not paid by that; False, changing nothing, in any later state."""
    found = payments.find_by_end_to_end(connection, end_to_end)
    if found is None:
        return False
    held = payments.hold(connection, found.id)
    if held.state not in (PaymentState.IN_RUN, PaymentState.SENT) or not _may_be_at_bank(connection, held):
        return False
    payments.set_state(connection, found.id, PaymentState.TAKEN)
    return True


def reject(connection: Connection, end_to_end: str, reason: str) -> bool:
    """Note that the bank rejected a payment before it was booked, and reopen its claim; False in any later state."""
    found = payments.find_by_end_to_end(connection, end_to_end)
    if found is None:
        return False
    claim, held = _hold(connection, found)
    if held.state not in _FROM["debit"] or not _may_be_at_bank(connection, held):
        return False
    payments.set_state(connection, held.id, PaymentState.REJECTED, reason)
    _tell(connection, claim, held, "payment_rejected", reason)
    _reopen(connection, claim)
    return True


def book(connection: Connection, entry: BankEntry) -> bool:
    """Keep an entry, once, and book its payment or its return; whether it matches one, now or when it was told before.

    It matches by account, identifier, sum and state: a second debit of a payment, or another sum, stays in suspense. So
    does a return that is told before its debit, until that is booked. The debit of a whole run books its payments if
    they make its sum, also once a report has said which the bank rejected. An entry told again with another sum is set
    aside.
    """
    if entry.kind == "debit" and entry.batch and not entry.end_to_end:
        made = batches.payments_of(connection, entry.debtor, entry.key, entry.batch, entry.cents)
        if made:
            return _book_apart(connection, entry, made)
    known = _keep(connection, entry)
    if known is not None:
        return known
    found = payments.find_by_end_to_end(connection, entry.end_to_end) if entry.end_to_end else None
    if found is None:
        if entry.kind == "return" and entry.batch:
            _resume_run(connection, batches.hold(connection, entry.debtor, entry.batch))
        return False
    claim, held = _hold(connection, found)
    is_next = held.cents == entry.cents and held.state in _FROM[entry.kind]
    if not is_next or not _may_be_at_bank(connection, held, entry.debtor):
        voids.resume(connection, claim.id)  # a return may be that of a debit in suspense, which held its end up
        return False
    connection.execute(_MATCH, entry._asdict() | {"payment": held.id})
    if entry.kind == "return":
        _return(connection, claim, held, entry.reason or "")
        return True
    _book(connection, claim, held)
    for told in connection.execute(_SUSPENDED, entry._asdict()):
        book(connection, BankEntry(*told))
    return True


def match_batches(connection: Connection, message: str) -> bool:
    """Book the debit of a whole run that is in suspense, if its payments make its sum now; whether there is one.

    For whoever has applied a report that rejects some of them, or a credit that stays in suspense, in a transaction of
    its own.
    """
    suspended = [BankEntry(*each) for each in connection.execute(_SUSPENDED_BATCHES, {"batch": message})]
    booked = [book(connection, each) for each in suspended]
    return any(booked)


def set_aside(connection: Connection, debtor: str, key: str, fault: BankFault, booked_on: date | None) -> None:
    """Keep, once, that an entry of the bank cannot be booked, and why."""
    row = {"debtor": debtor, "key": key, "fault": fault, "booked_on": booked_on}
    connection.execute(insert(bank_set_aside).values(row).on_conflict_do_nothing())


def _keep(connection: Connection, entry: BankEntry) -> bool | None:
    """Keep an entry; None if it is to be matched, else whether it was matched before, as it is."""
    kept = insert(bank_entry).values(entry._asdict()).on_conflict_do_nothing().returning(bank_entry.c.id)
    if connection.execute(kept).first() is not None:
        return None
    known = connection.execute(_KNOWN, entry._asdict()).one()
    if known.cents != entry.cents:
        set_aside(connection, entry.debtor, entry.key, BankFault.CONTRADICTED, entry.booked_on)
        return False
    return None if known.payment_id is None else True


def _book_apart(connection: Connection, entry: BankEntry, made: Sequence[PaymentRecord]) -> bool:
    """Book the debit of a whole run as those of its payments; of rejected ones they stay in suspense."""
    connection.execute(_TAKE_APART, entry._asdict())
    parts = [entry._replace(end_to_end=each.end_to_end, cents=each.cents, batch=None) for each in made]
    booked = [book(connection, each) for each in parts]
    _resume_run(connection, made)
    return any(booked)


def _resume_run(connection: Connection, held: Sequence[PaymentRecord]) -> None:
    """End the withdrawn claims of a run that its debit held up while it was in suspense; the caller holds them all."""
    for each in connection.execute(_WITHDRAWN, {"run": held[0].run_id}).scalars().all() if held else ():
        voids.resume(connection, each)


def _may_be_at_bank(connection: Connection, payment: PaymentRecord, debtor: str | None = None) -> bool:
    """Whether the file of a payment was released (for this account): it may be put without being marked so yet."""
    found = connection.execute(_RELEASED, {"run": payment.run_id}).scalar()
    return found is not None and debtor in (None, found)


def _hold(connection: Connection, payment: PaymentRecord) -> tuple[ClaimRecord, PaymentRecord]:
    reference = records.get(connection, payment.claim_id).reference
    records.hold_entitlement(connection, reference)
    return records.hold(connection, payment.claim_id), payments.hold(connection, payment.id)


def _book(connection: Connection, claim: ClaimRecord, payment: PaymentRecord) -> None:
    """Book a payment with the shares of State and Unédic; its claim is paid with the last one, or owes it."""
    payments.set_state(connection, payment.id, PaymentState.BOOKED)
    _move(connection, claim, payment, "paid")
    _tell(connection, claim, payment, "payment_booked")
    if voids.resume(connection, claim.id):
        return
    standing = payments.standing(payments.list_of_claim(connection, claim.id))
    if all(each.state is PaymentState.BOOKED for each in standing):
        steps.take(connection, claim.id, ClaimState.PAID, wakes=False)


def _return(connection: Connection, claim: ClaimRecord, payment: PaymentRecord, reason: str) -> None:
    payments.set_state(connection, payment.id, PaymentState.RETURNED, reason)
    _move(connection, claim, payment, "returned")
    _tell(connection, claim, payment, "payment_returned", reason)
    _reopen(connection, claim)


def _reopen(connection: Connection, claim: ClaimRecord) -> None:
    """Reopen a claim of which a payment did not arrive; one whose end is recorded ends instead, if it can now."""
    if not voids.resume(connection, claim.id):
        steps.take(connection, claim.id, ClaimState.REOPENED, wakes=False)


def _move(connection: Connection, claim: ClaimRecord, payment: PaymentRecord, kind: str) -> None:
    at, key = case_now(connection, claim.reference), f"{kind}:{payment.id}"
    amount, source = payment.amount, None
    if claim.state is ClaimState.VOID:  # its hours were given back, its cents are owed no more
        amount, source = Amount(_NO_HOURS, amount.state_cents, amount.unedic_cents), "owed"
    ledger.append(connection, claim.reference, kind, amount, at, key=key, claim_id=claim.id, source=source)


def _tell(connection: Connection, claim: ClaimRecord, payment: PaymentRecord, kind: Event, reason: str = "") -> None:
    at, told = case_now(connection, claim.reference), {"payment": payment.id} | ({"reason": reason} if reason else {})
    events.append(connection, claim_chain(claim.id), kind, at, SYSTEM, recorded_at=at, **told)


class Reconciled(NamedTuple):
    """What the bank booked on a day, what the ledger says of the same entries, and what is in suspense, in cents.

    `set_aside` is how many entries could not be booked: their amounts are in none of the sums.
    """

    booked: int
    ledger: int
    suspense: int
    set_aside: int = 0

    @property
    def difference(self) -> int:
        """What nothing of ours explains; zero when every entry is a payment or a return of one."""
        return self.booked - self.ledger


def reconcile(connection: Connection, debtor: str, day: date) -> Reconciled:
    """Compare what the bank booked on the account on a day with the ledger."""
    found = connection.execute(_RECONCILE, {"debtor": debtor, "day": day}).one()
    return Reconciled(found.booked, found.ledger, found.suspense, found.set_aside)


_NO_HOURS: Final = Amount().hours
_SAME: Final = (
    "debtor = :debtor AND key = :key AND kind = :kind AND end_to_end IS NOT DISTINCT FROM :end_to_end AND nth = :nth"
)
_KNOWN = text(f"SELECT payment_id, cents FROM bank_entry WHERE {_SAME} FOR UPDATE")  # noqa: S608  our own text
_MATCH = text(f"UPDATE bank_entry SET payment_id = CAST(:payment AS uuid) WHERE {_SAME}")  # noqa: S608  our own text
_ENTRY: Final = "SELECT debtor, key, kind, cents, booked_on, end_to_end, reason, batch, nth FROM bank_entry"
_SUSPENDED = text(
    f"{_ENTRY} WHERE debtor = :debtor AND end_to_end = :end_to_end AND kind = 'return' AND payment_id IS NULL"
    " ORDER BY id LIMIT 1"
)
_SUSPENDED_BATCHES = text(
    f"{_ENTRY} WHERE batch = :batch AND end_to_end IS NULL AND kind = 'debit' AND payment_id IS NULL ORDER BY id"
)
_TAKE_APART = text(f"DELETE FROM bank_entry WHERE {_SAME} AND payment_id IS NULL")  # noqa: S608  our own text
_WITHDRAWN = text(
    "SELECT c.id::text FROM claim c WHERE c.withdrawn_at IS NOT NULL"
    " AND EXISTS (SELECT FROM payment p WHERE p.claim_id = c.id AND p.run_id = CAST(:run AS uuid)) ORDER BY c.id"
)
_RELEASED = text("SELECT debtor FROM payment_run WHERE id = CAST(:run AS uuid) AND released_at IS NOT NULL")
_SIGNED: Final = "CASE e.kind WHEN 'debit' THEN {0} ELSE -{0} END"
_RECONCILE = text(
    f"SELECT coalesce(sum({_SIGNED.format('e.cents')}), 0) AS booked,"  # noqa: S608  our own text
    f" coalesce(sum({_SIGNED.format('l.cents')}), 0) AS ledger,"
    f" coalesce(sum({_SIGNED.format('e.cents')}) FILTER (WHERE e.payment_id IS NULL), 0) AS suspense,"
    " (SELECT count(*) FROM bank_set_aside s WHERE s.debtor = :debtor"
    "  AND coalesce(s.booked_on, (s.seen_at AT TIME ZONE 'Europe/Paris')::date) = :day) AS set_aside"
    " FROM bank_entry e LEFT JOIN ledger_entry l"
    "  ON l.key = CASE e.kind WHEN 'debit' THEN 'paid:' ELSE 'returned:' END || e.payment_id"
    " WHERE e.debtor = :debtor AND e.booked_on = :day"
)
