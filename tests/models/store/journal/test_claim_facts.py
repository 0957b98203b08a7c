"""A claim or an entitlement that changed without an event is found, and so is one that no event states."""

import pytest
from sqlalchemy import text

from models.store.database import Database
from models.store.journal.claim_facts import find_changed_claims, find_changed_entitlements
from tests.models.store.claims import builders

CHANGES = {
    "UPDATE claim SET due_on = due_on + 1": "claim",
    "UPDATE claim SET state = 'accepted'": "claim_state",
    "UPDATE claim_person SET payable = payable + 1": "people",
    "UPDATE claim_week SET idle = idle + 1": "weeks",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_claim_that_changed_is_named_with_what_changed(database: Database, change: str) -> None:
    claim = builders.claim(database, builders.authorize(database))
    with database.begin() as connection:
        assert find_changed_claims(connection, [claim.id]) == []
        connection.execute(text(change))
        (changed,) = find_changed_claims(connection, [claim.id])
    assert (changed.subject, changed.keys) == (f"claim:{claim.id}", (CHANGES[change],))


def test_an_entitlement_that_changed_is_found(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    with database.begin() as connection:
        assert find_changed_entitlements(connection, [claim.reference]) == []
        connection.execute(text("UPDATE entitlement SET authorised_employees = authorised_employees + 1"))
        (changed,) = find_changed_entitlements(connection, [claim.reference])
    assert changed.keys == ("entitlement",)


def test_a_claim_that_no_event_states_is_found(database: Database) -> None:
    claim = builders.stage(database, builders.authorize(database))
    with database.begin() as connection:
        (changed,) = find_changed_claims(connection, [claim])
    assert changed.keys == ("silent",)
