"""How long there is left, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from starter.pages.components.time_left import time_left

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=30), "30 jours"),
        (timedelta(days=2), "2 jours"),
        (timedelta(hours=47, minutes=59), "47 heures"),
        (timedelta(hours=2), "2 heures"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=5), "1 minute"),
        (timedelta(), ""),
        (timedelta(days=-1), ""),
    ],
)
def test_the_time_left_is_told_in_the_largest_unit_that_still_says_something(left: timedelta, said: str) -> None:
    assert time_left(NOW, NOW + left).replace("\u00a0", " ") == said
