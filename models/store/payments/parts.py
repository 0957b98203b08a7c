"""Of what payments a claim is made: one to the establishment, or one to each employee whom the agency pays directly.

Payments of employees bear what State and Unédic bear of the claim, divided to the cent (`law.payment.split_share`).
"""

from typing import NamedTuple

from sqlalchemy import Connection

from law.payment import split_share
from law.privacy import Payment
from models.engine.keys import MasterKey
from models.store.cases import requests
from models.store.claims import ends, records, sealed_people
from models.store.claims.ledger import Amount
from models.store.claims.records import ClaimRecord
from models.store.claims.sealed_people import ListedPerson, NamedPerson
from models.store.payments.records import Payee


class PayeeMissing(Exception):
    """A claim names no account of somebody whom it is to be paid to: nothing of it is ordered."""


class Part(NamedTuple):
    """What one payment is of; `person_n` is the line of an employee, None for the establishment."""

    person_n: int | None
    amount: Amount
    payee: Payee


def parts_of(connection: Connection, claim: ClaimRecord, master: MasterKey) -> list[Part]:
    """Return the payments of a claim, which make up its hours and both shares; raises `PayeeMissing`, `KeyDestroyed`.

    Lines without an allowance have none.
    """
    entitlement = records.find_entitlement(connection, claim.reference)
    if entitlement is None or entitlement.payment == Payment.ESTABLISHMENT:
        return [Part(None, ends.amount_of(claim), payee_of(connection, claim, None, master))]
    if entitlement.payment != Payment.EMPLOYEES:
        raise PayeeMissing(claim.id)
    listed = sealed_people.list_people(connection, claim.id, master)
    people = [each for each in listed if each.figures.allowance_cents]
    cents = [each.figures.allowance_cents for each in people]
    shares = split_share(ends.amount_of(claim).state_cents, cents)
    return [
        Part(each.figures.n, Amount(each.figures.payable, state, own - state), _employee(claim, each))
        for each, own, state in zip(people, cents, shares, strict=True)
    ]


def payee_of(connection: Connection, claim: ClaimRecord, person_n: int | None, master: MasterKey) -> Payee:
    """Return whom a payment of a claim is to, as the case says it now; raises `PayeeMissing`."""
    if person_n is None:
        nominal = requests.get_nominal(connection, claim.reference)
        return Payee(name=nominal.holder, iban=nominal.iban)
    found = next(sealed_people.list_people(connection, claim.id, master, after=person_n - 1, limit=1), None)
    return _employee(claim, found if found and found.figures.n == person_n else None)


def _employee(claim: ClaimRecord, listed: ListedPerson | None) -> Payee:
    named: NamedPerson | None = listed.named if listed else None
    if named is None or named.payee is None:
        raise PayeeMissing(claim.id)
    return Payee(name=f"{named.first_name} {named.usage_name or named.family_name}", iban=named.payee.iban)
