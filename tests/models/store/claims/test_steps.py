"""Steps of a claim towards its payment, each taken once and where it begins only."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from models.claim_labels import ClaimSignal, ClaimState
from models.store.claims import ends, records, steps
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.journal import outbox
from tests.models.store.claims import builders
from tests.models.store.claims.builders import EMPLOYER

WAY = (ClaimState.UNDER_REVIEW, ClaimState.AGREED, ClaimState.SIGNED, ClaimState.HANDED, ClaimState.ACCEPTED)
TOLD = ["claim_received", "claim_controlled", "claim_agreed", "claim_signed", "claim_handed_to_asp", "claim_accepted"]


def take(database: Database, claim: ClaimRecord, *states: ClaimState) -> list[bool]:
    with database.begin() as connection:
        return [steps.take(connection, claim.id, each) for each in states]


def test_a_claim_goes_all_the_way_and_the_ledger_with_it(database: Database) -> None:
    reference = builders.authorize(database)
    claim = builders.claim(database, reference)
    assert take(database, claim, *WAY) == [True] * 5
    assert builders.state(database, claim.id) == ClaimState.ACCEPTED
    assert builders.story(database, claim.id) == TOLD
    assert builders.balances(database, reference)["accepted"] == (7.0, claim.allowance_cents)
    assert builders.differences(database) == ()
    assert builders.broken(database) == []


def test_a_step_is_taken_once_and_only_from_where_it_begins(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    assert take(database, claim, *reversed(WAY)) == [False, False, False, False, True]
    assert take(database, claim, ClaimState.UNDER_REVIEW, ClaimState.AGREED, ClaimState.AGREED) == [False, True, False]
    assert builders.story(database, claim.id) == TOLD[:3]


def test_an_agreement_lapses_once_and_is_given_again(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    take(database, claim, *WAY[:2])
    with database.begin() as connection:
        assert steps.lapse_agreement(connection, claim.id, [ClaimSignal.CASE])
        assert not steps.lapse_agreement(connection, claim.id, [])
        assert records.get(connection, claim.id).signals == (ClaimSignal.CASE,)
    assert take(database, claim, ClaimState.AGREED) == [True]
    assert builders.story(database, claim.id)[2:] == ["claim_agreed", "claim_agreement_lapsed", "claim_agreed"]


def test_signals_are_those_of_the_last_step_that_states_some(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    with database.begin() as connection:
        steps.take(connection, claim.id, ClaimState.HELD, signals=[ClaimSignal.OPINION])
        assert records.get(connection, claim.id).signals == (ClaimSignal.OPINION,)
        steps.take(connection, claim.id, ClaimState.ADMITTED, signals=[])
        steps.take(connection, claim.id, ClaimState.UNDER_REVIEW)
        assert records.get(connection, claim.id).signals == ()
    assert builders.broken(database) == []


@pytest.mark.parametrize("states", [WAY[:count] for count in range(4)])
def test_what_ends_before_hand_over_gives_its_hours_back(database: Database, states: tuple[ClaimState, ...]) -> None:
    reference = builders.authorize(database)
    claim = builders.claim(database, reference)
    take(database, claim, *states)
    with database.begin() as connection:
        assert ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)
    assert builders.entitlement(database, reference).admitted_hours == Decimal(0)
    assert builders.differences(database) == ()


def test_each_change_tells_the_process_of_the_claim(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    take(database, claim, *WAY[:2])
    with database.begin() as connection:
        told = [each for each in outbox.list_waiting(connection, 1_000) if each.workflow_id.startswith("claim:")]
        assert connection.execute(text("SELECT count(*) FROM claim")).scalar_one() == 1
    assert [(each.workflow_id, each.kind) for each in told] == [
        (f"claim:{claim.reference}:2026-12:1:1", kind) for kind in ("start", "look", "look")
    ]
