"""Admissions at once: exactly the hours authorised, one version a month, one order of locks, whatever is killed."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from law.calendar import add_months
from models.store.cases import requests
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from tests.cases import an_employer
from tests.models.clocks import wait_for_lock
from tests.models.store.claims.builders import (
    DECEMBER,
    WEEK,
    a_person,
    admit,
    authorize,
    balances,
    blind,
    broken,
    claim,
    differences,
    entitlement,
    stage,
    state,
)

MONTHS: Final = tuple(add_months(DECEMBER, number) for number in range(10))
PARTS: Final = 20
ROOM: Final = 120
"""Of the two hundred claims of one hour each."""
REPETITIONS: Final = int(os.environ.get("ADMISSION_REPETITIONS", "2"))
"""Each takes seconds of processor: two keep a change from breaking it unseen, `ADMISSION_REPETITIONS=20` proves it."""
KILLED: Final = 12
"""Sessions killed in each repetition."""


@pytest.fixture
def crowd(database: Database) -> Iterator[Database]:
    """A pool for many callers of the register at once."""
    with Database(database.dsn.replace("+psycopg", ""), size=30) as opened:
        yield opened


def _answer(database: Database, claim_id: str, replaces: str | None = None) -> str:
    """Admit as a caller does whose connection may be cut: it asks again until it has an answer."""
    while True:
        try:
            return admit(database, claim_id, replaces).state
        except AdmissionRefused as refusal:
            return refusal.slug
        except OperationalError as cut:
            if isinstance(cut.orig, DeadlockDetected):
                raise
        except PoolExhausted:
            continue


@pytest.mark.slow
@pytest.mark.parametrize("repetition", range(REPETITIONS))
def test_of_two_hundred_claims_at_once_exactly_those_are_admitted_that_there_are_hours_for(
    crowd: Database, repetition: int
) -> None:
    period = {"start_on": "2026-12-01", "end_on": "2027-09-30"}
    reference = authorize(crowd, hours=str(ROOM), period=period)
    staged = [
        stage(crowd, reference, a_person(part, (_monday(month), "1")), month=month, part=part)
        for month in MONTHS
        for part in range(1, PARTS + 1)
    ]
    Random(repetition).shuffle(staged)
    with _kills(crowd, Random(repetition)) as killed, ThreadPoolExecutor(len(staged)) as threads:
        answers = list(threads.map(lambda each: _answer(crowd, each), staged))
    assert killed() == KILLED
    assert {each: answers.count(each) for each in answers} == {"admitted": ROOM, "hours-exceeded": len(staged) - ROOM}
    assert entitlement(crowd, reference).admitted_hours == ROOM
    assert balances(crowd, reference)["available"][0] == 0
    assert (differences(crowd), broken(crowd)) == ((), [])
    _replay_in_order(crowd, reference)


def _monday(month: date) -> date:
    return month + timedelta(days=7 - month.weekday())


@contextmanager
def _kills(database: Database, random: Random) -> Iterator[Callable[[], int]]:
    """Kill a session of this register that is in an admission, now and then, while others go on."""
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        with Database(
            database.dsn.replace("+psycopg", ""), size=1
        ) as own:  # the crowd leaves no connection in its pool
            while len(killed) < KILLED and not over.is_set():
                with own.begin() as connection:
                    running = list(connection.execute(_RUNNING).scalars())
                    if running:
                        killed.append(random.choice(running))
                        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": killed[-1]})
                over.wait(0.02)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield lambda: len(killed)
    finally:
        over.set()
        killer.join()


_RUNNING = text(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND xact_start IS NOT NULL AND backend_type = 'client backend'"
)


def _replay_in_order(database: Database, reference: str) -> None:
    """The entries one after another, as a single caller would have had them, never take what is not there."""
    with database.begin() as connection:
        rows = connection.execute(
            text("SELECT seq, kind, hours FROM ledger_entry WHERE reference = :r ORDER BY seq"), {"r": reference}
        ).all()
    left = 0
    for number, row in enumerate(rows, 1):
        left += row.hours if row.kind == "granted" else -row.hours
        assert (row.seq, left >= 0) == (number, True)


@pytest.mark.parametrize("replacing", [False, True])
def test_of_two_versions_of_a_month_at_once_one_lives(crowd: Database, replacing: bool) -> None:
    reference = authorize(crowd)
    standing = claim(crowd, reference).id if replacing else None
    staged = [stage(crowd, reference, a_person(each)) for each in range(1, 7)]
    with ThreadPoolExecutor(len(staged)) as threads:
        answers = list(threads.map(lambda each: _answer(crowd, each, standing), staged))
    assert sorted(answers) == ["admitted", *["claim-stands"] * 5]
    assert sorted(state(crowd, each) for each in staged) == ["admitted", *["checked"] * 5]
    assert (differences(crowd), broken(crowd)) == ((), [])


def test_claims_of_the_same_people_under_several_authorizations_never_wait_for_each_other(crowd: Database) -> None:
    """Each round replaces what stands, names the people in another order, and takes in others and leaves some out."""
    with crowd.begin() as connection:
        employer = an_employer(connection)
    references = [authorize(crowd, employer=employer) for _ in range(4)]

    def correct(reference: str) -> None:
        random, standing = Random(reference), None
        for _ in range(12):
            people = random.sample(range(1, 21), 12)
            lines = [a_person(each, (WEEK, "1"), n=line) for line, each in enumerate(people, 1)]
            standing = admit(crowd, stage(crowd, reference, *lines), standing).id

    with ThreadPoolExecutor(len(references)) as threads:
        list(threads.map(correct, references))  # a deadlock would be an error of one of them
    assert differences(crowd) == ()


ROWS: Final = {
    "request": "reference = :reference",
    "entitlement": "reference = :reference",
    "claim": "id = :claim",
    "person_year": "siret = :siret AND blind = :first",
    "person_year ": "siret = :siret AND blind = :second",
    "person_week": "siret = :siret AND blind = :first",
    "person_week ": "siret = :siret AND blind = :second",
    "ledger_balance": "reference = :reference AND account = 'admitted'",
    "ledger_balance ": "reference = :reference AND account = 'available'",
}
"""Rows that an admission takes, in the order in which it takes them (docs/ledger.md)."""
TAKEN: Final = list(ROWS)[1:]
"""An admission takes no request: only what opens or changes an entitlement does."""


def test_an_admission_takes_its_rows_in_the_order_that_is_documented(database: Database) -> None:
    """Each row is held in turn, while a version that replaces another waits for it."""
    reference = authorize(database)
    people = sorted((1, 2), key=blind)
    standing = claim(database, reference, *(a_person(each) for each in people)).id
    row: dict[str, Any] = {"reference": reference, "first": blind(people[0]), "second": blind(people[1])}
    with database.begin() as connection:
        row["siret"] = requests.get(connection, reference).siret
    for held in TAKEN:
        row["claim"] = stage(database, reference, *(a_person(each) for each in reversed(people)))
        with ThreadPoolExecutor(1) as threads:
            with database.begin() as connection:
                connection.execute(text(f"SELECT FROM {held} WHERE {ROWS[held]} FOR UPDATE"), row)
                waiting = threads.submit(admit, database, row["claim"], standing)
                wait_for_lock(database)
                taken = [each for each in ROWS if each != held and _is_taken(database, each, row)]
            standing = waiting.result().id
        assert taken == TAKEN[: TAKEN.index(held)]


def _is_taken(database: Database, table: str, row: Mapping[str, object]) -> bool:
    with database.begin() as connection:
        query = text(f"SELECT FROM {table} WHERE {ROWS[table]} FOR UPDATE SKIP LOCKED")
        return connection.execute(query, row).first() is None


def test_whatever_opens_an_entitlement_waits_for_the_request_before_it_takes_anything(database: Database) -> None:
    reference = authorize(database)
    with ThreadPoolExecutor(1) as threads:
        with database.begin() as connection:
            connection.execute(text("SELECT FROM request WHERE reference = :r FOR UPDATE"), {"r": reference})
            waiting = threads.submit(stage, database, reference)
            wait_for_lock(database)
            connection.execute(text("LOCK TABLE entitlement IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
        assert waiting.result()


def test_lines_are_staged_while_another_claim_is_admitted(database: Database) -> None:
    reference = authorize(database)
    stage(database, reference)
    with database.begin() as connection:
        connection.execute(text("SELECT FROM entitlement FOR NO KEY UPDATE"))
        assert stage(database, reference, part=2)
