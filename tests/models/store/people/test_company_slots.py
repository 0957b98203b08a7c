"""The limiter of calls: one for all processes, exact under concurrency, with no instant at which it starts anew."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import pytest
from sqlalchemy import text

from models.establishments import Source
from models.store.database import Database
from models.store.people.company_slots import CALLS, PERIODS, pause, take

PROGRAM = """
import sys
from models.store.database import Database
from models.store.people.company_slots import take
with Database(sys.argv[1], size=1) as database:
    taken = 0
    for _ in range(15):
        with database.begin() as connection:
            taken += take(connection, "sirene")
    print(taken)
"""


def take_one(database: Database, source: Source = "sirene") -> bool:
    with database.begin() as connection:
        return take(connection, source)


@pytest.mark.parametrize("source", get_args(Source))
def test_as_many_calls_as_the_source_allows_and_not_one_more(database: Database, source: Source) -> None:
    assert [take_one(database, source) for _ in range(CALLS[source] + 1)] == [True] * CALLS[source] + [False]


def test_a_hundred_at_once_take_thirty(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: take_one(database), range(100)))
    assert sum(taken) == CALLS["sirene"]


@pytest.mark.slow
def test_four_processes_share_the_thirty(database: Database) -> None:
    command = [sys.executable, "-c", PROGRAM, database.dsn]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert sum(int(each.communicate()[0]) for each in running) == CALLS["sirene"]


def test_each_call_rests_for_the_period_by_itself(database: Database) -> None:
    """Half a period ago ten calls were made: they come back at their own time, not with the next minute."""
    with database.begin() as connection:
        used = "UPDATE company_slot SET used_at = clock_timestamp() - :ago WHERE source = 'sirene' AND number <= 10"
        connection.execute(text(used), {"ago": PERIODS["sirene"] / 2})
    assert sum(take_one(database) for _ in range(40)) == CALLS["sirene"] - 10


def test_a_source_may_ask_for_a_pause_and_only_lengthen_it(database: Database) -> None:
    with database.begin() as connection:
        pause(connection, "sirene", 30)
        pause(connection, "sirene", 1)
    assert not take_one(database)
    assert take_one(database, "search")
