"""Files that an employer sends: kept once, joined by their owner alone."""

from collections.abc import Iterator

import pytest

from local.postgres import Postgres
from models.store.database import Database
from tests.builders import Credentials, a_filing, employer
from tests.starter.conftest import one_register
from tests.starter.files import PNG, a_pdf, send
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_the_same_key_keeps_one_file(door: Door, boss: Credentials) -> None:
    first = await send(door(boss), PNG, **{"Idempotency-Key": "f"})
    assert (await send(door(boss), PNG, **{"Idempotency-Key": "f"})).json() == first.json()
    assert (await send(door(boss), a_pdf(), **{"Idempotency-Key": "f"})).status_code == 422


async def test_only_ones_own_file_can_be_joined(door: Door, boss: Credentials, database: Database) -> None:
    stranger = employer(database)
    file_id = (await send(door(boss), a_pdf())).json()["id"]
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": file_id}
    foreign = await door(stranger).post("/requests", json=a_filing(works_council=opinion))
    assert [error["code"] for error in foreign.json()["errors"]] == ["file-unknown"]
    mine = await door(boss).post("/requests", json=a_filing(works_council=opinion))
    assert mine.status_code == 201
