"""A claim that ends without a payment gives everything back, once, and only from where it may end so."""

from sqlalchemy import text

from models.claim_labels import ClaimState
from models.store.claims import ends
from models.store.claims.ends import ENDS
from models.store.database import Database
from models.store.journal.events import SYSTEM
from tests.models.store.claims.builders import (
    WEEK,
    a_person,
    authorize,
    balances,
    broken,
    claim,
    differences,
    entitlement,
    hand_over,
    state,
    story,
)

ENDING = [
    (ClaimState.REFUSED, ""),
    (ClaimState.VOID, ""),
    (ClaimState.REJECTED, "handed"),
    (ClaimState.VOID, "accepted"),
]
OTHERWISE = [
    (ClaimState.REFUSED, "handed"),
    (ClaimState.VOID, "handed"),
    (ClaimState.VOID, "ordered"),
    (ClaimState.VOID, "paid"),
    (ClaimState.REJECTED, ""),
]
"""Ends, and how far the claim was handed over before."""


def end(database: Database, claim_id: str, to: ClaimState) -> bool:
    with database.begin() as connection:
        return ends.end(connection, claim_id, to, SYSTEM, reason="x")


def test_what_ends_gives_back_hours_cents_and_its_people(database: Database) -> None:
    """The same person claims the same week again under the same authorization, after each."""
    reference = authorize(database, hours="35")
    for version, (to, handed) in enumerate(ENDING, 1):
        found = claim(database, reference, a_person(1, (WEEK, "35")))
        if handed:
            hand_over(database, found.id, handed)
        assert (end(database, found.id, to), end(database, found.id, to)) == (True, False)
        assert (state(database, found.id), found.version) == (str(to), version)
        assert entitlement(database, reference).admitted_hours == 0
        assert [story(database, found.id)[at] for at in (0, -1)] == ["claim_received", ENDS[to].event]
        left = {account: each for account, each in balances(database, reference).items() if any(each)}
        assert left == {"authorised": (-35, 0), "available": (35, 0)}
    assert (differences(database), broken(database)) == ((), [])


def test_nothing_ends_otherwise(database: Database) -> None:
    """What was handed over leaves by an answer alone, what was paid not at all."""
    for to, handed in OTHERWISE:
        found = claim(database, authorize(database))
        if handed:
            hand_over(database, found.id, handed)
        before = state(database, found.id)
        assert not end(database, found.id, to)
        assert state(database, found.id) == before


def test_a_staged_claim_has_nothing_to_give_back(database: Database) -> None:
    found = claim(database, authorize(database))
    with database.begin() as connection:
        staged = connection.execute(
            text("INSERT INTO claim (reference, month) VALUES (:r, '2027-01-01') RETURNING id::text"),
            {"r": found.reference},
        ).scalar_one()
    assert not end(database, staged, ClaimState.VOID)
