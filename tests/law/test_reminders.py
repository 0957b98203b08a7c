"""Reminders before a legal instant."""

from datetime import UTC, date, datetime, timedelta

import pytest

from law.grounds import Ground
from law.payment import payment_delay
from law.reminders import (
    council_reminder,
    draft_reminders,
    forfeiture_reminders,
    opinion_reminders,
    overdue_at,
    payment_reminders,
    reminders,
    term_reminders,
)
from law.silence import silence
from law.window import filing_window


def test_reminders_of_silence_come_5_2_and_1_days_before() -> None:
    found = reminders(silence(datetime(2026, 10, 12, 9, tzinfo=UTC), "75"))
    assert [each.isoformat() for each in found] == [
        "2026-10-23T00:00:00+02:00",
        "2026-10-26T00:00:00+01:00",
        "2026-10-27T00:00:00+01:00",
    ]


@pytest.mark.parametrize("law_on", [date(2020, 3, 27), date(2020, 4, 10)])
def test_reminders_of_short_delays_come_24_8_and_2_hours_before(law_on: date) -> None:
    clock = silence(datetime(2026, 10, 23, 9, tzinfo=UTC), "75", law_on)
    end = clock.tacit_acceptance_at.astimezone(UTC)
    assert [end - each.astimezone(UTC) for each in reminders(clock)] == [timedelta(hours=hours) for hours in (24, 8, 2)]


def test_reminders_of_a_draft_that_is_already_near_its_end_are_left_out() -> None:
    window = filing_window(Ground.DISASTER_OR_WEATHER, date(2026, 11, 1), "75")
    early = draft_reminders(window, datetime(2026, 11, 2, tzinfo=UTC))
    assert [window.accepted_until - each for each in early] == [timedelta(days=d) for d in (10, 3, 1)]
    assert len(draft_reminders(window, window.accepted_until - timedelta(days=2))) == 1
    assert len(draft_reminders(window, window.accepted_until - timedelta(days=3))) == 1
    assert draft_reminders(window, window.accepted_until) == ()


def test_reminders_of_an_opinion_and_of_the_council() -> None:
    found = opinion_reminders(date(2027, 1, 22), "974", datetime(2026, 11, 22, tzinfo=UTC))
    assert [each.isoformat() for each in found] == [
        "2026-12-23T00:00:00+04:00",
        "2027-01-12T00:00:00+04:00",
        "2027-01-19T00:00:00+04:00",
    ]
    assert council_reminder(found[0]).date() == date(2027, 1, 7)


def test_a_claim_not_paid_is_told_of_at_days_5_8_9_and_10() -> None:
    received = datetime(2026, 11, 2, 9, tzinfo=UTC)
    due_on = payment_delay(received.date()).due_on
    found = payment_reminders(due_on, "75", received)
    assert [(each.date() - received.date()).days for each in found] == [5, 8, 9, 10]
    assert overdue_at(due_on, "75").isoformat() == "2026-11-13T00:00:00+01:00"


def test_a_claim_of_before_29_march_2020_is_told_of_at_days_10_13_14_and_15() -> None:
    received = datetime(2020, 3, 28, 9, tzinfo=UTC)
    found = payment_reminders(payment_delay(received.date()).due_on, "974", received)
    assert [(each.date() - received.date()).days for each in found] == [10, 13, 14, 15]
    assert found[-1].isoformat() == "2020-04-12T00:00:00+04:00"


def test_hours_left_are_told_of_60_30_and_7_days_before_the_forfeiture() -> None:
    found = forfeiture_reminders(date(2021, 11, 1), "75", datetime(2021, 9, 15, tzinfo=UTC))
    assert [each.isoformat() for each in found] == ["2021-10-02T00:00:00+02:00", "2021-10-25T00:00:00+02:00"]


def test_a_sum_to_give_back_is_told_of_15_and_3_days_before_its_term() -> None:
    found = term_reminders(date(2021, 3, 31), "75", datetime(2021, 3, 1, tzinfo=UTC))
    assert [each.isoformat() for each in found] == ["2021-03-16T00:00:00+01:00", "2021-03-28T00:00:00+01:00"]
