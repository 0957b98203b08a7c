"""The register arbitrates between notification and silence: by instants, exactly once, to the microsecond."""

from datetime import timedelta

import pytest

from models.labels import Outcome
from models.messages.case import AlreadySettled, Established, NotDue, Notified
from models.store.cases import completions, decisions, silence
from models.store.database import Database
from tests.cases import an_agent, file_a_case
from tests.models.clocks import MICROSECOND, SECOND, ask_pieces, clock_at, deadline, refuse, story


@pytest.mark.parametrize("before", [SECOND, MICROSECOND])
def test_a_decision_notified_before_the_instant_stands(database: Database, before: timedelta) -> None:
    reference = file_a_case(database)
    decision = refuse(database, reference, an_agent(database))
    at = deadline(database, reference) - before
    with clock_at(database, at) as frozen, frozen.begin() as connection:
        assert decisions.notify(connection, decision) == Notified(outcome=Outcome.REFUSED, at=at)
    with clock_at(database, at + SECOND) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
    assert found == AlreadySettled(outcome=Outcome.REFUSED, effect_at=at, void=None)


@pytest.mark.parametrize("before", [SECOND, MICROSECOND])
def test_silence_is_not_established_before_its_instant(database: Database, before: timedelta) -> None:
    reference = file_a_case(database)
    due = deadline(database, reference)
    with clock_at(database, due - before) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
    assert isinstance(found, NotDue)
    assert found.deadline_at == due
    assert found.seconds_left == before.total_seconds()


@pytest.mark.parametrize("late", [timedelta(), SECOND, timedelta(hours=1), timedelta(days=400)])
def test_silence_takes_effect_at_its_instant_however_late_it_is_recorded(database: Database, late: timedelta) -> None:
    reference = file_a_case(database)
    due = deadline(database, reference)
    with clock_at(database, due + late) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
    assert found == Established(effect_at=due, recorded_at=due + late)


def test_silence_is_established_once(database: Database) -> None:
    reference = file_a_case(database, left=timedelta())
    with database.begin() as connection:
        first = silence.establish(connection, reference)
    with database.begin() as connection:
        second = silence.establish(connection, reference)
    assert isinstance(first, Established)
    assert second == AlreadySettled(outcome=Outcome.TACIT, effect_at=first.effect_at)
    assert story(database, reference).count("authorization_tacitly_granted") == 1


def test_a_timer_that_fires_after_the_clock_stopped_finds_nothing_due(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    due = deadline(database, reference)
    with database.begin() as connection:
        completions.notify(connection, ask_pieces(connection, reference, agent))
    with clock_at(database, due + SECOND) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
    assert isinstance(found, NotDue)
    assert found.deadline_at is None
