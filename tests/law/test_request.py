"""The whole check of a request: every objection at once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from law.calendar import NaiveInstant
from law.commitments import CommitmentKind
from law.duration import EarlierPeriod
from law.forfeiture import forfeiture
from law.grounds import Ground, Perimeter
from law.living import LivingRequest
from law.opinion import OpinionForm
from law.request import RequestFacts, channel, remote_period, request_objections

GOOD = RequestFacts(
    ground=Ground.EXCEPTIONAL_CIRCUMSTANCES,
    perimeter=Perimeter.FULL_CLOSURE,
    department="34",
    placement_on=date(2026, 12, 1),
    start_on=date(2026, 12, 1),
    end_on=date(2027, 2, 28),
    received_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    headcount=120,
    employees=42,
    hours=Decimal(12000),
    opinion=OpinionForm.OPINION,
    opinion_given_on=date(2026, 11, 20),
)


def found(facts: RequestFacts) -> dict[str, str]:
    return {each.code: each.pointer for each in request_objections(facts)}


def test_the_request_of_the_contract_is_admitted() -> None:
    assert request_objections(GOOD) == ()


def test_every_refusal_comes_at_once_with_its_pointer() -> None:
    before = EarlierPeriod(GOOD.ground, date(2026, 1, 1), date(2026, 9, 20))
    bad = replace(
        GOOD,
        placement_on=date(2026, 9, 15),
        start_on=date(2026, 9, 1),
        end_on=date(2026, 12, 30),
        opinion=OpinionForm.DELEGATES,
        opinion_given_on=date(2026, 11, 23),
        earlier=(before,),
        living=(LivingRequest("034AAAA01", before.ground, before.start_on, before.end_on, 1),),
        online=False,
    )
    assert found(bad) == {
        "online-only": "",
        "period-before-placement": "/period/start_on",
        "filing-window-closed": "/placement_on",
        "period-too-long": "/period/end_on",
        "too-many-months": "/period/end_on",
        "opinion-not-sufficient": "/works_council",
        "opinion-in-the-future": "/works_council/delegates/given_on",
        "commitments-missing": "/commitments",
    }
    assert all(each.message.endswith(".") or ":" in each.message for each in request_objections(bad))


def test_commitments_given_are_enough() -> None:
    before = EarlierPeriod(GOOD.ground, date(2026, 1, 1), date(2026, 1, 31))
    assert found(replace(GOOD, earlier=(before,))) == {"commitments-missing": "/commitments"}
    assert not found(replace(GOOD, earlier=(before,), commitments=(CommitmentKind.TRAINING,)))


def test_a_reception_before_the_first_text_is_one_refusal() -> None:
    old = replace(GOOD, received_at=datetime(2013, 6, 30, 12, tzinfo=UTC))
    assert found(old) == {"before-first-text": ""}


def test_a_naive_reception_is_a_fault_of_form() -> None:
    with pytest.raises(NaiveInstant):
        request_objections(replace(GOOD, received_at=datetime(2026, 11, 22)))  # noqa: DTZ001


@pytest.mark.parametrize(("day", "online"), [(date(2014, 9, 30), False), (date(2014, 10, 1), True)])
def test_the_channel_is_online_since_october_2014_and_paper_before(day: date, online: bool) -> None:
    found_ = channel(day)
    assert (found_.online, found_.paper) == (online, not online)
    facts = replace(
        GOOD,
        received_at=datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12),
        placement_on=date(2014, 10, 6),
        start_on=date(2014, 10, 6),
        end_on=date(2014, 11, 6),
        opinion_given_on=date(2014, 9, 1),
    )
    assert found(facts) == ({} if online else {"not-yet-online": ""})
    assert found(replace(facts, online=False)) == ({"online-only": ""} if online else {})


def test_grounds_and_perimeters_have_the_words_codes_and_labels_of_the_contract() -> None:
    assert {each.value: each.code for each in Ground} == {
        "economic_conditions": 1,
        "supply_difficulties": 2,
        "disaster_or_weather": 3,
        "restructuring": 4,
        "exceptional_circumstances": 5,
    }
    assert {each.value: each.code for each in Perimeter} == {
        "full_reduction": 1,
        "partial_reduction": 2,
        "full_closure": 3,
        "partial_closure": 4,
    }
    assert all(each.label for each in (*Ground, *Perimeter, *CommitmentKind))
    assert [each for each in Perimeter if each.is_closure] == [
        Perimeter.FULL_CLOSURE,
        Perimeter.PARTIAL_CLOSURE,
    ]


def test_a_commitment_lasts_until_the_end_of_the_period_at_least() -> None:
    until = (date(1990, 1, 1), GOOD.end_on - timedelta(days=1), GOOD.end_on, date(2027, 8, 31))
    objections = request_objections(replace(GOOD, commitments=(CommitmentKind.KEEP_JOBS,) * 4, commitments_until=until))
    assert [(each.pointer, each.code, each.articles) for each in objections] == [
        (f"/commitments/{number}/until_on", "commitment-too-short", ("R. 5122-9",)) for number in (0, 1)
    ]


def test_a_period_is_remote_when_it_begins_more_than_twelve_months_after_the_filing() -> None:
    received_on = date(2026, 11, 22)
    assert remote_period(date(2027, 11, 22), received_on) is None
    remote = remote_period(date(2027, 11, 23), received_on)
    assert remote is not None
    assert "R. 5122-2" in remote.text


def test_a_paper_request_is_for_a_period_that_was_foreseeable_when_it_came_and_no_claim_follows_it_any_more() -> None:
    """The last day of paper, the last foreseeable day, six months, four years: nothing from 30 March 2020 on."""
    received_on, start_on, end_on = date(2014, 9, 30), date(2015, 9, 30), date(2016, 3, 29)
    last = replace(
        GOOD,
        received_at=datetime(2014, 9, 30, 12, tzinfo=UTC),
        placement_on=start_on,
        start_on=start_on,
        end_on=end_on,
        opinion_given_on=date(2014, 9, 1),
        online=False,
    )
    assert found(last) == {}
    assert found(replace(last, end_on=end_on + timedelta(days=1))) == {"period-too-long": "/period/end_on"}
    assert forfeiture(end_on, received_on).forfeited_on == date(2020, 3, 30)
    later = start_on + timedelta(days=1)
    assert found(replace(last, start_on=later)) == {"period-not-foreseeable": "/period/start_on"}
    today = replace(last, placement_on=GOOD.placement_on, start_on=GOOD.start_on, end_on=GOOD.end_on)
    refused = {each.code: each for each in request_objections(today)}["period-not-foreseeable"]
    assert "reçue sur papier le 30 septembre 2014" in refused.message
    assert refused.articles == ("R. 5122-2",)
