"""The register arbitrates between notification and silence: by instants, exactly once, to the microsecond."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import Connection, text

from models.authorization import Established, NotDue, Notified, Standing, Void
from models.conflicts import Conflict
from models.ruling import CompletionRequestBody, GrantBody, RefusalBody
from models.store import completions, decisions, desistments, events, requests, silence
from models.store.events import Actor
from models.store.register import Register, case_now
from tests.cases import an_agent, an_employer, file_a_case

SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)


@contextmanager
def clock_at(register: Register, instant: datetime) -> Iterator[Register]:
    """A second pool on the same register in which the database's clock stands still at `instant`."""
    dsn = register.dsn.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(dsn, autocommit=True) as server:
        server.execute("CREATE SCHEMA IF NOT EXISTS frozen")
        server.execute(
            "CREATE OR REPLACE FUNCTION frozen.clock_timestamp() RETURNS timestamptz LANGUAGE sql"
            f" RETURN '{instant.isoformat()}'::timestamptz"
        )
    options = "?options=-csearch_path%3Dpublic,frozen,pg_catalog"
    with Register(dsn + options, size=2) as frozen:
        yield frozen


def refuse(register: Register, reference: str, agent: Actor, decision: str = "D1") -> str:
    """Register and sign a refusal, without notifying it."""
    body = RefusalBody(id=decision, outcome="refusal", grounds=("Article R. 5122-1 : motif étranger.",))
    with register.begin() as connection:
        decisions.register(connection, reference, body, b"1", partial=False, actor=agent)
        decisions.sign(connection, decision)
    return decision


def deadline(register: Register, reference: str) -> datetime:
    with register.begin() as connection:
        found = requests.get(connection, reference).deadline_at
    assert found is not None
    return found


def story(register: Register, reference: str) -> list[str]:
    with register.begin() as connection:
        assert events.broken_links(connection, reference) == []
        return [each.type for each in events.of(connection, reference)]


@pytest.mark.parametrize("before", [SECOND, MICROSECOND])
def test_a_decision_notified_before_the_instant_stands(register: Register, before: timedelta) -> None:
    reference = file_a_case(register)
    decision = refuse(register, reference, an_agent(register))
    at = deadline(register, reference) - before
    with clock_at(register, at) as frozen, frozen.begin() as connection:
        assert decisions.notify(connection, decision) == Notified(outcome="refused", at=at)
    with clock_at(register, at + SECOND) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
    assert found == Standing(outcome="refused", effect_at=at, void=None)


@pytest.mark.parametrize("after", [timedelta(), MICROSECOND, SECOND])
def test_a_decision_notified_at_the_instant_or_later_is_void(register: Register, after: timedelta) -> None:
    reference = file_a_case(register)
    decision = refuse(register, reference, an_agent(register))
    due = deadline(register, reference)
    with clock_at(register, due + after) as frozen:
        with frozen.begin() as connection:
            assert decisions.notify(connection, decision) == Void(standing=None)
        with frozen.begin() as connection:
            found = silence.establish(connection, reference)
    assert found == Established(effect_at=due, recorded_at=due + after, void=decision)
    assert story(register, reference)[-2:] == ["decision_voided", "authorization_tacitly_granted"]


@pytest.mark.parametrize("before", [SECOND, MICROSECOND])
def test_silence_is_not_established_before_its_instant(register: Register, before: timedelta) -> None:
    reference = file_a_case(register)
    due = deadline(register, reference)
    with clock_at(register, due - before) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
    assert isinstance(found, NotDue)
    assert found.deadline_at == due
    assert found.seconds_left == before.total_seconds()


@pytest.mark.parametrize("late", [timedelta(), SECOND, timedelta(hours=1), timedelta(days=400)])
def test_silence_takes_effect_at_its_instant_however_late_it_is_recorded(
    register: Register, late: timedelta
) -> None:
    reference = file_a_case(register)
    due = deadline(register, reference)
    with clock_at(register, due + late) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
    assert found == Established(effect_at=due, recorded_at=due + late)


def test_silence_is_established_once(register: Register) -> None:
    reference = file_a_case(register, left=timedelta())
    with register.begin() as connection:
        first = silence.establish(connection, reference)
    with register.begin() as connection:
        second = silence.establish(connection, reference)
    assert isinstance(first, Established)
    assert second == Standing(outcome="tacit", effect_at=first.effect_at)
    assert story(register, reference).count("authorization_tacitly_granted") == 1


def test_a_decision_registered_in_time_and_overtaken_by_silence_is_void(register: Register) -> None:
    reference = file_a_case(register)
    decision = refuse(register, reference, an_agent(register))
    with clock_at(register, deadline(register, reference)) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
        assert isinstance(found, Established)
        assert found.void == decision
        assert decisions.notify(connection, decision) == Void(standing="tacit")


def test_a_decision_posted_after_the_instant_is_refused_and_told_what_stands(register: Register) -> None:
    reference = file_a_case(register, left=timedelta())
    with pytest.raises(Conflict, match="Le silence vaut acceptation") as told:
        refuse(register, reference, an_agent(register))
    assert told.value.slug == "deadline-passed"


def test_the_last_second_belongs_to_the_agent_and_the_instant_to_the_employer(register: Register) -> None:
    agent = an_agent(register)
    early, late = file_a_case(register), file_a_case(register)
    with clock_at(register, deadline(register, early) - MICROSECOND) as frozen:
        refuse(frozen, early, agent, "early")
    with (
        clock_at(register, deadline(register, late)) as frozen,
        pytest.raises(Conflict, match="acceptation"),
    ):
        refuse(frozen, late, agent, "late")


def wait_for_lock(register: Register) -> None:
    """Return once some session of this database waits for a row."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(500):
        with register.begin() as connection:
            if connection.execute(waiting).scalar_one():
                return
    raise AssertionError("nobody waits")


def test_a_notification_that_commits_while_silence_waits_stands(register: Register) -> None:
    reference = file_a_case(register)
    decision = refuse(register, reference, an_agent(register))
    due = deadline(register, reference)
    with ThreadPoolExecutor(1) as threads, register.begin() as connection:
        notified = decisions.notify(connection, decision)
        assert isinstance(notified, Notified)
        with clock_at(register, due + SECOND) as frozen:
            waiting = threads.submit(_establish, frozen, reference)
            wait_for_lock(register)
            assert not waiting.done()
            connection.commit()
            found = waiting.result()
    assert found == Standing(outcome="refused", effect_at=notified.at)
    assert "authorization_tacitly_granted" not in story(register, reference)


def test_a_notification_that_waits_for_silence_is_void(register: Register) -> None:
    reference = file_a_case(register)
    decision = refuse(register, reference, an_agent(register))
    due = deadline(register, reference)
    with ThreadPoolExecutor(1) as threads, clock_at(register, due + SECOND) as frozen:
        with frozen.begin() as connection:
            assert isinstance(silence.establish(connection, reference), Established)
            waiting = threads.submit(_notify, register, decision)
            wait_for_lock(register)
            connection.commit()
        assert waiting.result() == Void(standing="tacit")


def _establish(register: Register, reference: str) -> object:
    with register.begin() as connection:
        return silence.establish(connection, reference)


def _notify(register: Register, decision: str) -> object:
    with register.begin() as connection:
        return decisions.notify(connection, decision)


def test_five_hundred_due_at_once_are_established_in_one_statement_overlaps_among_them(
    register: Register,
) -> None:
    with register.begin() as connection:
        employer = an_employer(connection)
    overlapping = [file_a_case(register, employer=employer, left=timedelta()) for _ in range(10)]
    alone = [file_a_case(register, left=timedelta()) for _ in range(490)]
    with register.begin() as connection:
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


def test_many_silences_at_once_make_one_outcome_each(register: Register) -> None:
    references = [file_a_case(register, left=timedelta()) for _ in range(20)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda each: _establish(register, each), references * 3))
    assert sum(isinstance(each, Established) for each in found) >= 1
    assert all(story(register, each).count("authorization_tacitly_granted") == 1 for each in references)


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


def test_of_two_contradictory_decisions_in_parallel_one_stands_fifty_times(register: Register) -> None:
    first, second = an_agent(register), an_agent(register)

    def decide(reference: str, agent: Actor, body: GrantBody | RefusalBody) -> object:
        with register.begin() as connection:
            return decisions.register(connection, reference, body, b"1", partial=False, actor=agent).id

    for turn in range(50):
        reference = file_a_case(register)
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
        assert story(register, reference).count("decision_registered") == 1


def test_the_same_decision_posted_again_is_the_same_decision(register: Register) -> None:
    reference, agent = file_a_case(register), an_agent(register)
    body = GrantBody(id="D1", outcome="grant")
    for _ in range(2):
        with register.begin() as connection:
            decisions.register(connection, reference, body, b"same", partial=False, actor=agent)
    with register.begin() as connection, pytest.raises(Conflict) as told:
        decisions.register(connection, reference, body, b"other", partial=False, actor=agent)
    assert told.value.slug == "decision-id-reused"
    assert story(register, reference).count("decision_registered") == 1


PIECES = {
    "pieces": [{"code": "bank_details", "label": "Coordonnées bancaires", "text_reference": "R. 5122-26"}],
    "reasons": "Le compte n’est pas lisible.",
}


def ask_pieces(connection: Connection, reference: str, agent: Actor, completion: str = "P1") -> str:
    due_on = case_now(connection, reference).date() + timedelta(days=10)
    body = CompletionRequestBody.model_validate(PIECES | {"id": completion, "due_on": due_on})
    digest = sha256(completion.encode()).digest()
    return completions.register(connection, reference, body, digest, agent).id


def test_a_timer_that_fires_after_the_clock_stopped_finds_nothing_due(register: Register) -> None:
    reference, agent = file_a_case(register), an_agent(register)
    due = deadline(register, reference)
    with register.begin() as connection:
        completions.notify(connection, ask_pieces(connection, reference, agent))
    with clock_at(register, due + SECOND) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
    assert isinstance(found, NotDue)
    assert found.deadline_at is None


@pytest.mark.parametrize("after", [timedelta(), SECOND])
def test_a_request_for_pieces_notified_at_the_instant_or_later_is_void(
    register: Register, after: timedelta
) -> None:
    reference, agent = file_a_case(register), an_agent(register)
    with register.begin() as connection:
        asked = ask_pieces(connection, reference, agent)
    due = deadline(register, reference)
    with clock_at(register, due + after) as frozen, frozen.begin() as connection:
        assert completions.notify(connection, asked) == Void(standing=None)
        assert isinstance(silence.establish(connection, reference), Established)


def test_desistment_is_refused_once_silence_has_come(register: Register) -> None:
    reference = file_a_case(register, left=timedelta())
    with register.begin() as connection, pytest.raises(Conflict) as told:
        desistments.desist(connection, reference, Actor(role="employer"))
    assert told.value.slug == "deadline-passed"


def test_events_are_chained_and_cannot_be_changed(register: Register) -> None:
    reference = file_a_case(register, left=timedelta())
    with register.begin() as connection:
        silence.establish(connection, reference)
        assert events.broken_links(connection, reference) == []
    with pytest.raises(Exception, match="append-only"), register.begin() as connection:
        connection.execute(text("UPDATE event SET type = 'forged'"))
    with register.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.execute(
            text("UPDATE event SET actor_role = 'agent' WHERE subject = :r AND seq = 1"), {"r": reference}
        )
        assert events.broken_links(connection, reference) == [1]
