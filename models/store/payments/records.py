"""Payments as records, how they are read and held; whom they are to, sealed under the key of the case."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, select, text

from models.engine.keys import MasterKey, seal, unseal
from models.engine.names import authorization_id
from models.errors import Unknown
from models.identifiers import Instant, Message
from models.payment_labels import PaymentState
from models.store.claims.ledger import Amount
from models.store.journal import keys
from models.store.records import Record
from models.store.schema.payments import payment


class Payee(Message):
    """Whom a payment is to: name and account, as the bank is told."""

    name: str
    iban: str


class PaymentRecord(Record):
    """One attempt to pay a claim; `person_n` is the line of an employee paid directly."""

    id: str
    claim_id: str
    person_n: int | None
    attempt: int
    end_to_end: str
    hours: Decimal
    state_cents: int
    unedic_cents: int
    iban_mark: bytes
    state: PaymentState
    reason: str | None
    run_id: str | None
    after: str | None
    ordered_at: Instant
    booked_at: Instant | None

    @property
    def cents(self) -> int:
        """The whole sum."""
        return self.state_cents + self.unedic_cents

    @property
    def amount(self) -> Amount:
        """What it moves in the ledger."""
        return Amount(self.hours, self.state_cents, self.unedic_cents)


def get(connection: Connection, payment_id: str) -> PaymentRecord:
    """Return a payment; raises `Unknown`."""
    found = PaymentRecord.first(connection, _ONE, {"of": payment_id})
    if found is None:
        raise Unknown(payment_id)
    return found


def hold(connection: Connection, payment_id: str) -> PaymentRecord:
    """Lock a payment and return it; raises `Unknown`. The caller holds its entitlement and its claim."""
    found = PaymentRecord.first(connection, _ONE.with_for_update(key_share=True), {"of": payment_id})
    if found is None:
        raise Unknown(payment_id)
    return found


def find_by_end_to_end(connection: Connection, end_to_end: str) -> PaymentRecord | None:
    """Return the payment of an identifier, None if there is none."""
    return PaymentRecord.first(connection, _BY_END_TO_END, {"of": end_to_end})


def list_of_claim(connection: Connection, claim_id: str) -> list[PaymentRecord]:
    """Return the payments of a claim, every attempt, in the order in which they were ordered."""
    return PaymentRecord.all(connection, _OF_CLAIM, {"of": claim_id})


def list_of_run(connection: Connection, run_id: str) -> list[PaymentRecord]:
    """Return the payments of a run, in the order of its file."""
    return PaymentRecord.all(connection, _OF_RUN, {"of": run_id})


def hold_run(connection: Connection, run_id: str) -> list[PaymentRecord]:
    """Lock the payments of a run and return them, in the order of their ids; the caller holds their claims."""
    return PaymentRecord.all(connection, _HELD_RUN, {"of": run_id})


def standing(payments: Sequence[PaymentRecord]) -> list[PaymentRecord]:
    """Return those of a claim’s payments that no later attempt takes the place of."""
    followed = {each.after for each in payments}
    return [each for each in payments if each.id not in followed]


def set_state(connection: Connection, payment_id: str, state: PaymentState, reason: str | None = None) -> None:
    """Set the state of a payment; the caller judged that it follows from the one before, and holds the payment."""
    connection.execute(_SET_STATE, {"id": payment_id, "state": state, "reason": reason})


def sealed(connection: Connection, reference: str, payment_id: str, payee: Payee, master: MasterKey) -> bytes:
    """Seal a payee under the key of its case, bound to the payment; raises `KeyDestroyed`."""
    return seal(_cipher(connection, reference, master), payee.model_dump_json().encode(), payment_id.encode())


def payee(connection: Connection, reference: str, payment_id: str, master: MasterKey) -> Payee:
    """Return whom a payment is to; raises `KeyDestroyed`."""
    content: bytes = connection.execute(_PAYEE, {"id": payment_id}).scalar_one()
    opened = unseal(_cipher(connection, reference, master), content, payment_id.encode())
    return Payee.model_validate_json(opened)


def _cipher(connection: Connection, reference: str, master: MasterKey) -> AESGCM:
    return AESGCM(keys.get(connection, authorization_id(reference), master))


_SHOWN: Final = tuple(payment.c[name] for name in PaymentRecord.model_fields)
_ONE = select(*_SHOWN).where(payment.c.id == bindparam("of"))
_BY_END_TO_END = select(*_SHOWN).where(payment.c.end_to_end == bindparam("of"))
_OF_CLAIM = select(*_SHOWN).where(payment.c.claim_id == bindparam("of")).order_by(payment.c.id)
_OF_RUN = select(*_SHOWN).where(payment.c.run_id == bindparam("of")).order_by(payment.c.end_to_end)
_HELD_RUN = (
    select(*_SHOWN).where(payment.c.run_id == bindparam("of")).order_by(payment.c.id).with_for_update(key_share=True)
)
_SET_STATE = text(
    "UPDATE payment SET state = :state, reason = coalesce(:reason, reason),"
    " booked_at = CASE WHEN :state = 'booked' THEN clock_timestamp() ELSE booked_at END WHERE id = CAST(:id AS uuid)"
)
_PAYEE = text("SELECT payee FROM payment WHERE id = CAST(:id AS uuid)")
