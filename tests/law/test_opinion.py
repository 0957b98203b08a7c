"""The works council's opinion and the commitments, by date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.commitments import commitments_duty
from law.duration import EarlierPeriod
from law.grounds import Ground
from law.opinion import (
    OpinionForm,
    council_notice,
    given_by_delegates,
    opinion_duty,
    opinion_objections,
    opinion_sentence,
    opinion_title,
    recorded_form,
    sense,
)

DISASTER, ECONOMIC = Ground.DISASTER_OR_WEATHER, Ground.ECONOMIC_CONDITIONS
EXCEPTIONAL = Ground.EXCEPTIONAL_CIRCUMSTANCES
ATTACHED = {OpinionForm.OPINION}
COUNCIL = ATTACHED | {OpinionForm.NO_COUNCIL}
LATER = COUNCIL | {OpinionForm.PENDING}
SMALL = COUNCIL | {OpinionForm.FEWER_THAN_50}


@pytest.mark.parametrize(
    ("ground", "received", "headcount", "required", "due", "accepted"),
    [
        (EXCEPTIONAL, "2013-07-01", 10, True, None, ATTACHED | {OpinionForm.DELEGATES}),
        (ECONOMIC, "2017-12-31", 500, True, None, ATTACHED | {OpinionForm.DELEGATES}),
        (ECONOMIC, "2018-01-01", 10, True, None, COUNCIL),
        (EXCEPTIONAL, "2020-03-25", 500, True, None, COUNCIL),
        (EXCEPTIONAL, "2020-03-26", 10, True, "2020-05-26", LATER),
        (DISASTER, "2020-03-26", 10, True, "2020-05-26", LATER),
        (ECONOMIC, "2020-03-26", 10, True, None, COUNCIL),
        (EXCEPTIONAL, "2020-06-28", 49, True, "2020-08-28", LATER),
        (EXCEPTIONAL, "2020-06-29", 49, False, None, SMALL),
        (EXCEPTIONAL, "2020-06-29", 50, True, "2020-08-29", LATER),
        (ECONOMIC, "2026-11-22", 50, True, None, COUNCIL),
        (ECONOMIC, "2026-11-22", 49, False, None, SMALL),
        # two months, clipped to the end of February
        (DISASTER, "2020-12-31", 50, True, "2021-02-28", LATER),
        (DISASTER, "2023-12-30", 50, True, "2024-02-29", LATER),
    ],
)
def test_the_opinion_by_date_ground_and_headcount(
    ground: Ground, received: str, headcount: int, required: bool, due: str | None, accepted: set[OpinionForm]
) -> None:
    duty = opinion_duty(ground, date.fromisoformat(received), headcount)
    assert (duty.required, duty.may_follow) == (required, due is not None)
    assert duty.due_on == (date.fromisoformat(due) if due else None)
    assert set(duty.accepted) == accepted
    assert duty.why


@pytest.mark.parametrize(
    ("on", "body"),
    [
        (date(2017, 12, 31), "comité d’entreprise, à défaut délégués du personnel"),
        (date(2018, 1, 1), "comité social et économique"),
    ],
)
def test_the_council_to_inform_is_that_of_the_time(on: date, body: str) -> None:
    assert opinion_duty(ECONOMIC, on, 100).body == body
    assert body in council_notice(on)


def test_training_takes_the_opinion_rule_of_another_day_and_counts_from_the_real_one() -> None:
    duty = opinion_duty(DISASTER, date(2026, 11, 22), 10, law_on=date(2020, 4, 1))
    assert duty.due_on == date(2027, 1, 22)


def test_an_opinion_form_that_is_not_enough_is_refused_with_those_that_are() -> None:
    duty = opinion_duty(ECONOMIC, date(2026, 11, 22), 120)
    (refusal,) = opinion_objections(duty, OpinionForm.PENDING, None, date(2026, 11, 22))
    assert (refusal.pointer, refusal.code) == ("/works_council", "opinion-not-sufficient")
    assert "avis joint à la demande, avis non requis, aucune instance" in refusal.message


def test_an_opinion_given_after_the_reception_is_refused() -> None:
    duty = opinion_duty(ECONOMIC, date(2026, 11, 22), 120)
    assert not opinion_objections(duty, OpinionForm.OPINION, date(2026, 11, 22), date(2026, 11, 22))
    (refusal,) = opinion_objections(duty, OpinionForm.OPINION, date(2026, 11, 23), date(2026, 11, 22))
    assert refusal.pointer == "/works_council/given_on"


@pytest.mark.parametrize(
    ("filed", "ended", "required"),
    [
        ("2026-11-22", "2023-11-22", True),
        ("2026-11-22", "2023-11-21", False),
        ("2026-11-22", "2026-11-21", True),
        ("2024-02-29", "2021-02-28", True),
        ("2024-02-29", "2021-02-27", False),
        ("2020-02-29", "2020-01-31", True),
        ("2020-03-01", "2020-01-31", False),
        ("2021-12-31", "2021-06-30", False),
        ("2022-01-01", "2021-06-30", True),
    ],
)
def test_commitments_follow_an_authorization_of_the_last_36_months(filed: str, ended: str, required: bool) -> None:
    end_on = date.fromisoformat(ended)
    earlier = EarlierPeriod(ECONOMIC, end_on.replace(day=1), end_on)
    duty = commitments_duty(date.fromisoformat(filed), [earlier])
    assert duty.required is required
    assert duty.why


def test_commitments_are_not_owed_for_what_has_not_begun() -> None:
    later = EarlierPeriod(ECONOMIC, date(2026, 12, 1), date(2026, 12, 31))
    assert not commitments_duty(date(2026, 12, 1), [later]).required
    assert not commitments_duty(date(2026, 12, 1), []).required


@given(st.sampled_from(Ground), st.dates(date(2013, 7, 1), date(2026, 12, 31)), st.integers(1, 5000))
def test_an_opinion_attached_is_always_accepted(ground: Ground, received: date, headcount: int) -> None:
    duty = opinion_duty(ground, received, headcount)
    assert OpinionForm.OPINION in duty.accepted
    assert (OpinionForm.PENDING in duty.accepted) == duty.may_follow == (duty.due_on is not None)


def test_an_opinion_of_staff_delegates_is_recorded_and_said_as_theirs() -> None:
    on, given_on = date(2015, 3, 2), date(2015, 2, 20)
    recorded = recorded_form(OpinionForm.DELEGATES, "favourable")
    assert (given_by_delegates(recorded), sense(recorded)) == (True, "favourable")
    assert opinion_title(recorded, on) == "Avis des délégués du personnel"
    said = "avis favorable des délégués du personnel, rendu le 20 février 2015"
    assert opinion_sentence(recorded, on, given_on) == said
    silent = recorded_form(OpinionForm.DELEGATES, "none_given")
    assert opinion_sentence(silent, on, given_on).startswith("délégués du personnel consultés le 20 février 2015")
    council = recorded_form(OpinionForm.OPINION, "unfavourable")
    assert (council, given_by_delegates(council)) == ("unfavourable", False)
    assert opinion_title(council, date(2026, 11, 22)) == "Avis du comité social et économique"
    assert recorded_form(OpinionForm.PENDING, None) == "pending"
