"""The directory of establishments: its answers become signals, and its failure to answer blocks nothing."""

import asyncio
import json
from collections.abc import Iterator
from time import monotonic

import pytest
from sqlalchemy import text

from activities.companies import DIRECTORY_TIMEOUT, Company, CompanyDirectory, DirectoryUnavailable
from activities.register import StoredRegisterActs
from local import programs
from local.processes import free_port
from models.messages.case import Ref
from models.store.cases import requests
from models.store.database import Database
from tests.cases import a_siret, an_employer, file_a_case

KNOWN = {"state": "active", "headcount": 60, "name": "Ateliers Durand", "address": "34000 Montpellier"}
AWAY = "Répertoire des établissements indisponible au moment du contrôle."

BUSY = DIRECTORY_TIMEOUT + 20
"""Seconds that prove the two-second limit was exceeded, even on a busy machine."""
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND xact_start IS NOT NULL AND backend_type = 'client backend'"
)
"""Open transactions in this register, besides the one that counts them."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[programs.Companies]:
    server = programs.Companies(tmp_path_factory.mktemp("companies"), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def companies(served: programs.Companies) -> CompanyDirectory:
    return CompanyDirectory(served.address)


@pytest.fixture
def siret() -> str:
    return a_siret()


def file_for(database: Database, siret: str) -> Ref:
    """A request of 42 employees for this establishment."""
    with database.begin() as connection:
        employer = an_employer(connection, siret)
    return Ref(reference=file_a_case(database, employer=employer), id="")


async def test_an_establishment_is_read_as_listed_and_the_rest_of_the_answer_is_left_aside(
    served: programs.Companies, companies: CompanyDirectory, siret: str
) -> None:
    served.know(siret, json.dumps(KNOWN | {"siret": siret, "activity": "25.62B"}))
    assert await companies.look_up(siret) == Company.model_validate(KNOWN | {"siret": siret})


async def test_an_establishment_that_it_does_not_know_is_none(
    served: programs.Companies, companies: CompanyDirectory, siret: str
) -> None:
    served.know(siret, "")
    assert await companies.look_up(siret) is None


@pytest.mark.parametrize(
    "answer",
    [
        "<html>Bonjour</html>",
        "null",
        "[]",
        "\x00\x01",
        '{"state": "active", "headcount": 60}',
        '{"siret": "SIRET", "state": "asleep"}',
        '{"siret": "SIRET", "state": "active", "headcount": -1}',
        '{"siret": "SIRET", "state": "active", "headcount": "many"}',
        '{"siret": "35600000000048", "state": "active"}',
    ],
)
async def test_an_answer_that_cannot_be_read_is_none_at_all(
    served: programs.Companies, companies: CompanyDirectory, siret: str, answer: str
) -> None:
    served.know(siret, answer.replace("SIRET", siret))
    with pytest.raises(DirectoryUnavailable):
        await companies.look_up(siret)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1", "http://register.invalid", "http://", "nowhere", "http://a" + "b" * 70]
)
async def test_an_address_where_nobody_answers_is_a_register_away(address: str, siret: str) -> None:
    with pytest.raises(DirectoryUnavailable):
        await CompanyDirectory(address).look_up(siret)


async def test_a_register_that_refuses_is_away(
    served: programs.Companies, companies: CompanyDirectory, siret: str
) -> None:
    with served.fault("refuse"), pytest.raises(DirectoryUnavailable):
        await companies.look_up(siret)
    assert await companies.look_up(siret)


async def test_a_register_that_sends_its_answer_drop_by_drop_is_away_after_the_same_two_seconds(
    siret: str,
) -> None:
    left = asyncio.Event()

    async def drip(_: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not out.is_closing():
            out.write(b" ")
            await asyncio.sleep(0.2)
        out.close()
        left.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    began = monotonic()
    async with server:
        with pytest.raises(DirectoryUnavailable):
            await CompanyDirectory(f"http://127.0.0.1:{port}").look_up(siret)
        assert monotonic() - began < BUSY
        await left.wait()


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (None, ["Établissement inconnu du répertoire."]),
        ({}, []),
        ({"headcount": None}, []),
        ({"headcount": 42}, []),
        ({"headcount": 41}, ["Effectif déclaré (42) supérieur à celui du répertoire (41)."]),
        ({"state": "ceased"}, ["Établissement fermé, d’après le répertoire."]),
        (
            {"state": "ceased", "headcount": 0},
            [
                "Établissement fermé, d’après le répertoire.",
                "Effectif déclaré (42) supérieur à celui du répertoire (0).",
            ],
        ),
        ({"siret": "unreadable"}, [AWAY]),
    ],
)
async def test_what_the_register_lists_is_kept_as_signals_and_said_anew_at_each_control(
    database: Database,
    served: programs.Companies,
    companies: CompanyDirectory,
    siret: str,
    listed: dict[str, object] | None,
    found: list[str],
) -> None:
    served.know(siret, "" if listed is None else json.dumps(KNOWN | {"siret": siret} | listed))
    acts, ref = StoredRegisterActs(database, companies), file_for(database, siret)
    assert list(await acts.control(ref)) == found
    assert list(await acts.control(ref)) == found
    with database.begin() as connection:
        assert list(requests.get(connection, ref.reference).signals) == found


async def test_a_control_waits_two_seconds_for_a_slow_register_and_holds_no_transaction_meanwhile(
    database: Database, served: programs.Companies, companies: CompanyDirectory, siret: str
) -> None:
    acts, ref = StoredRegisterActs(database, companies), file_for(database, siret)
    with served.fault("slow"):
        began = monotonic()
        control = asyncio.create_task(acts.control(ref))
        await asyncio.sleep(DIRECTORY_TIMEOUT / 2)
        with database.begin() as connection:
            held = connection.execute(text(OTHERS)).scalar_one()
        assert held == 0
        assert await control == (AWAY,)
        assert DIRECTORY_TIMEOUT <= monotonic() - began < BUSY
    assert await acts.control(ref) == ()


@pytest.mark.parametrize("nowhere", [None, ""])
async def test_without_a_register_nothing_is_asked_and_nothing_is_said(
    database: Database, siret: str, nowhere: str | None
) -> None:
    assert await StoredRegisterActs(database, CompanyDirectory(nowhere)).control(file_for(database, siret)) == ()
