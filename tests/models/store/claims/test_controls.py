"""What a claim waits for is what the register says now; each change of it is one event."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from law.calendar import midnight
from models.claim_labels import ClaimSignal, ClaimState
from models.engine.names import claim_process
from models.errors import Conflict
from models.messages.claim import ClaimStanding
from models.store.cases import opinions, requests
from models.store.claims import agreements, controls, ends
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.journal import outbox
from models.store.journal.events import SYSTEM
from models.store.people import notices
from tests.cases import DEPARTMENT, an_agent, an_employer
from tests.models.clocks import SECOND, clock_at
from tests.models.store.claims import builders, reviewed


def look(database: Database, claim: ClaimRecord) -> ClaimStanding:
    with database.begin() as connection:
        return controls.look(connection, claim.id)


def senses(database: Database, claim: ClaimRecord) -> list[str]:
    with database.begin() as connection:
        return [each.data["sense"] for each in notices.list_unsent(connection, claim_process(claim.subject))]


def test_nothing_holds_a_claim_in_order_and_looking_changes_nothing(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    assert look(database, claim) == look(database, claim) == ClaimStanding(state=ClaimState.ADMITTED)
    assert builders.story(database, claim.id) == ["claim_received"]


def looks_until_sent(database: Database, claim: ClaimRecord) -> list[bool]:
    """Look twice, because the result of a look may be lost, and once more when the notices are sent."""
    told = [look(database, claim).told for _ in range(2)]
    with database.begin() as connection:
        for each in notices.list_unsent(connection, claim_process(claim.subject)):
            notices.mark_sent(connection, each.key)
    return [*told, look(database, claim).told]


def test_each_reason_is_told_once_and_the_last_one_that_goes_releases(database: Database) -> None:
    with database.begin() as connection:
        unproven = an_employer(connection, proven=False)
    claim = builders.claim(database, builders.authorize(database, employer=unproven, **builders.missing_opinion()))
    assert claim.signals == (ClaimSignal.AUTHORITY, ClaimSignal.OPINION)
    assert look(database, claim).told
    assert senses(database, claim) == ["authority", "opinion"]
    assert looks_until_sent(database, claim) == [True, True, False]
    with database.begin() as connection:
        connection.execute(text("UPDATE opinion SET form = 'favourable'"))
    assert look(database, claim).holds == (ClaimSignal.AUTHORITY,)
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET channel = 'paper'"))
    assert look(database, claim) == ClaimStanding(state=ClaimState.ADMITTED)
    assert builders.story(database, claim.id) == ["claim_received", "claim_held", "claim_held", "claim_released"]
    assert senses(database, claim) == []


def test_a_claim_waits_for_an_opinion_once_its_last_day_is_past_and_not_before(database: Database) -> None:
    reference = builders.authorize(database, headcount=60, works_council={"pending": True})
    claim = builders.claim(database, reference)
    assert (claim.state, claim.signals) == (ClaimState.ADMITTED, ())
    with database.begin() as connection:
        due_on = opinions.find_due_day(connection, reference)
    assert due_on is not None
    over = midnight(due_on + timedelta(days=1), DEPARTMENT)
    staged = builders.stage(database, reference, builders.a_person(2), part=2)
    for at, state in ((over - SECOND, ClaimState.ADMITTED), (over, ClaimState.HELD)):
        with case_clock(database, claim, at) as frozen:
            assert look(frozen, claim).state is state
    with case_clock(database, claim, over) as frozen:
        late = builders.admit(frozen, staged)
    assert (late.state, late.signals) == (ClaimState.HELD, (ClaimSignal.OPINION,))
    assert builders.broken(database) == []


def test_a_claim_agreed_to_before_that_day_and_not_signed_is_held_after_it(database: Database) -> None:
    reference = builders.authorize(
        database, headcount=60, works_council={"pending": True}, bank_account=builders.an_account()
    )
    claim = reviewed.reviewed(database, reference=reference)
    assert reviewed.agree(database, claim, an_agent(database)) == "done"
    with case_clock(database, claim, LONG_AFTER) as frozen, frozen.begin() as connection:
        assert agreements.lapse_if_powerless(connection, claim.id, lambda *_: True)
    with case_clock(database, claim, LONG_AFTER) as frozen:
        assert look(frozen, claim).state is ClaimState.HELD


LONG_AFTER = midnight(date(2027, 6, 1), DEPARTMENT)
"""After the last day of an opinion that was to follow a request filed now."""


def test_an_agent_waives_an_opinion_that_is_missing_and_its_claims_go_on(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database, **builders.missing_opinion()))
    assert look(database, claim).state is ClaimState.HELD
    with database.begin() as connection:
        opinions.waive(connection, claim.reference, "Le comité n’a plus d’élus.", an_agent(database))
    assert woken(database, claim)
    assert look(database, claim).state is ClaimState.ADMITTED
    second = builders.claim(database, claim.reference, builders.a_person(2), part=2)
    assert second.state is ClaimState.ADMITTED
    with database.begin() as connection, pytest.raises(Conflict, match="ne retient"):
        opinions.waive(connection, claim.reference, "Le comité n’a plus d’élus.", an_agent(database))
    assert builders.broken(database) == []


def test_nothing_is_waived_before_the_last_day_nor_where_no_opinion_is_awaited(database: Database) -> None:
    awaited = builders.authorize(database, headcount=60, works_council={"pending": True})
    for reference in (awaited, builders.authorize(database)):
        with database.begin() as connection, pytest.raises(Conflict) as refused:
            opinions.waive(connection, reference, "Le comité n’a plus d’élus.", an_agent(database))
        assert refused.value.slug == "opinion-not-missing"


def woken(database: Database, claim: ClaimRecord) -> bool:
    with database.begin() as connection:
        return claim_process(claim.subject) in {each.workflow_id for each in outbox.list_waiting(connection, 1_000)}


def test_a_claim_under_review_whose_account_changed_is_held_and_keeps_its_other_signals(database: Database) -> None:
    claim = reviewed.reviewed(database, ClaimSignal.DSN_TOTAL)
    with database.begin() as connection:
        connection.execute(text("UPDATE nominal SET iban = 'FR7630006000011234567890189'"))
    standing = look(database, claim)
    assert (standing.state, standing.signals) == (
        ClaimState.HELD,
        (ClaimSignal.BANK_ACCOUNT, ClaimSignal.DSN_TOTAL),
    )


def test_a_refusal_that_is_to_be_signed_is_not_held_up(database: Database) -> None:
    claim = reviewed.reviewed(database)
    assert reviewed.refuse(database, claim, an_agent(database)) == "done"
    with database.begin() as connection:
        connection.execute(text("UPDATE nominal SET iban = 'FR7630006000011234567890189'"))
    assert look(database, claim) == ClaimStanding(state=ClaimState.UNDER_REVIEW, refused=True)


def controlled(database: Database, claim: ClaimRecord) -> tuple[ClaimSignal, ...]:
    with database.begin() as connection:
        controls.control(connection, claim.id)
        return controls.stand(connection, claim.id).signals


def test_what_an_agent_refused_is_looked_at_by_an_agent_when_it_is_sent_again(database: Database) -> None:
    """As another version or another part, though an instruction would agree to it; another month is another claim."""
    agent = an_agent(database)
    reviewed.instruct(database, agent)
    refused = reviewed.reviewed(database)
    reviewed.refuse(database, refused, agent)
    with database.begin() as connection:
        assert ends.end(connection, refused.id, ClaimState.REFUSED, SYSTEM)
    again = builders.claim(database, refused.reference)
    beside = builders.claim(database, refused.reference, builders.a_person(2), part=2)
    assert [controlled(database, each) for each in (again, beside)] == [(ClaimSignal.REFUSED_BEFORE,)] * 2
    assert not any(reviewed.agree_by_instruction(database, each) for each in (again, beside))
    week = (date(2027, 1, 4), "7")
    january = builders.claim(database, refused.reference, builders.a_person(1, week), month=date(2027, 1, 1))
    assert controlled(database, january) == ()


def test_a_refusal_that_nobody_signed_leaves_the_claim_to_an_agent(database: Database) -> None:
    agent = an_agent(database)
    reviewed.instruct(database, agent)
    claim, other = reviewed.reviewed(database), an_agent(database)
    reviewed.refuse(database, claim, other)
    reviewed.end_delegations(database, other)
    assert reviewed.lapse(database, claim)
    assert controlled(database, claim) == (ClaimSignal.REFUSED_BEFORE,)
    assert not reviewed.agree_by_instruction(database, claim)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (midnight(date(2027, 9, 1), DEPARTMENT) - SECOND, {"sense": "answered_dated", "on": "2027-08-31"}),
        (midnight(date(2027, 9, 1), DEPARTMENT), {"sense": "answered"}),
    ],
    ids=["the last day", "after it"],
)
def test_a_rejection_is_told_with_its_code_whether_it_names_people_and_the_last_day_until_it_is_past(
    database: Database, now: datetime, day: dict[str, str]
) -> None:
    claim = rejected(database, *_ANSWERED)
    with case_clock(database, claim, now) as at:
        assert look(at, claim).told
    assert noticed(database, claim) == ("claim_rejected", day | {"answer": "3308", "of_people": "yes"})


def test_a_rejection_without_a_code_is_told_with_the_last_day(database: Database) -> None:
    claim = rejected(database)
    assert look(database, claim).told
    assert noticed(database, claim) == ("claim_rejected", {"sense": "dated", "on": "2027-08-31"})


@pytest.mark.parametrize(
    ("answered", "said"),
    [(False, {"sense": "corrected"}), (True, {"sense": "answered_corrected", "answer": "3308", "of_people": "yes"})],
)
def test_a_rejection_near_the_last_day_is_told_with_the_last_day_to_put_it_right(
    database: Database, answered: bool, said: dict[str, str]
) -> None:
    told = midnight(date(2027, 8, 20), DEPARTMENT)
    claim = rejected(database, *(_ANSWERED if answered else ()), told_at=told)
    with case_clock(database, claim, told) as at:
        assert look(at, claim).told
    assert noticed(database, claim) == ("claim_rejected", said | {"on": "2027-10-21"})


@contextmanager
def case_clock(database: Database, claim: ClaimRecord, instant: datetime) -> Iterator[Database]:
    """A register in which the clock of the case of a claim stands at an instant."""
    with database.begin() as connection:
        offset = requests.get(connection, claim.reference).clock_offset
    with clock_at(database, instant - offset) as frozen:
        yield frozen


def rejected(database: Database, *answered: str, told_at: datetime | None = None) -> ClaimRecord:
    """A claim that the agency rejected, of an authorization to 28 February 2027."""
    claim = builders.claim(database, builders.authorize(database))
    builders.hand_over(database, claim.id)
    if told_at is None:
        return _reject(database, claim, answered)
    with case_clock(database, claim, told_at) as frozen:
        return _reject(frozen, claim, answered)


def _reject(database: Database, claim: ClaimRecord, answered: Sequence[str]) -> ClaimRecord:
    with database.begin() as connection:
        for statement in answered:
            connection.execute(text(statement), {"claim": claim.id})
        assert ends.end(connection, claim.id, ClaimState.REJECTED, SYSTEM)
    return claim


def noticed(database: Database, claim: ClaimRecord) -> tuple[str, dict[str, str]]:
    with database.begin() as connection:
        (notice,) = notices.list_unsent(connection, claim_process(claim.subject))
    return notice.kind, notice.data


_ANSWERED = (
    "INSERT INTO deposit (channel, name, bytes, sha256, reserved_at)"
    " VALUES ('claims', 'D', '', repeat('0', 64), now())",
    "INSERT INTO agency_file (channel, name, sha256) VALUES ('claims', 'A', repeat('0', 64))",
    "INSERT INTO agency_answer (deposit_id, line, nth, claim_id, file_id, code, label, lines, binding)"
    " SELECT d.id, 1, 1, :claim, f.id, '3308', 'Rejet', '[2]', true FROM deposit d, agency_file f",
)
