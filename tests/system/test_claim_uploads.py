"""A file of a claim in the real programs: read though its worker is killed, and nothing of it left anywhere.

Budget: 180 s on two cores, of which a minute until the engine misses a worker that was killed.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local.world import World
from models.engine.keys import MasterKey
from models.store.claims.uploads import ending, records
from models.store.database import Database
from tests.builders import Credentials, employer
from tests.cases import DEPARTMENT, Employer
from tests.models.store.claims.builders import authorize
from tests.system.conftest import ClientFactory
from tests.system.people import Person, until
from tests.system.test_leaks import dump
from tests.uploads import A_LINE, NIR, a_file, a_payroll_file

pytestmark = pytest.mark.slow

PEOPLE = 12_000
"""Enough that their lines are checked for seconds."""
NAME = "Zqsentinelle"
PRIVATE = (NIR[:13], NAME)


@pytest.fixture
def reference(world: World, database: Database, boss: Person) -> str:
    who = Employer(boss.who.account_id, boss.who.siret, DEPARTMENT)
    return authorize(database, employer=who, master=MasterKey(world.master_key))


def send(world: World, who: Credentials, reference: str, content: bytes) -> str:
    """Send a file; returns its address."""
    address = f"{world.site}/api/v1/requests/{reference}/claims/2026-12/uploads"
    answer = httpx.post(address, content=content, headers=who.headers, timeout=60)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["links"]["self"]).removeprefix("/api/v1")


def state(boss: Person, address: str) -> str:
    return str(boss.get(address).json()["state"])


def test_a_worker_that_is_killed_while_it_reads_is_replaced_and_the_file_read_once(
    world: World, boss: Person, database: Database, reference: str
) -> None:
    address = send(world, boss.who, reference, a_payroll_file(PEOPLE))
    until(lambda: boss.get(address).json()["read"] > 0, "the first lines are checked")
    world.reading.kill()
    shown = boss.get(address).json()
    assert shown["state"] == "reading"
    assert 0 < shown["read"] < shown["lines"]
    world.reading.start()
    until(lambda: state(boss, address) == "read", "the file is read again")
    shown = boss.get(address).json()
    assert (shown["people"], shown["errors"], shown["read"]) == (PEOPLE, 0, shown["lines"])
    with database.begin() as connection:
        staged = connection.exec_driver_sql("SELECT count(*) FROM claim WHERE state = 'checked'").scalar_one()
        assert staged == 1
        assert records.get(connection, shown["id"]).state == "read"


def test_nothing_of_a_file_is_in_a_log_the_engine_a_temporary_file_or_the_register_in_clear(
    world: World, boss: Person, database: Database, reference: str
) -> None:
    line = A_LINE | {"nom": NAME}
    good = send(world, boss.who, reference, a_file(line))
    until(lambda: state(boss, good) == "read", "the file is read")
    wrong = send(world, boss.who, reference, a_file(line, line | {"nir": NIR[:13] + "10", "categorie": NIR}))
    until(lambda: state(boss, wrong) == "with_errors", "the other one is read")
    told = boss.get(wrong).text + boss.get(f"{wrong}/errors.csv").text
    assert NIR[:13] not in told
    assert NIR[:13].encode() not in dump(world.postgres.dsn)
    with database.begin() as connection:
        ending.forget(connection, wrong.rpartition("/")[2])
    assert found_in(searched(world)) == []
    assert [each for each in PRIVATE if each.encode() in dump(world.postgres.dsn)] == []


def searched(world: World) -> Iterator[Path]:
    """Every file of the world but the register, which is searched as it is dumped."""
    files = [each for each in world.folder.rglob("*") if each.is_file()]
    left = [each for each in files if not each.is_relative_to(world.postgres.data)]
    assert {"engine.db", "worker.log", "relay.log", "starter.log"} <= {each.name for each in left}
    return iter(left)


def found_in(files: Iterator[Path]) -> list[tuple[str, str]]:
    return [(each.name, private) for each in files for private in PRIVATE if private.encode() in each.read_bytes()]


def test_without_the_program_that_reads_the_file_waits_visibly_and_is_read_once_it_is_back(
    world: World, boss: Person, operator: Person, client_of: ClientFactory, database: Database, reference: str
) -> None:
    world.examining.kill()
    address = send(world, boss.who, reference, a_file())

    def incident() -> dict[str, str] | None:
        items = operator.get("/incidents").json()["items"]
        return next((each for each in items if each["act"] == "read_upload"), None)

    until(incident, "an incident names the program")
    assert state(boss, address) == "reading"
    world.examining.start()
    found = incident()
    assert found
    assert found["part"] == "examiner"
    other = client_of(employer(database))
    resumed = operator.post(f"/incidents/{found['id']}/resume", {"reason": "L’examen des fichiers a repris."})
    assert resumed.status_code < 300, resumed.text
    assert other.get(address).status_code == 404
    until(lambda: state(boss, address) == "read", "the file is read")
