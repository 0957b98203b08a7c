"""The filing window: when a request is out of time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.calendar import is_working_day, midnight
from law.dated import BeforeFirstText
from law.directory import DEPARTMENTS
from law.grounds import Ground
from law.window import filing_window, window_objection

ECONOMIC, DISASTER = Ground.ECONOMIC_CONDITIONS, Ground.DISASTER_OR_WEATHER
EXCEPTIONAL = Ground.EXCEPTIONAL_CIRCUMSTANCES
GROUNDS = st.sampled_from(Ground)
CODES = st.sampled_from([each.code for each in DEPARTMENTS])
DAYS = st.dates(date(2013, 7, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("ground", "placed", "closes", "accepted"),
    [
        # published by the ministry: « until 2020-04-20 » and « until end of November »
        (EXCEPTIONAL, "2020-03-20", "2020-04-21", "2020-05-01"),
        (EXCEPTIONAL, "2020-10-30", "2020-12-01", "2020-12-01"),
        # the first text
        (ECONOMIC, "2013-07-01", "2013-07-01", "2013-07-01"),
        (DISASTER, "2013-07-01", "2013-08-01", "2013-08-01"),
        # ground 5 around 26 March 2020, judged as if received on the window's last day
        (EXCEPTIONAL, "2020-02-24", "2020-02-24", "2020-02-24"),
        (EXCEPTIONAL, "2020-02-25", "2020-03-27", "2020-03-27"),
        (EXCEPTIONAL, "2020-02-26", "2020-03-28", "2020-03-28"),
        (EXCEPTIONAL, "2020-02-29", "2020-03-31", "2020-03-31"),
        (EXCEPTIONAL, "2020-03-01", "2020-04-01", "2020-05-01"),
        (EXCEPTIONAL, "2020-03-26", "2020-04-28", "2020-05-01"),
        (DISASTER, "2020-02-24", "2020-03-26", "2020-03-26"),
        (DISASTER, "2020-02-26", "2020-03-28", "2020-03-28"),
        (DISASTER, "2020-03-26", "2020-04-28", "2020-05-01"),
        # end of the tolerance
        (EXCEPTIONAL, "2020-03-30", "2020-04-30", "2020-05-01"),
        (EXCEPTIONAL, "2020-03-31", "2020-05-01", "2020-05-01"),
        (EXCEPTIONAL, "2020-04-01", "2020-05-05", "2020-05-05"),  # 1 May is a Friday
        # other grounds always precede the placement
        (ECONOMIC, "2020-03-20", "2020-03-20", "2020-03-20"),
        (Ground.SUPPLY_DIFFICULTIES, "2026-12-01", "2026-12-01", "2026-12-01"),
        (Ground.RESTRUCTURING, "2024-02-29", "2024-02-29", "2024-02-29"),
        # a leap day as last day, then rolled over a weekend at a month's end
        (DISASTER, "2024-01-30", "2024-03-01", "2024-03-01"),
        (DISASTER, "2016-01-30", "2016-03-01", "2016-03-01"),
        (DISASTER, "2026-01-29", "2026-03-03", "2026-03-03"),
    ],
)
def test_worked_windows(ground: Ground, placed: str, closes: str, accepted: str) -> None:
    window = filing_window(ground, date.fromisoformat(placed), "75")
    assert window.closes_at == midnight(date.fromisoformat(closes), "75")
    assert window.accepted_until == midnight(date.fromisoformat(accepted), "75")


@pytest.mark.parametrize(
    ("ground", "received", "closes", "accepted"),
    [
        (EXCEPTIONAL, "2020-02-29", "2020-03-10", "2020-03-10"),
        (EXCEPTIONAL, "2020-03-01", "2020-03-10", "2020-05-01"),
        (EXCEPTIONAL, "2020-03-25", "2020-03-10", "2020-05-01"),
        (EXCEPTIONAL, "2020-03-26", "2020-04-10", "2020-05-01"),
        (EXCEPTIONAL, "2020-04-30", "2020-04-10", "2020-05-01"),
        (EXCEPTIONAL, "2020-05-01", "2020-04-10", "2020-04-10"),
        (DISASTER, "2020-03-25", "2020-04-10", "2020-05-01"),
        (DISASTER, "2020-03-26", "2020-04-10", "2020-05-01"),
        (ECONOMIC, "2020-04-15", "2020-03-10", "2020-03-10"),
    ],
)
def test_the_window_of_10_march_2020_by_date_of_reception(
    ground: Ground, received: str, closes: str, accepted: str
) -> None:
    window = filing_window(ground, date(2020, 3, 10), "75", date.fromisoformat(received))
    assert window.closes_at == midnight(date.fromisoformat(closes), "75")
    assert window.accepted_until == midnight(date.fromisoformat(accepted), "75")


@pytest.mark.parametrize(
    ("code", "placed", "closes"),
    [
        ("75", date(2026, 3, 4), date(2026, 4, 4)),
        ("67", date(2026, 3, 4), date(2026, 4, 8)),  # Good Friday, weekend, Easter Monday
        ("75", date(2026, 4, 27), date(2026, 5, 28)),
        ("971", date(2026, 4, 27), date(2026, 5, 29)),  # abolition of slavery
        ("974", date(2024, 11, 20), date(2024, 12, 24)),
        ("75", date(2024, 11, 20), date(2024, 12, 21)),
    ],
)
def test_the_30th_day_rolls_over_the_holidays_of_the_departement(code: str, placed: date, closes: date) -> None:
    assert filing_window(DISASTER, placed, code).closes_at == midnight(closes, code)


def test_the_window_closes_at_local_midnight_overseas() -> None:
    assert filing_window(ECONOMIC, date(2026, 6, 1), "974").closes_at.isoformat() == "2026-06-01T00:00:00+04:00"
    assert filing_window(ECONOMIC, date(2026, 6, 1), "971").closes_at.isoformat() == "2026-06-01T00:00:00-04:00"


@given(GROUNDS, DAYS, CODES)
def test_a_window_never_accepts_less_than_it_closes_and_explains_itself(
    ground: Ground, placed: date, code: str
) -> None:
    window = filing_window(ground, placed, code)
    assert window.closes_at <= window.accepted_until
    assert window.closes_at >= midnight(placed, code)
    assert len(window.why) >= 2
    last_day = (window.closes_at - timedelta(seconds=1)).date()
    assert last_day < placed or is_working_day(last_day, code)


@given(GROUNDS, DAYS, CODES)
def test_the_window_without_reception_is_that_of_a_reception_on_its_last_day(
    ground: Ground, placed: date, code: str
) -> None:
    window = filing_window(ground, placed, code)
    last_day = (window.closes_at - timedelta(seconds=1)).date()
    if last_day >= date(2013, 7, 1):
        assert filing_window(ground, placed, code, received_on=last_day) == window
        after = window.accepted_until.date()
        if after > placed:
            assert filing_window(ground, placed, code, received_on=after).accepted_until <= window.accepted_until


def test_equality_is_late_and_a_second_before_is_in_time() -> None:
    closes = datetime(2026, 11, 30, 23, tzinfo=UTC)
    day = date(2026, 12, 1)
    assert window_objection(ECONOMIC, day, day, "75", closes - timedelta(seconds=1)) is None
    refusal = window_objection(ECONOMIC, day, day, "75", closes)
    assert refusal is not None
    assert (refusal.pointer, refusal.code, refusal.articles) == (
        "/placement_on",
        "filing-window-closed",
        ("R. 5122-2",),
    )
    assert "achevé le 30 novembre 2026 à minuit. La demande" in refusal.message.replace("\u00a0", " ")


def test_a_tolerance_is_said_beside_the_end_of_the_delay() -> None:
    day, received = date(2020, 3, 20), datetime(2026, 12, 10, 12, tzinfo=UTC)
    refusal = window_objection(EXCEPTIONAL, day, day, "75", received, law_on=date(2020, 4, 15))
    assert refusal is not None
    said = (
        "achevé le 20 avril 2020 à minuit et les demandes ont été acceptées jusqu’au 30 avril 2020 à minuit. La demande"
    )
    assert said in refusal.message.replace("\u00a0", " ")


def test_a_late_request_may_cover_a_period_that_starts_after_its_reception() -> None:
    received = datetime(2026, 12, 10, 12, tzinfo=UTC)
    placed = date(2026, 12, 1)
    assert window_objection(ECONOMIC, placed, date(2026, 12, 11), "75", received) is None
    assert window_objection(ECONOMIC, placed, date(2026, 12, 10), "75", received) is not None


def test_a_placement_before_the_first_text_is_refused() -> None:
    with pytest.raises(BeforeFirstText):
        filing_window(ECONOMIC, date(2013, 6, 30), "75")


def test_training_judges_by_the_rule_of_another_day() -> None:
    placed = date(2026, 11, 1)
    received = date(2026, 11, 22)
    before = filing_window(EXCEPTIONAL, placed, "75", received, law_on=date(2020, 3, 25))
    after = filing_window(EXCEPTIONAL, placed, "75", received, law_on=date(2020, 3, 26))
    assert before.closes_at == midnight(placed, "75")
    assert after.closes_at == midnight(date(2026, 12, 2), "75")
    assert after.why[0].source == "profil de formation"
