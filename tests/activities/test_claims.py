"""Acts on claims: what each writes in the register, and that doing it twice changes nothing."""

import pytest
from sqlalchemy import text

from activities.claims import StoredClaimActs
from models.claim_labels import ClaimSignal, ClaimState
from models.labels import HoldReason
from models.messages.case import Ref
from models.messages.claim import HandOverHeld
from models.store.cases import holds
from models.store.claims import steps
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from tests.cases import an_agent
from tests.models.store.claims import builders, reviewed


@pytest.fixture
def claim_acts(database: Database) -> StoredClaimActs:
    return StoredClaimActs(database)


def ref(claim: ClaimRecord) -> Ref:
    return Ref(reference=claim.reference, id=claim.id)


def of_a_firm(database: Database) -> str:
    """An authorization of another firm, with an account of its own."""
    return builders.authorize(database, bank_account=builders.an_account())


def test_a_claim_is_controlled_once(database: Database, claim_acts: StoredClaimActs) -> None:
    claim = builders.claim(database, builders.authorize(database))
    for _ in range(2):
        standing = claim_acts.control_claim(ref(claim))
        assert (standing.state, standing.signals) == (ClaimState.UNDER_REVIEW, ())
    assert builders.story(database, claim.id) == ["claim_received", "claim_controlled"]
    assert builders.broken(database) == []


def test_a_person_of_another_establishment_in_the_same_week_is_a_signal(
    database: Database, claim_acts: StoredClaimActs
) -> None:
    first = builders.claim(database, of_a_firm(database), builders.a_person(1))
    same = builders.claim(database, of_a_firm(database), builders.a_person(1))
    other_week = builders.a_person(1, (builders.LAST_WEEK, "7"))
    elsewhere = builders.claim(database, of_a_firm(database), other_week, builders.a_person(2))
    found = [claim_acts.control_claim(ref(each)).signals for each in (same, elsewhere)]
    assert found == [(ClaimSignal.OTHER_ESTABLISHMENT,), ()]
    assert first.signals == ()


def test_a_claim_with_a_signal_is_not_agreed_to_by_an_instruction(
    database: Database, claim_acts: StoredClaimActs
) -> None:
    reviewed.instruct(database, an_agent(database))
    late, plain = (builders.claim(database, of_a_firm(database), builders.a_person(n)) for n in (1, 2))
    with database.begin() as connection:
        connection.execute(text("UPDATE claim SET regularisation = true WHERE id = :id"), {"id": late.id})
    assert claim_acts.control_claim(ref(late)).signals == (ClaimSignal.REGULARISATION,)
    assert builders.state(database, late.id) == ClaimState.UNDER_REVIEW
    assert claim_acts.control_claim(ref(plain)).state == ClaimState.AGREED


def test_a_signed_claim_is_queued_once_for_the_agency_unless_its_case_is_held(
    database: Database, claim_acts: StoredClaimActs
) -> None:
    claim = builders.claim(database, builders.authorize(database))
    with database.begin() as connection:
        holds.hold(connection, claim.reference, HoldReason.LIMITS)
        for state in (ClaimState.UNDER_REVIEW, ClaimState.AGREED, ClaimState.SIGNED):
            steps.take(connection, claim.id, state)
    assert claim_acts.hand_over_claim(ref(claim)) == HandOverHeld(reasons=(HoldReason.LIMITS,))
