"""Enrolment (R. 5122-26, I): seven days by hand, then within the hour; fifteen days to use the credentials."""

from datetime import datetime, timedelta

import pytest

from law.dated import BeforeFirstText
from law.enrolment import (
    activation_reminders,
    activation_until,
    credentials_delay,
    forgotten_before,
    terms_in_force,
)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


@pytest.mark.parametrize(
    ("requested", "alert", "due"),
    [
        # Press note of 3 April 2020: automatic, within the hour, from 2 April; seven days by hand before.
        ("2020-04-01T23:59:59+02:00", "2020-04-07T23:59:59+02:00", "2020-04-08T23:59:59+02:00"),
        ("2020-04-02T00:00:00+02:00", "2020-04-02T00:55:00+02:00", "2020-04-02T01:00:00+02:00"),
        ("2026-11-25T21:53:27+01:00", "2026-11-25T22:48:27+01:00", "2026-11-25T22:53:27+01:00"),
        # An hour is an elapsed hour, also in the night when clocks go back.
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:25:00+01:00", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_credentials_are_due_seven_days_then_one_hour_after_the_request(requested: str, alert: str, due: str) -> None:
    found = credentials_delay(at(requested), "75")
    assert (found.alert_at.isoformat(), found.due_at.isoformat()) == (alert, due)


def test_the_day_is_that_of_the_departement() -> None:
    night = at("2020-04-01T22:30:00+00:00")  # 2 April in Paris, and already in Réunion; still the 1st in Guadeloupe
    assert credentials_delay(night, "75").due_at - night == timedelta(hours=1)
    assert credentials_delay(night, "971").due_at - night == timedelta(days=7)


def test_the_explanation_says_the_delay_the_request_and_the_limit() -> None:
    why = credentials_delay(at("2026-11-25T21:53:27.9+01:00"), "75").why
    assert {each.article for each in why} == {"R. 5122-26"}
    assert why[0].value == "une heure, automatiquement"
    assert why[1].value.startswith("25 novembre 2026 à 21")
    assert why[2].value.replace("\u00a0", " ") == "25 novembre 2026 à 22 h 53 min 27 s"


def test_training_takes_the_rule_of_another_day_at_real_instants() -> None:
    requested = at("2026-11-25T10:00:00+01:00")
    then = at("2019-01-01T00:00:00+01:00").date()
    assert credentials_delay(requested, "75", law_on=then).due_at - requested == timedelta(days=7)
    assert terms_in_force(requested, "75", law_on=then) == "2014-10-01"


def test_nothing_is_said_of_a_day_before_online_filing() -> None:
    with pytest.raises(BeforeFirstText):
        credentials_delay(at("2014-09-30T12:00:00+02:00"), "75")


def test_credentials_may_be_used_to_the_end_of_the_fifteenth_day() -> None:
    until = activation_until(at("2026-11-25T21:53:27+01:00"), "75")
    assert until.isoformat() == "2026-12-11T00:00:00+01:00"
    reminded = [each.isoformat() for each in activation_reminders(until, at("2026-11-25T21:53:27+01:00"))]
    assert reminded == [f"2026-12-{day}T00:00:00+01:00" for day in ("01", "08", "10")]
    assert activation_reminders(until, at("2026-12-09T00:00:00+01:00"))[0].day == 10


def test_what_came_to_nothing_is_kept_for_thirty_days() -> None:
    assert forgotten_before(at("2026-12-31T00:00:00+01:00")).isoformat() == "2026-12-01T00:00:00+01:00"
