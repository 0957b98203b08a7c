"""The register arbitrates between notification and silence: by instants, exactly once, to the microsecond."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import Connection, text

from models.bodies.completion import Completion, CompletionRequestBody
from models.bodies.decision import GrantBody
from models.errors import Conflict
from models.labels import Outcome
from models.messages.case import AlreadySettled, Established, NotDue, Notified, Void
from models.store.cases import completions, decisions, desistments, silence
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.journal.events import Actor
from tests.cases import an_agent, file_a_case
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


@pytest.mark.parametrize("after", [timedelta(), MICROSECOND, SECOND])
def test_a_decision_notified_at_the_instant_or_later_is_void(database: Database, after: timedelta) -> None:
    reference = file_a_case(database)
    decision = refuse(database, reference, an_agent(database))
    due = deadline(database, reference)
    with clock_at(database, due + after) as frozen:
        with frozen.begin() as connection:
            assert decisions.notify(connection, decision) == Void(standing=None)
        with frozen.begin() as connection:
            found = silence.establish(connection, reference)
    assert found == Established(effect_at=due, recorded_at=due + after, void=decision)
    assert story(database, reference)[-2:] == ["decision_voided", "authorization_tacitly_granted"]


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
def test_silence_takes_effect_at_its_instant_however_late_it_is_recorded(
    database: Database, late: timedelta
) -> None:
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


def test_a_decision_registered_in_time_and_overtaken_by_silence_is_void(database: Database) -> None:
    reference = file_a_case(database)
    decision = refuse(database, reference, an_agent(database))
    with clock_at(database, deadline(database, reference)) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
        assert isinstance(found, Established)
        assert found.void == decision
        assert decisions.notify(connection, decision) == Void(standing=Outcome.TACIT)


def test_a_decision_posted_after_the_instant_is_refused_and_told_what_stands(database: Database) -> None:
    reference = file_a_case(database, left=timedelta())
    with pytest.raises(Conflict, match="Le silence vaut acceptation") as told:
        refuse(database, reference, an_agent(database))
    assert told.value.slug == "deadline-passed"


def test_the_last_second_belongs_to_the_agent_and_the_instant_to_the_employer(database: Database) -> None:
    agent = an_agent(database)
    early, late = file_a_case(database), file_a_case(database)
    with clock_at(database, deadline(database, early) - MICROSECOND) as frozen:
        refuse(frozen, early, agent, "early")
    with (
        clock_at(database, deadline(database, late)) as frozen,
        pytest.raises(Conflict, match="acceptation"),
    ):
        refuse(frozen, late, agent, "late")


def test_the_same_decision_posted_again_is_the_same_decision(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    body = GrantBody(id="D1", outcome="grant")
    for _ in range(2):
        with database.begin() as connection:
            decisions.register(connection, reference, body, b"same", actor=agent)
    with database.begin() as connection, pytest.raises(Conflict) as told:
        decisions.register(connection, reference, body, b"other", actor=agent)
    assert told.value.slug == "decision-id-reused"
    assert story(database, reference).count("decision_registered") == 1


PIECES = {
    "pieces": [{"code": "bank_details", "label": "Coordonnées bancaires", "text_reference": "R. 5122-26"}],
    "reasons": "Le compte n’est pas lisible.",
}


def ask_pieces(connection: Connection, reference: str, agent: Actor, completion: str = "P1") -> str:
    due_on = case_now(connection, reference).date() + timedelta(days=10)
    body = CompletionRequestBody.model_validate(PIECES | {"id": completion, "due_on": due_on})
    digest = sha256(completion.encode()).digest()
    return completions.register(connection, reference, body, digest, agent).id


def test_a_timer_that_fires_after_the_clock_stopped_finds_nothing_due(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    due = deadline(database, reference)
    with database.begin() as connection:
        completions.notify(connection, ask_pieces(connection, reference, agent))
    with clock_at(database, due + SECOND) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
    assert isinstance(found, NotDue)
    assert found.deadline_at is None


@pytest.mark.parametrize("after", [timedelta(), SECOND])
def test_a_request_for_pieces_notified_at_the_instant_or_later_is_void(
    database: Database, after: timedelta
) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    with database.begin() as connection:
        asked = ask_pieces(connection, reference, agent)
    due = deadline(database, reference)
    with clock_at(database, due + after) as frozen, frozen.begin() as connection:
        assert completions.notify(connection, asked) == Void(standing=None)
        assert isinstance(silence.establish(connection, reference), Established)


def test_desistment_is_refused_once_silence_has_come(database: Database) -> None:
    reference = file_a_case(database, left=timedelta())
    with database.begin() as connection, pytest.raises(Conflict) as told:
        desistments.desist(connection, reference, Actor(role="employer"))
    assert told.value.slug == "deadline-passed"


def test_events_are_chained_and_cannot_be_changed(database: Database) -> None:
    reference = file_a_case(database, left=timedelta())
    with database.begin() as connection:
        silence.establish(connection, reference)
        assert events.broken_links(connection, reference) == []
    with pytest.raises(Exception, match="append-only"), database.begin() as connection:
        connection.execute(text("UPDATE event SET type = 'forged'"))
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.execute(
            text("UPDATE event SET actor_role = 'agent' WHERE subject = :r AND seq = 1"), {"r": reference}
        )
        assert events.broken_links(connection, reference) == [1]


def test_a_request_for_pieces_that_was_fulfilled_does_not_stop_the_clock_again(database: Database) -> None:
    # The worker died after the notification: its act is retried, and meanwhile the pieces had arrived.
    reference, agent = file_a_case(database), an_agent(database)
    supplied = Completion.model_validate({"pieces": [{"code": "bank_details", "text": "Compte rectifié"}]})
    with database.begin() as connection:
        asked = ask_pieces(connection, reference, agent)
        assert isinstance(completions.notify(connection, asked), Notified)
        at = case_now(connection, reference)
        completions.supply(connection, reference, supplied, Actor(role="employer"), at)
        assert completions.notify(connection, asked) == Void(standing=None)
    assert deadline(database, reference)
