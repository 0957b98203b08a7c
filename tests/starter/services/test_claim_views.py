"""An explanation recomputes what the register has; a correction of the law since is told, and changes nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.claim_labels import ClaimSignal, ClaimState
from models.store.claims import steps
from models.store.database import Database
from tests.builders import Credentials
from tests.models.store.claims.reviewed import reviewed
from tests.starter.claimed import a_claim, a_line, authorized_for, filed, post
from tests.starter.conftest import one_register
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_amounts_that_the_law_of_today_would_not_give_are_kept_and_said(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference = authorized_for(database, boss)
    await filed(door(boss), reference, a_claim(a_line()))
    with database.begin() as connection:
        connection.execute(text("UPDATE claim_person SET allowance_cents = allowance_cents - 1"))
    told = (await door(boss).get(f"/requests/{reference}/claims/2026-12/explanations/1")).json()
    assert (told["allowance"], told["products"][0]["allowance"]) == ("59.98", "59.99")
    assert "retenus à la réception" in told["why"][-1]["text"]


async def test_what_was_claimed_of_days_that_an_amendment_cut_is_still_explained(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference = authorized_for(database, boss)
    found = await filed(door(boss), reference, a_claim(a_line()))
    with database.begin() as connection:
        row = {"reference": reference}
        connection.execute(text("UPDATE request SET end_on = '2026-12-02' WHERE reference = :reference"), row)
    told = await door(boss).get(f"/requests/{reference}/claims/2026-12/explanations/1")
    assert (told.status_code, told.json()["allowance"]) == (200, found["allowance"])


async def test_what_the_claims_of_others_tell_is_read_by_agents_alone(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference = authorized_for(database, boss)
    every = tuple(ClaimSignal)
    claim = reviewed(database, *every, reference=reference)
    assert claim.reference == reference
    address = f"/requests/{reference}/claims/2026-12"
    [own], [seen] = [(await door(who).get(address)).json()["versions"] for who in (boss, agent)]
    assert {each["code"] for each in seen["signals"]} == set(every)
    assert {each["code"] for each in own["signals"]} == {"authority", "bank_account", "opinion", "regularisation"}


async def test_a_repeated_call_tells_its_sender_no_more(door: Door, boss: Credentials, database: Database) -> None:
    reference, body = authorized_for(database, boss), a_claim(a_line(3))
    first = (await post(door(boss), reference, body, "signals")).json()
    with database.begin() as connection:
        signals = (ClaimSignal.OTHER_ESTABLISHMENT,)
        assert steps.take(connection, first["id"], ClaimState.UNDER_REVIEW, signals=signals)
    again = (await post(door(boss), reference, body, "signals")).json()
    assert (again["id"], again["state"], again["signals"]) == (first["id"], "under_review", [])


async def test_a_version_is_read_by_its_number(door: Door, boss: Credentials, database: Database) -> None:
    reference, client = authorized_for(database, boss), door(boss)
    first = await filed(client, reference)
    await filed(client, reference, a_claim(a_line(2), a_line(3), replaces=first["id"]))
    address = f"/requests/{reference}/claims/2026-12/lines"
    assert [len((await client.get(f"{address}?version={n}")).json()["items"]) for n in (1, 2)] == [1, 2]
    assert (await client.get(f"{address}?version=3")).status_code == 404
    assert (await client.get(f"{address}?version=0")).status_code == 422
    assert (await client.get(f"/requests/{reference}/claims/2026-13")).status_code == 422
