"""When the claims of a case are out of time: by the period granted, at the very second."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from law.calendar import midnight
from models.bodies.decision import HandOverBody
from models.claim_labels import ClaimState
from models.errors import Conflict
from models.labels import HoldReason
from models.messages.case import ClaimsForfeiture
from models.store.cases import forfeitures, holds, rejected_claims, requests, reviews
from models.store.cases.records import RequestRecord
from models.store.claims import ends, steps
from models.store.database import Database
from models.store.journal.events import SYSTEM
from tests.amendments import amend
from tests.cases import DEPARTMENT, GROUNDS, an_agent, file_a_case, let_silence_accept, notify_a_decision
from tests.models.clocks import SECOND, clock_at
from tests.models.store.claims.builders import EMPLOYER, admit, authorize, claim, hand_over, stage

ONE_DAY = timedelta(days=1)
GRANTED_TO = [("2021-04-30", "2021-11-01"), ("2025-06-15", "2025-12-16"), ("2024-02-29", "2024-09-01")]
"""Last day granted, first day out of time."""


def granted_to(database: Database, end_on: str, *, asked_to: date) -> str:
    """File a request for two months and grant its first days, to `end_on`."""
    last = date.fromisoformat(end_on)
    start_on = last.replace(day=1)
    received_at = midnight(start_on, DEPARTMENT) + timedelta(hours=10)
    period = {"start_on": start_on.isoformat(), "end_on": asked_to.isoformat()}
    reference = file_a_case(database, received_at=received_at, period=period)
    with clock_at(database, received_at + timedelta(days=1)) as frozen:
        notify_a_decision(frozen, reference, period=period | {"end_on": end_on}, grounds=GROUNDS)
    return reference


def found_at(database: Database, reference: str, at: datetime) -> ClaimsForfeiture:
    with clock_at(database, at) as frozen, frozen.begin() as connection:
        return forfeitures.find(connection, reference)


@pytest.mark.parametrize(("end_on", "forfeited_on"), GRANTED_TO)
def test_the_months_run_from_the_end_of_the_period_granted(database: Database, end_on: str, forfeited_on: str) -> None:
    reference = granted_to(database, end_on, asked_to=date.fromisoformat(end_on) + timedelta(days=40))
    instant = midnight(date.fromisoformat(forfeited_on), DEPARTMENT)
    before, at, after = (found_at(database, reference, instant + away) for away in (-SECOND, 0 * SECOND, SECOND))
    assert {each.forfeited_at for each in (before, at, after)} == {instant}
    assert (before.seconds_left, at.seconds_left, after.seconds_left) == (1, 0, 0)


def test_silence_grants_the_period_requested(database: Database) -> None:
    reference = file_a_case(database, period={"start_on": "2026-12-01", "end_on": "2027-02-28"})
    let_silence_accept(database, reference)
    with database.begin() as connection:
        found = forfeitures.find(connection, reference)
    assert found.forfeited_at == midnight(date(2027, 9, 1), DEPARTMENT)
    assert found.seconds_left > 0


def test_a_claim_under_a_long_arrangement_leaves_time_to_put_claims_right(database: Database) -> None:
    reference = authorize(database)
    admit(database, stage(database, reference, reference_months=12))
    with database.begin() as connection:
        found = forfeitures.find(connection, reference)
    assert found.forfeited_at == midnight(date(2028, 3, 1), DEPARTMENT)


def test_nothing_is_handed_over_once_the_claims_of_the_period_granted_are_out_of_time(database: Database) -> None:
    period = {"start_on": "2026-12-01", "end_on": "2027-02-28"}
    reference = file_a_case(database, period=period)
    notify_a_decision(database, reference, period=period | {"end_on": "2027-01-31"}, grounds=GROUNDS)
    with database.begin() as connection:
        holds.hold(connection, reference, HoldReason.LIMITS)
    instant, agent = midnight(date(2027, 8, 1), DEPARTMENT), an_agent(database)
    body = HandOverBody(reason="Les ateliers concernés ne sont pas les mêmes.")
    with (
        clock_at(database, instant) as frozen,
        pytest.raises(Conflict, match="avant le 1er août 2027"),
        frozen.begin() as connection,
    ):
        reviews.release(connection, reference, body, agent)
    with clock_at(database, instant - SECOND) as frozen, frozen.begin() as connection:
        assert reviews.release(connection, reference, body, agent) == [HoldReason.LIMITS]


OUT_OF_TIME = midnight(date(2027, 9, 1), DEPARTMENT)
"""For the case that `authorize` makes."""


def test_a_claim_made_in_time_keeps_its_case_open_until_it_ends(database: Database) -> None:
    made = claim(database, authorize(database))
    with database.begin() as connection:
        instant = OUT_OF_TIME - requests.get(connection, made.reference).clock_offset
    before, at = (found_at(database, made.reference, instant + away) for away in (-SECOND, 0 * SECOND))
    assert (before.forfeited_at, before.seconds_left) == (OUT_OF_TIME, 1)
    assert (at.forfeited_at, at.seconds_left) == (OUT_OF_TIME + ONE_DAY, ONE_DAY.total_seconds())
    with database.begin() as connection:
        assert ends.end(connection, made.id, ClaimState.VOID, EMPLOYER)
    assert found_at(database, made.reference, OUT_OF_TIME).seconds_left == 0


def test_an_answer_of_the_agency_lets_the_case_close(database: Database) -> None:
    made = claim(database, authorize(database))
    hand_over(database, made.id)
    assert found_at(database, made.reference, OUT_OF_TIME).seconds_left > 0
    with database.begin() as connection:
        assert steps.take(connection, made.id, ClaimState.ACCEPTED)
    assert found_at(database, made.reference, OUT_OF_TIME).seconds_left == 0


def test_an_amendment_under_review_keeps_its_authorization_open_and_claims_both(database: Database) -> None:
    reference = authorize(database)
    amendment = amend(database, reference, hours=Decimal(15_000))
    assert found_at(database, reference, OUT_OF_TIME).seconds_left > 0
    let_silence_accept(database, amendment)
    assert found_at(database, reference, OUT_OF_TIME).seconds_left == 0
    claim(database, reference)
    assert found_at(database, amendment, OUT_OF_TIME).seconds_left > 0


def test_what_holds_a_claim_made_in_time_is_released_after_the_forfeiture(database: Database) -> None:
    reference, agent = claim(database, authorize(database)).reference, an_agent(database)
    with database.begin() as connection:
        holds.hold(connection, reference, HoldReason.LIMITS)
    body = HandOverBody(reason="Les ateliers concernés ne sont pas les mêmes.")
    with clock_at(database, OUT_OF_TIME) as frozen, frozen.begin() as connection:
        assert reviews.release(connection, reference, body, agent) == [HoldReason.LIMITS]


def test_a_claim_that_ends_while_its_case_is_asked_about_keeps_it_open(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = claim(database, authorize(database))
    hand_over(database, made.id)
    with database.begin() as connection:
        offset = requests.get(connection, made.reference).clock_offset
    find = rejected_claims.find_last_day

    def reject_first(connection: Connection, case: RequestRecord) -> date | None:
        with database.begin() as other:
            assert ends.end(other, made.id, ClaimState.REJECTED, SYSTEM)
        return find(connection, case)

    monkeypatch.setattr(rejected_claims, "find_last_day", reject_first)
    assert found_at(database, made.reference, OUT_OF_TIME - offset).seconds_left > 0


def test_a_claim_that_may_be_put_right_keeps_its_case_open_until_its_own_last_day(database: Database) -> None:
    made = claim(database, authorize(database))
    hand_over(database, made.id)
    with database.begin() as connection:
        offset = requests.get(connection, made.reference).clock_offset
    told, over = midnight(date(2027, 9, 30), DEPARTMENT), midnight(date(2027, 12, 2), DEPARTMENT)
    with clock_at(database, told - offset) as frozen, frozen.begin() as connection:
        assert ends.end(connection, made.id, ClaimState.REJECTED, SYSTEM)
    found = [found_at(database, made.reference, over + away - offset) for away in (-SECOND, 0 * SECOND)]
    assert [(each.forfeited_at, each.seconds_left) for each in found] == [(over, 1), (over, 0)]
    staged = stage(database, made.reference)
    with clock_at(database, over - SECOND - offset) as frozen:
        second = admit(frozen, staged)
    assert found_at(database, made.reference, over - offset).seconds_left == ONE_DAY.total_seconds()
    hand_over(database, second.id, "accepted")
    assert found_at(database, made.reference, OUT_OF_TIME - offset).seconds_left == 0


def test_an_amendment_stays_open_while_a_claim_of_its_authorization_may_be_put_right(database: Database) -> None:
    reference = authorize(database)
    amendment = amend(database, reference, hours=Decimal(15_000))
    let_silence_accept(database, amendment)
    made = claim(database, reference)
    hand_over(database, made.id)
    with clock_at(database, OUT_OF_TIME) as frozen, frozen.begin() as connection:
        assert ends.end(connection, made.id, ClaimState.REJECTED, SYSTEM)
    assert found_at(database, amendment, OUT_OF_TIME).seconds_left > ONE_DAY.total_seconds()


def test_what_holds_a_case_is_released_while_one_of_its_claims_may_be_put_right(database: Database) -> None:
    made, agent = claim(database, authorize(database)), an_agent(database)
    hand_over(database, made.id)
    with database.begin() as connection:
        holds.hold(connection, made.reference, HoldReason.LIMITS)
    body = HandOverBody(reason="Les ateliers concernés ne sont pas les mêmes.")
    with clock_at(database, OUT_OF_TIME) as frozen, frozen.begin() as connection:
        assert ends.end(connection, made.id, ClaimState.REJECTED, SYSTEM)
        assert reviews.release(connection, made.reference, body, agent) == [HoldReason.LIMITS]
