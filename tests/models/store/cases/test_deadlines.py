"""Races in the register: notification against silence, agent against agent, many against all."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from models.bodies.decision import GrantBody, RefusalBody
from models.engine.names import authorization_id
from models.engine.processes import hold
from models.errors import Conflict
from models.labels import Outcome
from models.messages.case import AlreadySettled, Established, Incident, Notified, Void
from models.store.cases import decisions, requests, silence
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.operations import incidents
from tests.cases import an_agent, an_employer, file_a_case
from tests.models.clocks import MICROSECOND, SECOND, clock_at, deadline, refuse, story


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


def wait_for_lock(database: Database) -> None:
    """Return once a session of this database waits for a row lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    limit = monotonic() + 60
    while monotonic() < limit:
        with database.begin() as connection:
            if connection.execute(waiting).scalar_one():
                return
        sleep(0.01)
    raise AssertionError("nobody waits")


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


def test_one_decision_id_for_two_cases_at_once_is_a_conflict(database: Database) -> None:
    agent = an_agent(database)
    references = [file_a_case(database) for _ in range(2)]
    body = RefusalBody(id="D1", outcome="refusal", grounds=("Article R. 5122-1.",))

    def decide(reference: str) -> str:
        with database.begin() as connection:
            return decisions.register(connection, reference, body, b"1", actor=agent).reference

    with ThreadPoolExecutor(1) as threads, database.begin() as connection:
        decisions.register(connection, references[0], body, b"1", actor=agent)
        waiting = threads.submit(decide, references[1])
        wait_for_lock(database)
        connection.commit()
        with pytest.raises(Conflict, match="déjà servi"):
            waiting.result()


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


def test_many_silences_at_once_make_one_outcome_each(database: Database) -> None:
    references = [file_a_case(database, left=timedelta()) for _ in range(20)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda each: _establish(database, each), references * 3))
    assert sum(isinstance(each, Established) for each in found) >= 1
    assert all(story(database, each).count("authorization_tacitly_granted") == 1 for each in references)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts at the same moment; a `Conflict` is an answer."""
    gate = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        gate.wait()
        try:
            return act()
        except Conflict as conflict:
            return conflict.slug

    with ThreadPoolExecutor(len(acts)) as threads:
        futures: list[Future[object]] = [threads.submit(one, act) for act in acts]
        return [future.result() for future in futures]


def test_of_two_contradictory_decisions_in_parallel_one_stands_fifty_times(database: Database) -> None:
    first, second = an_agent(database), an_agent(database)

    def decide(reference: str, agent: Actor, body: GrantBody | RefusalBody) -> object:
        with database.begin() as connection:
            return decisions.register(connection, reference, body, b"1", actor=agent).id

    for turn in range(50):
        reference = file_a_case(database)
        grant = GrantBody(id=f"grant-{turn}", outcome="grant")
        refusal = RefusalBody(
            id=f"refusal-{turn}", outcome="refusal", grounds=("Motif de fait et de droit.",)
        )
        answers = together(
            lambda r=reference, b=grant: decide(r, first, b),  # type: ignore[misc]
            lambda r=reference, b=refusal: decide(r, second, b),  # type: ignore[misc]
        )
        assert sorted(map(str, answers))[0] == "already-decided"
        assert answers.count("already-decided") == 1
        assert story(database, reference).count("decision_registered") == 1
