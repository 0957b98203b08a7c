"""Changes of the bank account of an authorization: asked for by its employer, decided by an agent, never by silence.

Each has the number of an amendment. It takes effect with its signed decision (`models.store.agency.bank_effects`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, text, update

from models.bodies.bank_change import BankDecisionBody
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.errors import Conflict, Unknown
from models.identifiers import BankAccount, Instant
from models.labels import CaseEvent
from models.store.cases import amendments, requests
from models.store.cases.records import RequestRecord
from models.store.database import case_now
from models.store.journal import events, outbox
from models.store.journal.events import SYSTEM, Actor
from models.store.people import delegations
from models.store.records import Record
from models.store.schema.bank_changes import bank_change

MESSAGE: Final = "change_account"
"""Update of the process of the authorization: it issues the receipt of a change, or signs its decision."""


class BankChangeRecord(Record):
    """One change of bank account, and what was decided on it."""

    number: str
    reference: str
    account_id: str
    author: str
    iban: str
    holder: str
    reasons: str
    state: str
    decision_id: str | None
    agent_id: str | None
    delegation_id: str | None
    outcome: str | None
    grounds: tuple[str, ...]
    received_at: Instant
    decided_at: Instant | None
    effective_at: Instant | None
    body_digest: bytes | None

    @property
    def is_pending(self) -> bool:
        """Whether no signed decision ends it yet."""
        return self.state in ("received", "decided")


@dataclass(frozen=True, slots=True)
class NewBankChange:
    """A change to be asked for."""

    reference: str
    account: BankAccount
    reasons: str
    account_id: str
    author: str
    received_at: datetime


def file(connection: Connection, entry: NewBankChange, master: MasterKey, actor: Actor) -> str:
    """Ask for a change and return its number; the caller holds the request. Raises `Conflict` while another waits."""
    pending = find_pending(connection, entry.reference)
    if pending:
        detail = f"Le changement de compte {pending.number} attend la décision du service."
        raise Conflict("amendment-pending", detail)
    number = amendments.next_reference(connection, entry.reference)
    row = {
        "number": number,
        "reference": entry.reference,
        "account_id": entry.account_id,
        "author": entry.author,
        "iban": entry.account.iban,
        "holder": entry.account.holder,
        "iban_mark": master.mark_iban(entry.account.iban),
        "reasons": entry.reasons,
        "received_at": entry.received_at,
    }
    connection.execute(insert(bank_change).values(row))
    at = entry.received_at
    events.append(connection, entry.reference, CaseEvent.BANK_CHANGE_RECEIVED, at, actor, amendment=number)
    outbox.enqueue(connection, authorization_id(entry.reference), MESSAGE, number)
    return number


def decide(
    connection: Connection,
    case: RequestRecord,
    number: str,
    body: BankDecisionBody,
    digest: bytes,
    actor: Actor,
) -> BankChangeRecord:
    """Register what an agent decides on a change; the same id and body again is the same decision.

    Raises `Unknown`, `NotAllowed` without a delegation for the outcome, and `Conflict` once it is decided.
    """
    requests.get(connection, case.reference, hold=True)
    change = get(connection, number)
    if change.reference != case.reference:
        raise Unknown(number)
    if _is_repeated(connection, change, body.id, digest):
        return change
    if change.state != "received":
        raise Conflict("already-decided", f"Le changement de compte {number} a déjà sa décision : elle demeure.")
    at = case_now(connection, case.reference)
    given = delegations.require(connection, actor.account_id, case.department, case.day_of(at), body.outcome)
    row = {
        "state": "decided",
        "decision_id": body.id,
        "agent_id": actor.account_id,
        "delegation_id": given.id,
        "outcome": body.outcome,
        "grounds": list(body.reasons),
        "body_digest": digest,
        "decided_at": at,
    }
    connection.execute(update(bank_change).where(bank_change.c.number == number).values(row))
    stated = {"amendment": number, "decision": body.id, "delegation": given.id}
    events.append(connection, case.reference, "bank_change_decided", at, actor, recorded_at=at, **stated)
    outbox.enqueue(connection, authorization_id(case.reference), MESSAGE, f"{number}/{body.id}")
    return get(connection, number)


def _is_repeated(connection: Connection, change: BankChangeRecord, decision_id: str, digest: bytes) -> bool:
    """Whether this very decision is registered; raises `Conflict` if its id is that of another, or of one that lapsed.

    The process of the case heard of the one that lapsed, and would take the same id for a repeat.
    """
    known = BankChangeRecord.first(connection, _DECISION, {"of": decision_id})
    if known and (known.number, known.body_digest) != (change.number, digest):
        raise Conflict("decision-id-reused", "Cet identifiant a déjà servi pour un acte différent.")
    lapsed = connection.execute(_LAPSED, {"reference": change.reference, "id": decision_id}).first() is not None
    if known is None and lapsed:
        detail = "Cette décision a perdu son effet avant d’être signée : prenez-en une autre."
        raise Conflict("decision-id-reused", detail)
    return known is not None


def may_sign(connection: Connection, number: str) -> bool:
    """Whether a decision may be signed now: the delegation under which it was taken is in force, and locked."""
    change = get(connection, number)
    if change.state != "decided":
        return False
    case = requests.get(connection, change.reference)
    day, outcome = case.day_of(case_now(connection, case.reference)), change.outcome or ""
    return delegations.is_in_force(connection, change.delegation_id or "", case.department, day, outcome)


def lapse_if_powerless(connection: Connection, number: str) -> bool:
    """Let a change that nobody may sign any more wait for another decision, and return whether it does.

    The caller holds the case.
    """
    change = get(connection, number)
    if change.state != "decided" or may_sign(connection, number):
        return False
    connection.execute(update(bank_change).where(bank_change.c.number == number).values(_UNDECIDED))
    at, stated = case_now(connection, change.reference), {"amendment": number, "decision": change.decision_id or ""}
    events.append(connection, change.reference, "bank_change_decision_lapsed", at, SYSTEM, recorded_at=at, **stated)
    return True


def find(connection: Connection, number: str) -> BankChangeRecord | None:
    """Return a change, or None when no change has this number."""
    return BankChangeRecord.first(connection, _CHANGE, {"of": number})


def get(connection: Connection, number: str) -> BankChangeRecord:
    """Return a change; raises `Unknown`."""
    found = find(connection, number)
    if found is None:
        raise Unknown(number)
    return found


def list_of(connection: Connection, reference: str) -> list[BankChangeRecord]:
    """Return the changes asked for under an authorization, oldest first."""
    return BankChangeRecord.all(connection, _CHANGES, {"of": reference})


def find_pending(connection: Connection, reference: str) -> BankChangeRecord | None:
    """Return the change that waits for its signed decision, or None."""
    return next((each for each in list_of(connection, reference) if each.is_pending), None)


_UNDECIDED: Final[dict[str, object]] = {
    "state": "received",
    "decision_id": None,
    "agent_id": None,
    "delegation_id": None,
    "outcome": None,
    "grounds": [],
    "body_digest": None,
    "decided_at": None,
}
_LAPSED = text(
    "SELECT FROM event WHERE subject = :reference AND type = 'bank_change_decision_lapsed'"
    " AND data ->> 'decision' = :id"
)
_CHANGE = select(bank_change).where(bank_change.c.number == bindparam("of"))
_DECISION = select(bank_change).where(bank_change.c.decision_id == bindparam("of"))
_CHANGES = select(bank_change).where(bank_change.c.reference == bindparam("of")).order_by(bank_change.c.number)
