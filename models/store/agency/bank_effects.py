"""What a signed decision on a change of bank account does, in the transaction that publishes it.

The account of the case and that of its entitlement change together, with an event of each; claims that were held for
another account look again. What the agency was told before, it is told again with the number of the change. A claim
that was signed names the account of before in its document: it leaves first, or ends.
"""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert, text

from models.engine.names import claim_process, deposit_id
from models.errors import Unknown
from models.labels import CaseEvent, DocumentKind
from models.store.agency.channels import AMENDMENTS
from models.store.cases import bank_changes, documents
from models.store.cases.bank_changes import BankChangeRecord
from models.store.database import case_now
from models.store.journal import events, outbox
from models.store.journal.claim_grammar import entitlement_chain
from models.store.schema.journal import deposit_row


class AccountInTransit(Exception):
    """A file or a signed claim that states the account of before is on its way: the change waits until it has left."""


def take_effect(connection: Connection, number: str) -> None:
    """Make a decision effective, with its signed document, under the lock of the request; raises `AccountInTransit`."""
    change = bank_changes.get(connection, number)
    at = case_now(connection, change.reference)
    state = "changed" if change.outcome == "grant" else "refused"
    if change.outcome == "grant":
        _refuse_in_transit(connection, change.reference)
        connection.execute(_CHANGE_CASE, {"number": number})
    connection.execute(_END, {"number": number, "state": state, "at": at})
    if change.outcome == "grant":
        events.append(connection, change.reference, CaseEvent.BANK_ACCOUNT_CHANGED, at, amendment=number)
        _follow(connection, change, at)


def _refuse_in_transit(connection: Connection, reference: str) -> None:
    """Hold what the authorization entitles to, so that no claim is signed or reserved meanwhile, and look for both."""
    connection.execute(_HOLD_ENTITLEMENT, {"reference": reference})
    if connection.execute(_IN_TRANSIT, {"reference": reference}).first() is not None:
        raise AccountInTransit(reference)


def _follow(connection: Connection, change: BankChangeRecord, at: datetime) -> None:
    """Have everything that pays the authorization pay the account as changed."""
    if connection.execute(_CHANGE_ENTITLEMENT, {"reference": change.reference}).rowcount:
        chain = entitlement_chain(change.reference)
        events.append(connection, chain, "entitlement_amended", at, amendment=change.number)
    for subject in connection.execute(_HELD_CLAIMS, {"reference": change.reference}).scalars():
        outbox.enqueue(connection, claim_process(subject), "look")
    if connection.execute(_WAS_HANDED_OVER, {"reference": change.reference}).first() is not None:
        _hand_over(connection, change)


def _hand_over(connection: Connection, change: BankChangeRecord) -> None:
    decision = documents.find(connection, change.reference, DocumentKind.BANK_CHANGE_DECISION, f"bank/{change.number}")
    if decision is None:
        raise Unknown(change.number)
    key = sha256(f"account|{change.number}|1".encode()).hexdigest()
    row = {"key": key, "channel": AMENDMENTS, "reference": change.reference, "document_id": decision.id}
    connection.execute(insert(deposit_row).values(row))
    outbox.enqueue(connection, deposit_id(AMENDMENTS), "deposit")


_END = text("UPDATE bank_change SET state = :state, effective_at = :at WHERE number = :number")
_CHANGE_CASE = text(
    "UPDATE nominal n SET iban = c.iban, holder = c.holder, iban_mark = c.iban_mark FROM bank_change c"
    " WHERE c.number = :number AND n.reference = c.reference"
)
_CHANGE_ENTITLEMENT = text(
    "UPDATE entitlement e SET iban_digest = sha256(n.salt || convert_to(n.iban, 'UTF8')) FROM nominal n"
    " WHERE e.reference = :reference AND n.reference = e.reference"
)
_HELD_CLAIMS = text(
    "SELECT reference || ':' || to_char(month, 'YYYY-MM') || ':' || part || ':' || version FROM claim"
    " WHERE reference = :reference AND state = 'held' AND signals ? 'bank_account' ORDER BY month, part"
)
_HOLD_ENTITLEMENT = text("SELECT FROM entitlement WHERE reference = :reference FOR NO KEY UPDATE")
_IN_TRANSIT = text(
    "SELECT 1 FROM deposit_row w JOIN deposit d ON d.id = w.deposit_id JOIN request r ON r.reference = w.reference"
    " WHERE d.written_at IS NULL AND :reference IN (r.reference, r.amends)"
    " UNION ALL SELECT 1 FROM claim WHERE reference = :reference AND state = 'signed' LIMIT 1"
)
_WAS_HANDED_OVER = text("SELECT FROM deposit_row WHERE reference = :reference AND deposit_id IS NOT NULL LIMIT 1")
