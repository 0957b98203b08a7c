"""Mails that strangers cause wait in one queue, in order, and are late where they are late."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from models.labels import Proof
from models.store.database import Database
from models.store.journal import events
from models.store.operations import measures
from models.store.people import activations, authorities, enrolments, mail_queue, notices
from models.store.people.enrolments import EnrolmentRecord
from tests.cases import a_siret, an_employer, ask_to_enrol, master_key

Paced = Callable[[timedelta, int], None]


@pytest.fixture
def paced(database: Database, monkeypatch: pytest.MonkeyPatch) -> Paced:
    """Set the pace of the queue, and how many leave together; the queue is empty."""

    def pace(pause: timedelta, at_once: int) -> None:
        monkeypatch.setattr(mail_queue, "PACE", pause)
        monkeypatch.setattr(mail_queue, "AT_ONCE", at_once)
        with database.begin() as connection:
            connection.execute(text("DELETE FROM mail_queue"))

    return pace


def take(database: Database) -> datetime | None:
    with database.begin() as connection:
        return mail_queue.take(connection)


def issued(database: Database) -> EnrolmentRecord:
    """An enrolment whose credentials are issued."""
    made = ask_to_enrol(database, email=f"{a_siret()}@ateliers.invalid")
    with database.begin() as connection:
        activations.issue(connection, made.id, master_key())
        return enrolments.get(connection, made.id)


def sendable(database: Database, process: str) -> int:
    with database.begin() as connection:
        return len(notices.list_unsent(connection, process))


def test_beyond_what_leaves_at_once_each_waits_for_its_turn(database: Database, paced: Paced) -> None:
    paced(timedelta(minutes=1), 2)
    taken = [take(database) for _ in range(5)]
    assert taken[:2] == [None, None]
    late = [each for each in taken if each]
    assert [after - before for before, after in pairwise(late)] == [timedelta(minutes=1)] * 2
    assert timedelta(seconds=50) < late[0] - datetime.now(UTC) <= timedelta(minutes=1)


def test_turns_taken_at_once_are_all_different(database: Database, paced: Paced) -> None:
    paced(timedelta(minutes=1), 1)
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: take(database), range(40)))
    assert taken.count(None) == 1
    assert len(set(taken)) == 40


def test_the_rate_is_above_the_busiest_hour_of_the_country() -> None:
    assert timedelta(hours=1) == mail_queue.PACE * mail_queue.MAILS_AN_HOUR
    assert mail_queue.MAILS_AN_HOUR >= 10_000


def test_credentials_wait_and_their_code_is_valid_from_when_they_leave(database: Database, paced: Paced) -> None:
    paced(timedelta(hours=30), 1)
    first, second = issued(database), issued(database)
    assert (sendable(database, first.process), sendable(database, second.process)) == (1, 0)
    assert first.mailed_from is None
    assert second.mailed_from
    assert first.expires_at
    assert second.expires_at
    assert second.expires_at - first.expires_at >= timedelta(hours=24)
    with database.begin() as connection:
        queued = notices.find_queued(connection, second.process)
        assert measures.count_waiting(connection)["queued_mails"].count >= 1
    assert (queued.many, 29 * 3600 < queued.seconds <= 30 * 3600) == (1, True)


def test_credentials_that_are_asked_for_again_keep_their_turn(database: Database, paced: Paced) -> None:
    paced(timedelta(hours=2), 1)
    issued(database)
    waiting = issued(database)
    issued(database)
    with database.begin() as connection:
        activations.resend(connection, waiting.siret, waiting.email, timedelta())
        activations.issue(connection, waiting.id, master_key())
        again = enrolments.get(connection, waiting.id)
        assert notices.find_queued(connection, waiting.process).many == 1
    assert (again.version, again.mailed_from) == (2, waiting.mailed_from)


def test_late_is_recorded_as_late_with_its_reason(database: Database, paced: Paced) -> None:
    paced(timedelta(hours=3), 1)
    issued(database)
    made = issued(database)
    for minutes in (56, 5):
        with database.begin() as connection:
            enrolments.advance(connection, made.id, timedelta(minutes=minutes))
            activations.watch(connection, made.id)
    with database.begin() as connection:
        told = {each.type: each.data.get("why") for each in events.list_of(connection, made.siret)}
    assert (told["credentials_alerted"], told["credentials_overdue"]) == ("mail_queue", "mail_queue")


def test_whoever_is_referred_to_a_contact_waits_in_the_same_queue(database: Database, paced: Paced) -> None:
    paced(timedelta(hours=1), 1)
    with database.begin() as connection:
        firm = an_employer(connection, proven=False)
        authorities.record(connection, firm.siret, firm.account_id, Proof.TRIAL)
    take(database)
    ask_to_enrol(database, siret=firm.siret, email="inconnu@ailleurs.invalid")
    with database.begin() as connection:
        queued = notices.find_queued(connection, f"announcement:{firm.siret}")
    assert queued.many == 2
