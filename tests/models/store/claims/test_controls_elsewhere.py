"""One person claimed by two establishments in a week: both claims are signalled, whichever is controlled last."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from models.claim_labels import ClaimSignal, ClaimState
from models.store.claims import controls, elsewhere, records, steps, visas
from models.store.claims.records import ClaimRecord
from models.store.claims.staging import StagedPerson
from models.store.database import Database
from models.store.journal import outbox
from tests.cases import an_agent
from tests.models.store.claims import builders, reviewed
from tests.models.store.claims.builders import DECEMBER, LAST_WEEK, a_person

ELSEWHERE = (ClaimSignal.OTHER_ESTABLISHMENT,)


def control(database: Database, claim: ClaimRecord) -> None:
    """Control a claim, and let an instruction agree to it, as its process does."""
    with database.begin() as connection:
        controls.control(connection, claim.id)
        visas.agree_by_instruction(connection, claim.id)


def now(database: Database, claim: ClaimRecord) -> tuple[ClaimState, tuple[ClaimSignal, ...]]:
    with database.begin() as connection:
        found = records.get(connection, claim.id)
    return found.state, found.signals


def lead(database: Database, claim: ClaimRecord, *states: ClaimState) -> None:
    with database.begin() as connection:
        for each in states:
            assert steps.take(connection, claim.id, each)


def of_a_firm(database: Database, *people: StagedPerson, month: date = DECEMBER) -> ClaimRecord:
    """A claim of another firm, with an account of its own."""
    reference = builders.authorize(database, bank_account=builders.an_account())
    return builders.claim(database, reference, *people, month=month)


def two(database: Database) -> tuple[ClaimRecord, ClaimRecord]:
    """Claims of two firms for the same person and week."""
    first = of_a_firm(database, a_person(1), a_person(2))
    return first, of_a_firm(database, a_person(3), a_person(1, n=2))


def test_the_claim_that_was_controlled_first_is_signalled_by_the_second_one_once(database: Database) -> None:
    first = of_a_firm(database, a_person(1))
    control(database, first)
    assert now(database, first) == (ClaimState.UNDER_REVIEW, ())
    second, third = (of_a_firm(database, a_person(1)) for _ in range(2))
    for each in (second, third):
        control(database, each)
    assert [now(database, each) for each in (first, second, third)] == [(ClaimState.UNDER_REVIEW, ELSEWHERE)] * 3
    assert builders.story(database, first.id) == ["claim_received", "claim_controlled", "claim_signalled"]
    assert builders.story(database, third.id) == ["claim_received", "claim_signalled", "claim_controlled"]
    assert builders.broken(database) == []


def test_what_an_instruction_agreed_to_is_under_review_again_and_its_process_is_told(database: Database) -> None:
    reviewed.instruct(database, an_agent(database))
    first, second = two(database)
    with database.begin() as connection:  # alone in the week until the other one arrives
        connection.exec_driver_sql("UPDATE person_week SET payable = 0 WHERE siret <> %s", (siret(database, first),))
        controls.control(connection, first.id)
        assert visas.agree_by_instruction(connection, first.id)
        connection.exec_driver_sql("UPDATE person_week SET payable = 7")
    control(database, second)
    assert [now(database, each) for each in (first, second)] == [(ClaimState.UNDER_REVIEW, ELSEWHERE)] * 2
    assert builders.story(database, first.id)[-2:] == ["claim_signalled", "claim_agreement_lapsed"]
    with database.begin() as connection:
        told = [each.workflow_id for each in outbox.list_waiting(connection, 1_000) if each.kind == "look"]
    assert told == [f"claim:{first.subject}"]
    assert builders.broken(database) == []


def test_the_control_of_one_claim_changes_few_others_and_no_instruction_signs_the_rest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "MAX_TOLD", 1)
    reviewed.instruct(database, an_agent(database))
    firms = [of_a_firm(database, a_person(number)) for number in (1, 2)]
    for each in firms:
        control(database, each)
        assert now(database, each)[0] is ClaimState.AGREED
    control(database, of_a_firm(database, a_person(1), a_person(2)))
    states = [now(database, each)[0] for each in firms]
    assert sorted(states) == [ClaimState.AGREED, ClaimState.UNDER_REVIEW]
    untold = firms[states.index(ClaimState.AGREED)]
    assert not reviewed.may_still_sign(database, untold)
    assert reviewed.lapse(database, untold)
    assert now(database, untold) == (ClaimState.UNDER_REVIEW, ELSEWHERE)


def siret(database: Database, claim: ClaimRecord) -> str:
    return builders.employer_of(database, claim.reference).siret


def test_what_an_agent_agreed_to_or_signed_is_signalled_and_goes_on(database: Database) -> None:
    agreed, signed, handed, last = (of_a_firm(database, a_person(1)) for _ in range(4))
    way = (ClaimState.UNDER_REVIEW, ClaimState.AGREED, ClaimState.SIGNED, ClaimState.HANDED)
    for claim, steps_taken in ((agreed, 1), (signed, 3), (handed, 4)):
        lead(database, claim, *way[:steps_taken])
    assert reviewed.agree(database, agreed, an_agent(database)) == "done"
    control(database, last)
    assert [now(database, each) for each in (agreed, signed, handed, last)] == [
        (ClaimState.AGREED, ELSEWHERE),
        (ClaimState.SIGNED, ELSEWHERE),
        (ClaimState.HANDED, ()),
        (ClaimState.UNDER_REVIEW, ELSEWHERE),
    ]
    assert reviewed.may_still_sign(database, agreed)
    assert builders.broken(database) == []


def test_another_week_and_another_person_signal_nothing(database: Database) -> None:
    first = of_a_firm(database, a_person(1), a_person(2, (LAST_WEEK, "7")))
    control(database, first)
    other = of_a_firm(database, a_person(2), a_person(3))
    control(database, other)
    assert [now(database, each)[1] for each in (first, other)] == [(), ()]


def test_a_week_of_two_months_is_one_week(database: Database) -> None:
    december = of_a_firm(database, a_person(1, (LAST_WEEK, "7")))
    control(database, december)
    january = of_a_firm(database, a_person(1, (LAST_WEEK, "7")), month=date(2027, 1, 1))
    control(database, january)
    assert [now(database, each)[1] for each in (december, january)] == [ELSEWHERE] * 2


@pytest.mark.slow  # a race, repeated
def test_two_controls_at_once_of_each_others_claims_signal_both_and_neither_waits_for_ever(database: Database) -> None:
    reviewed.instruct(database, an_agent(database))
    for _ in range(8):
        pair = two(database)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda each: control(database, each), pair))
        assert [now(database, each) for each in pair] == [(ClaimState.UNDER_REVIEW, ELSEWHERE)] * 2
    assert builders.broken(database) == []
