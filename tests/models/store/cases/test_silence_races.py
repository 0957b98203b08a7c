"""Silence in a race: against a notification, an incident, a transaction that hangs, and many silences at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.engine.names import authorization_id
from models.engine.processes import hold
from models.labels import Outcome
from models.messages.case import AlreadySettled, Established, Incident, Notified, Void
from models.store.cases import decisions, requests, silence
from models.store.database import Database
from models.store.operations import incidents
from tests.cases import an_agent, an_employer, file_a_case
from tests.models.clocks import SECOND, clock_at, deadline, refuse, story, wait_for_lock


def test_a_notification_that_commits_while_silence_waits_stands(database: Database) -> None:
    reference = file_a_case(database)
    decision = refuse(database, reference, an_agent(database))
    due = deadline(database, reference)
    with ThreadPoolExecutor(1) as threads, database.begin() as connection:
        notified = decisions.notify(connection, decision)
        assert isinstance(notified, Notified)
        with clock_at(database, due + SECOND) as frozen:
            waiting = threads.submit(_establish, frozen, reference)
            wait_for_lock(database)
            assert not waiting.done()
            connection.commit()
            found = waiting.result()
    assert found == AlreadySettled(outcome=Outcome.REFUSED, effect_at=notified.at)
    assert "authorization_tacitly_granted" not in story(database, reference)


def test_silence_waits_for_an_incident_of_its_case_and_is_established(database: Database) -> None:
    reference = file_a_case(database)
    broken = Incident(subject=authorization_id(reference), act="send_notices", part="mail")
    with (
        ThreadPoolExecutor(1) as threads,
        clock_at(database, deadline(database, reference) + SECOND) as frozen,
    ):
        with database.begin() as connection:
            incidents.open_incident(connection, broken, hold(connection, broken.subject))
            waiting = threads.submit(_establish, frozen, reference)
            wait_for_lock(database)
        assert isinstance(waiting.result(), Established)
    assert story(database, reference)[-2:] == ["incident_opened", "authorization_tacitly_granted"]


def test_a_transaction_that_hangs_on_one_case_keeps_no_other_silence_waiting(database: Database) -> None:
    reference, held = file_a_case(database), file_a_case(database)
    due = max(deadline(database, each) for each in (reference, held))
    with clock_at(database, due + SECOND) as frozen:
        with database.begin() as connection:
            requests.get(connection, held, hold=True)
            assert isinstance(_establish(frozen, reference), Established)
        assert isinstance(_establish(frozen, held), Established)


def test_a_notification_that_waits_for_silence_is_void(database: Database) -> None:
    reference = file_a_case(database)
    decision = refuse(database, reference, an_agent(database))
    due = deadline(database, reference)
    with ThreadPoolExecutor(1) as threads, clock_at(database, due + SECOND) as frozen:
        with frozen.begin() as connection:
            assert isinstance(silence.establish(connection, reference), Established)
            waiting = threads.submit(_notify, database, decision)
            wait_for_lock(database)
            connection.commit()
        assert waiting.result() == Void(standing=Outcome.TACIT)


def _establish(database: Database, reference: str) -> object:
    with database.begin() as connection:
        return silence.establish(connection, reference)


def _notify(database: Database, decision: str) -> object:
    with database.begin() as connection:
        return decisions.notify(connection, decision)


@pytest.mark.slow
def test_five_hundred_due_at_once_are_established_in_one_statement_overlaps_among_them(
    database: Database,
) -> None:
    with database.begin() as connection:
        employer = an_employer(connection)
    overlapping = [file_a_case(database, employer=employer, left=timedelta()) for _ in range(10)]
    alone = [file_a_case(database, left=timedelta()) for _ in range(490)]
    with database.begin() as connection:
        assert isinstance(silence.establish(connection, alone[0]), Established)
        rows = connection.execute(
            text(
                "SELECT r.outcome, r.effect_at = r.deadline_at AS exact, r.recorded_at >= r.effect_at AS after,"
                " (SELECT count(*) FROM event e WHERE e.subject = r.reference"
                "  AND e.type = 'authorization_tacitly_granted') AS events FROM request r"
            )
        ).all()
    assert len(rows) == len(overlapping) + len(alone)
    assert {tuple(row) for row in rows} == {("tacit", True, True, 1)}


@pytest.mark.slow
def test_many_silences_at_once_make_one_outcome_each(database: Database) -> None:
    references = [file_a_case(database, left=timedelta()) for _ in range(20)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda each: _establish(database, each), references * 3))
    assert sum(isinstance(each, Established) for each in found) >= 1
    assert all(story(database, each).count("authorization_tacitly_granted") == 1 for each in references)
