"""A claim void with its authorization while the agency has it: the end comes with the answer."""

import pytest

from models.claim_labels import ClaimState
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.payments import voids
from models.store.payments.voids import Voided
from tests.models.store.agency import builders as agency
from tests.models.store.claims import builders


@pytest.mark.parametrize(
    ("code", "end", "told"),
    [("0000", ClaimState.VOID, "claim_voided"), ("3308", ClaimState.REJECTED, "claim_rejected")],
)
def test_a_withdrawn_claim_ends_with_its_answer_and_the_others_go_on(
    database: Database, code: str, end: ClaimState, told: str
) -> None:
    reference = builders.authorize(database)
    withdrawn, other = (agency.a_queued_claim(database, reference, person=n, part=n) for n in (1, 2))
    rows = agency.hand_over(database, withdrawn, other)
    with database.begin() as connection:
        assert voids.void(connection, withdrawn.id, SYSTEM) is Voided.RECORDED
    agency.answered(database, rows, code)
    assert builders.state(database, withdrawn.id) == end
    assert builders.story(database, withdrawn.id)[-1] == told
    assert builders.state(database, other.id) == (ClaimState.ACCEPTED if code == "0000" else ClaimState.REJECTED)
    assert (builders.broken(database), builders.differences(database)) == ([], ())


def test_a_claim_in_a_file_that_may_be_on_its_way_is_recorded_first(database: Database) -> None:
    claim = agency.a_queued_claim(database)
    agency.hand_over(database, claim)
    with database.begin() as connection:
        assert voids.void(connection, claim.id, SYSTEM) is Voided.RECORDED
        assert voids.void(connection, claim.id, SYSTEM) is Voided.RECORDED
    assert builders.story(database, claim.id).count("claim_withdrawal_recorded") == 1
