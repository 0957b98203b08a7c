"""Codes of a file that nothing explains: told once each, explained by a profile, and read again with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.postgres import Postgres
from models.claim_files.fields import Category
from models.store.database import Database
from starter.services.claim_uploads import MAX_UNKNOWN_CODES
from tests.builders import Credentials
from tests.cases import Employer
from tests.models.store.claims.builders import authorize
from tests.starter.api.employer.test_claim_uploads import send, sent
from tests.starter.conftest import a_setting, one_register
from tests.starter.people import Door
from tests.uploads import A_LINE, a_dsn, a_file, read, rows

WEEKS = ("2026-W50", "2026-W51")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> object:
    return a_setting(database, tmp_path)


@pytest.fixture
def reference(database: Database, boss: Credentials) -> str:
    return authorize(database, employer=Employer(boss.account_id, boss.siret, "34"))


async def test_each_code_is_told_once_and_what_may_be_a_name_is_not(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    lines = [A_LINE | {"categorie": "C", "mode": "Durand", "semaine": week} for week in WEEKS]
    client = door(boss)
    at = await sent(client, database, reference, a_file(*lines, A_LINE | {"semaine": "2026-W52", "categorie": ""}))
    shown = await client.get(at)
    assert shown.json()["unknown_codes"] == [
        {"field": "category", "column": "categorie", "shown": "C", "whole": True, "lines": 2, "first_line": 2},
        {
            "field": "mode",
            "column": "mode",
            "shown": "texte de 6 caractères",
            "whole": False,
            "lines": 2,
            "first_line": 2,
        },
    ]
    kept = rows(database, "SELECT e::text FROM upload_error e WHERE upload_id = CAST(:of AS uuid)", of=at[-36:])
    assert "Durand" not in shown.text + str(kept)


async def test_few_codes_are_told_at_once(door: Door, boss: Credentials, database: Database, reference: str) -> None:
    lines = [A_LINE | {"categorie": f"X{number}"} for number in range(MAX_UNKNOWN_CODES + 5)]
    client = door(boss)
    shown = (await client.get(await sent(client, database, reference, a_file(*lines)))).json()
    assert [each["shown"] for each in shown["unknown_codes"]] == [f"X{number}" for number in range(MAX_UNKNOWN_CODES)]


async def test_the_codes_of_a_dsn_are_nobodys_own(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    wrong = a_dsn(boss.siret).replace(b"S21.G00.40.078,'", b"S21.G00.40.078,'9")
    client = door(boss)
    shown = (await client.get(await sent(client, database, reference, wrong))).json()
    assert "mode-unknown" in {each["code"] for each in shown["first_errors"]}
    assert shown["unknown_codes"] == []


async def test_explained_codes_have_the_file_read_and_those_of_the_next_month(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    content = a_file(A_LINE | {"categorie": "C", "mode": "07 h"})
    at = await sent(client, database, reference, content)
    profile = {"name": "Paie", "categories": {"c": Category.EXECUTIVE.value}, "modes": {"07 H": "02"}}
    assert (await client.put(f"{at}/profile", json=profile)).status_code == 200
    read(database, at[-36:])
    assert ((await client.get(at)).json()["state"], (await client.get(at)).json()["unknown_codes"]) == ("read", [])
    following = await send(client, reference, content)
    assert read(database, following.json()["id"]).state == "read"


@pytest.mark.parametrize(
    ("stated", "pointer", "code"),
    [
        ({"categories": {"C": "executive", "c": "worker"}}, "/categories", "ambiguous"),
        ({"modes": {"H": "02", "h.": "01"}}, "/modes", "ambiguous"),
        ({"headers": {"Prime": "ignored", "PRIME": "idle"}}, "/headers", "ambiguous"),
        ({"modes": {"—": "02"}}, "/modes", "no-code"),
        ({"categories": {f"X{number}": "worker" for number in range(201)}}, "", "too-many"),
        ({"categories": {"C": "boss"}}, "", "not-a-choice"),
    ],
)
async def test_a_profile_that_says_two_things_of_a_value_or_explains_none_is_refused(
    door: Door,
    boss: Credentials,
    database: Database,
    reference: str,
    stated: dict[str, object],
    pointer: str,
    code: str,
) -> None:
    client = door(boss)
    at = await sent(client, database, reference, a_file(A_LINE | {"categorie": "C"}))
    refused = await client.put(f"{at}/profile", json={"name": "Paie"} | stated)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(pointer, code)]
    assert (await client.get(at)).json()["profile"] is None


async def test_a_value_said_twice_alike_is_one(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    at = await sent(client, database, reference, a_file(A_LINE | {"categorie": "C"}))
    same = {"name": "Paie", "categories": {"C": "executive", "c": "executive"}}
    assert (await client.put(f"{at}/profile", json=same)).status_code == 200
