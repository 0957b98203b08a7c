"""What silence will do, when, and how much time is left."""

from datetime import UTC, datetime

import pytest

from law.calendar import local
from models.labels import Outcome
from starter.pages.agent.deadlines import deadline, time_left

MIDNIGHT = local(datetime(2026, 12, 13, 23, tzinfo=UTC), "34")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (14.9 * 86_400, "il reste 14 jours"),
        (86_400, "il reste 1 jour"),
        (86_399, "il reste 23 heures"),
        (3_600, "il reste 1 heure"),
        (3_599, "il reste 59 minutes"),
        (59, "il reste moins d’une minute"),
        (0, "délai expiré"),
    ],
)
def test_time_is_rounded_down_so_that_nobody_counts_on_more_than_is_left(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_midnight_ends_the_day_before() -> None:
    found = deadline(MIDNIGHT, 86_400.0, None)
    assert found.until.replace("\N{NO-BREAK SPACE}", " ") == "13 décembre 2026 à minuit"
    assert found.soon


def test_a_stopped_clock_or_an_outcome_leaves_nothing_to_count() -> None:
    assert deadline(None, None, None).until == ""
    assert deadline(MIDNIGHT, None, Outcome.TACIT).sentence == Outcome.TACIT.label
