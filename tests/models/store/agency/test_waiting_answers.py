"""How long the agency is silent about a file: the time for which it had announced that it would be is not counted."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from models.store.agency import waiting_answers
from models.store.agency.channels import CLAIMS
from models.store.database import Database, now
from models.store.journal import events
from tests.models.store.agency.builders import a_queued_claim, hand_over


def freeze(database: Database, *, from_days: float, to_days: float | None) -> None:
    """A freeze of the channel that began and ended so many days ago, or has not ended; it is said anew meanwhile."""
    said = [("agency_frozen", from_days), ("agency_frozen", from_days - 0.5)]
    with database.begin() as connection:
        for kind, days in [*said, ("agency_resumed", to_days)] if to_days is not None else said:
            assert days is not None
            events.append(connection, CLAIMS, kind, now(connection) - timedelta(days=days))


@pytest.mark.parametrize(
    ("frozen", "due_again", "overdue"),
    [
        ((), True, True),
        (((5.9, 0.05),), False, False),
        (((5.9, None),), False, False),
        (((20, 5.5),), True, True),
        (((20, 3),), True, False),
        (((5.9, 5), (4, 1)), True, False),
    ],
)
def test_the_days_of_a_freeze_are_not_those_of_a_silence(
    database: Database, frozen: tuple[tuple[float, float | None], ...], due_again: bool, overdue: bool
) -> None:
    hand_over(database, a_queued_claim(database))
    for from_days, to_days in frozen:
        freeze(database, from_days=from_days, to_days=to_days)
    with database.begin() as connection:
        connection.execute(text("UPDATE deposit SET written_at = written_at - interval '6 days'"))
        (waiting,) = waiting_answers.watch(connection, CLAIMS)
    assert (waiting.due_again, waiting.overdue) == (due_again, overdue)
