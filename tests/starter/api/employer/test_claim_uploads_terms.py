"""What is said of the establishment beside a file of a claim: it prices the lines, and is kept with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from models.store.journal.claim_facts import find_changed_claims
from tests.builders import Credentials
from tests.cases import Employer
from tests.models.store.claims.builders import authorize
from tests.starter.api.employer.test_claim_uploads import send, sent
from tests.starter.claimed import authorized_for
from tests.starter.conftest import a_setting, one_register
from tests.starter.people import Door
from tests.uploads import A_LINE, a_file, read

MAX_BYTES = 50_000


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> object:
    return a_setting(database, tmp_path, claim_bytes=MAX_BYTES)


@pytest.fixture
def reference(database: Database, boss: Credentials) -> str:
    return authorize(database, employer=Employer(boss.account_id, boss.siret, "34"))


async def test_what_is_said_beside_a_file_prices_it_and_is_kept_with_the_claim(
    door: Door, boss: Credentials, database: Database
) -> None:
    client, reference = door(boss), authorized_for(database, boss)
    long_week = A_LINE | {"duree_contrat": "39", "heures_chomees": "39", "semaine": "2026-W50"}
    christmas = A_LINE | {"semaine": "2026-W52"}
    plain = await sent(client, database, reference, a_file(long_week, christmas))
    assert [each["code"] for each in (await client.get(plain)).json()["first_errors"]] == ["above-legal-week"]
    off = await sent(client, database, reference, a_file(christmas), holidays_worked="false")
    assert [each["code"] for each in (await client.get(off)).json()["first_errors"]] == ["idle-above-payable"]
    said = {"structural": "true", "holidays_worked": "true"}
    at = await sent(client, database, reference, a_file(long_week, christmas), **said)
    shown = (await client.get(at)).json()
    terms = {"structural": True, "sector": "general", "holidays_worked": True}
    assert (shown["state"], shown["hours"], {each: shown[each] for each in terms}) == ("read", "74.00", terms)
    body = {"month": "2026-12", "upload": shown["id"]}
    filed = (await client.post(f"/requests/{reference}/claims", json=body)).json()
    assert {each: filed[each] for each in terms} == terms
    with database.begin() as connection:
        assert find_changed_claims(connection, [filed["id"]]) == []
        connection.execute(text("UPDATE claim SET holidays_worked = NULL WHERE id = :id"), {"id": filed["id"]})
        assert [each.keys for each in find_changed_claims(connection, [filed["id"]])] == [("claim_holidays",)]


async def test_the_sector_said_beside_a_file_is_that_of_its_rates_or_refuses_it(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    shown = (await client.get(await sent(client, database, reference, a_file(), sector="chido"))).json()
    assert (shown["state"], shown["refusal"]) == ("unreadable", "Le régime du cyclone Chido ne vaut qu’à Mayotte.")
    assert (await send(client, reference, sector="x")).status_code == 422
    accepted = await send(client, reference, key="one", sector="closed")
    read(database, accepted.json()["id"])
    assert (await send(client, reference, key="one", sector="closed")).json() == accepted.json()
    assert (await send(client, reference, key="one")).status_code == 422, "the same key with other terms"
