"""Files are put in some hours of working days, in Paris; a queue takes as long as its caps and hours make it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from models.agency_window import USUAL_HOURS, Window, queue

PARIS = ZoneInfo("Europe/Paris")
USUAL = Window(USUAL_HOURS, 1)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "put", "opens"),
    [
        ("2026-12-01T08:00", 0, None),
        ("2026-12-01T08:59", 0, None),
        ("2026-12-01T08:59", 1, "2026-12-01T10:00"),
        ("2026-12-01T09:00", 0, "2026-12-01T10:00"),
        ("2026-12-01T18:30", 1, "2026-12-02T08:00"),
        ("2026-12-05T10:00", 0, "2026-12-07T08:00"),
        ("2026-12-24T19:00", 0, "2026-12-28T08:00"),
        ("2027-03-26T18:00", 1, "2027-03-30T08:00"),
    ],
)
def test_the_next_opening_is_an_hour_of_a_working_day(now: str, put: int, opens: str | None) -> None:
    assert USUAL.opens_at(at(now), put) == (at(opens) if opens else None)


def test_a_change_of_legal_time_moves_no_opening() -> None:
    night = Window((3,), 1)
    assert night.opens_at(at("2027-03-26T04:00"), 0) == at("2027-03-30T03:00")


def test_without_hours_it_is_always_open() -> None:
    assert Window((), 1).opens_at(at("2026-12-06T03:00"), 99) is None


@pytest.mark.parametrize(
    ("rows", "window", "days"),
    [(340_000, USUAL, 81), (4_200, USUAL, 1), (4_201, USUAL, 2), (4_201, Window((9,), 3), 3)],
)
def test_a_queue_is_as_long_as_its_caps_and_hours_make_it(rows: int, window: Window, days: int) -> None:
    assert queue(rows, 700, window).working_days == days
