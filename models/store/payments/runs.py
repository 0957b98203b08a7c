"""Runs: due payments are gathered into a file of transfers, fixed before it leaves, released by a person, then put.

One program at a time gathers for a debtor account. A run that is reserved and not put is sent as it is, after any
crash: there is never a second file with the same transfers.
"""

from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Row, bindparam, select, text

from models.engine.keys import KeyDestroyed, MasterKey, seal, unseal
from models.engine.names import run_process
from models.errors import Unknown
from models.identifiers import Instant
from models.payment_labels import PaymentState, RunState
from models.store.journal import keys
from models.store.payments import records
from models.store.payments.records import Payee
from models.store.records import Record
from models.store.schema.payments import payment_run

UNKNOWN_PAYEE: Final = "payee"
"""Why a payment is held whose payee nobody can open."""


class RunPending(Exception):
    """A run of the account is not put yet: it leaves first."""


class RunRecord(Record):
    """A run, without its bytes; `message` is the identifier of its file at the bank."""

    id: str
    debtor: str
    business_on: date
    sequence: int
    message: str
    transfers: int
    cents: int
    sha256: str
    state: RunState
    reason: str | None
    released_by: str | None
    reserved_at: Instant
    released_at: Instant | None
    put_at: Instant | None


class Transfer(NamedTuple):
    """One transfer of a run, in integer cents."""

    end_to_end: str
    cents: int
    payee: Payee


class Heading(NamedTuple):
    """What a file of transfers says before them: they are fixed with it."""

    message: str
    made_at: Instant
    business_on: date


Writer = Callable[[Heading, Sequence[Transfer]], bytes]
"""Writes a file of transfers: the same bytes of the same arguments."""


def reserve(
    connection: Connection, debtor: str, business_on: date, most: int, master: MasterKey, write: Writer
) -> str | None:
    """Gather due payments, the oldest first, into a run for a day, and return its id; None when nothing is due.

    `write` makes its file of them, `most` at most. A payment whose payee nobody can open any more is held, which its
    state says. Raises `RunPending`.
    """
    connection.execute(_HOLD_DEBTOR, {"debtor": debtor})
    if find_unput(connection, debtor) is not None:
        raise RunPending(debtor)
    due = connection.execute(_DUE, {"most": most}).all()
    if not due:
        return None
    transfers = {each.id: transfer for each in due if (transfer := _open(connection, each, master))}
    if not transfers:
        return None
    run_id = _insert(connection, debtor, business_on, [*transfers.values()], master, write)
    connection.execute(_GATHER, {"run": run_id, "ids": [*transfers]})
    return run_id


def _open(connection: Connection, due: Row[Any], master: MasterKey) -> Transfer | None:
    """Return the transfer of a due payment; None, holding it, if nobody can say any more whom it is to."""
    try:
        payee = records.payee(connection, due.reference, due.id, master)
    except (KeyDestroyed, InvalidTag, ValueError):
        records.set_state(connection, due.id, PaymentState.HELD, UNKNOWN_PAYEE)
        return None
    return Transfer(due.end_to_end, due.cents, payee)


def _insert(
    connection: Connection,
    debtor: str,
    business_on: date,
    transfers: Sequence[Transfer],
    master: MasterKey,
    write: Writer,
) -> str:
    fixed = connection.execute(_NEXT, {"debtor": debtor, "day": business_on}).one()
    content = write(Heading(fixed.message, fixed.made_at, business_on), transfers)
    row = {
        "id": fixed.id,
        "debtor": debtor,
        "business_on": business_on,
        "sequence": fixed.sequence,
        "message": fixed.message,
        "transfers": len(transfers),
        "cents": sum(each.cents for each in transfers),
        "sha256": sha256(content).hexdigest(),
        "bytes": seal(_cipher(connection, fixed.id, master), content, fixed.id.encode()),
        "reserved_at": fixed.made_at,
    }
    connection.execute(payment_run.insert().values(row))
    return str(fixed.id)


def release(connection: Connection, run_id: str, account_id: str) -> bool:
    """Release a run, once: its file may leave. False if it is not one to be released; raises `Unknown`."""
    run = hold(connection, run_id)
    if run.state is not RunState.RESERVED:
        return False
    connection.execute(_RELEASE, {"id": run_id, "by": account_id})
    return True


def content(connection: Connection, run_id: str, master: MasterKey) -> bytes:
    """Return the bytes of a run; raises `KeyDestroyed`."""
    sealed: bytes = connection.execute(_BYTES, {"id": run_id}).scalar_one()
    return unseal(_cipher(connection, run_id, master), sealed, run_id.encode())


def mark_put(connection: Connection, run_id: str) -> None:
    """Mark a released run, and its payments, as sent; a repeated put changes nothing. Raises `Unknown`."""
    if hold(connection, run_id).state is RunState.RELEASED:
        connection.execute(_SEND, {"id": run_id})
        connection.execute(_PUT, {"id": run_id})


def get(connection: Connection, run_id: str) -> RunRecord:
    """Return a run; raises `Unknown`."""
    return _found(RunRecord.first(connection, _ONE, {"of": run_id}), run_id)


def hold(connection: Connection, run_id: str) -> RunRecord:
    """Lock a run and return it; raises `Unknown`."""
    return _found(RunRecord.first(connection, _ONE.with_for_update(key_share=True), {"of": run_id}), run_id)


def find_by_message(connection: Connection, message: str) -> RunRecord | None:
    """Return the run whose file has an identifier, None if there is none."""
    return RunRecord.first(connection, _BY_MESSAGE, {"of": message})


def find_unput(connection: Connection, debtor: str) -> RunRecord | None:
    """Return the run of an account that waits to be released or put, None if there is none."""
    return RunRecord.first(connection, _UNPUT, {"of": debtor})


def _found(run: RunRecord | None, run_id: str) -> RunRecord:
    if run is None:
        raise Unknown(run_id)
    return run


def _cipher(connection: Connection, run_id: str, master: MasterKey) -> AESGCM:
    return AESGCM(keys.get(connection, run_process(run_id), master))


_SHOWN: Final = tuple(payment_run.c[name] for name in RunRecord.model_fields)
_WAITING: Final = (RunState.RESERVED, RunState.RELEASED)
_ONE = select(*_SHOWN).where(payment_run.c.id == bindparam("of"))
_BY_MESSAGE = select(*_SHOWN).where(payment_run.c.message == bindparam("of"))
_UNPUT = select(*_SHOWN).where(payment_run.c.debtor == bindparam("of"), payment_run.c.state.in_(_WAITING))
_BYTES = text("SELECT bytes FROM payment_run WHERE id = CAST(:id AS uuid)")
_HOLD_DEBTOR = text("SELECT pg_advisory_xact_lock(hashtextextended('payment_run:' || :debtor, 0))")
_DUE = text(
    "SELECT p.id::text, p.end_to_end, p.state_cents + p.unedic_cents AS cents, c.reference FROM payment p"
    " JOIN claim c ON c.id = p.claim_id WHERE p.state = 'due' ORDER BY p.ordered_at, p.id LIMIT :most"
    " FOR UPDATE OF p SKIP LOCKED"
)
_NEXT = text(
    "SELECT id::text, n AS sequence, replace(id::text, '-', '') AS message, date_trunc('second', clock_timestamp())"
    " AS made_at FROM (SELECT uuidv7() AS id, (SELECT coalesce(max(sequence), 0) + 1 FROM payment_run"
    "  WHERE debtor = :debtor AND business_on = :day) AS n) fixed"
)
_GATHER = text("UPDATE payment SET state = 'in_run', run_id = CAST(:run AS uuid) WHERE id = ANY(CAST(:ids AS uuid[]))")
_RELEASE = text(
    "UPDATE payment_run SET state = 'released', released_by = CAST(:by AS uuid), released_at = clock_timestamp()"
    " WHERE id = CAST(:id AS uuid)"
)
_SEND = text("UPDATE payment SET state = 'sent' WHERE run_id = CAST(:id AS uuid) AND state = 'in_run'")
_PUT = text("UPDATE payment_run SET state = 'put', put_at = clock_timestamp() WHERE id = CAST(:id AS uuid)")
