"""Claims sent at once, and what names people: through the door, on the real register."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.claim_labels import ClaimState
from models.store.agency import claim_rows, files
from models.store.agency.channels import CLAIMS
from models.store.claims import ends
from models.store.database import Database
from models.store.journal.events import SYSTEM
from starter.http import slow_calls
from tests.builders import Credentials, staff
from tests.models.store.agency.builders import a_queued_claim
from tests.models.store.claims.builders import broken, differences, state
from tests.models.store.claims.real_lines import SENTINEL_NAME, SENTINEL_NIR
from tests.starter.claimed import a_claim, a_line, authorized_for, filed, post
from tests.starter.conftest import one_register
from tests.starter.people import Door
from tests.uploads import read, receive, standing


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_of_two_first_versions_sent_at_once_one_lives(door: Door, boss: Credentials, database: Database) -> None:
    reference, client = authorized_for(database, boss), door(boss)
    both = await asyncio.gather(*(post(client, reference, a_claim(a_line(each))) for each in (1, 2)))
    assert sorted(each.status_code for each in both) == [201, 409]
    (refused,) = [each.json()["type"] for each in both if each.status_code == 409]
    assert refused == "/problems/claim-stands"
    assert (differences(database), broken(database)) == ((), [])


async def test_of_two_versions_that_replace_the_same_one_lives(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, client = authorized_for(database, boss), door(boss)
    first = await filed(client, reference)
    bodies = [a_claim(a_line(idle=idle), replaces=first["id"]) for idle in ("6", "5")]
    both = await asyncio.gather(*(post(client, reference, each) for each in bodies))
    assert sorted(each.status_code for each in both) == [201, 409]
    versions = (await client.get(f"/requests/{reference}/claims/2026-12")).json()["versions"]
    assert [each["state"] for each in versions] == ["replaced", "admitted"]
    assert differences(database) == ()


async def test_a_repeated_call_sent_at_once_makes_one_claim(door: Door, boss: Credentials, database: Database) -> None:
    reference, client = authorized_for(database, boss), door(boss)
    same = await asyncio.gather(*(post(client, reference, key="once") for _ in range(2)))
    assert {each.status_code for each in same} == {201}
    assert len({each.json()["id"] for each in same}) == 1


async def test_a_file_that_was_read_is_submitted_once(door: Door, boss: Credentials, database: Database) -> None:
    reference, client = authorized_for(database, boss), door(boss)
    upload = receive(database, reference)
    body = {"month": "2026-12", "upload": upload}
    early = await post(client, reference, body)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/upload-not-read")
    assert read(database, upload).state == "read"
    other = await post(client, reference, body | {"part": 2})
    assert [each["pointer"] for each in other.json()["errors"]] == ["/part"]
    found = await filed(client, reference, body | {"monthly_reimbursement": True})
    assert (found["people"], found["state"], found["monthly_reimbursement"]) == (3, "admitted", True)
    again = await post(client, reference, body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/upload-ended")
    lines = (await client.get(f"/requests/{reference}/claims/2026-12/lines")).json()["items"]
    assert len([each for each in lines if each["nir"]]) == 3
    assert (differences(database), broken(database)) == ((), [])


async def test_a_file_with_weeks_that_are_not_over_is_kept_and_not_submitted(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference = authorized_for(database, boss, clock_offset=timedelta())
    upload = receive(database, reference)
    read(database, upload)
    answer = await post(door(boss), reference, {"month": "2026-12", "upload": upload})
    assert {each["code"] for each in answer.json()["errors"]} == {"hours-to-come"}
    assert standing(database, upload).state == "read"


async def test_a_claim_that_is_being_sent_is_not_cancelled(door: Door, boss: Credentials, database: Database) -> None:
    reference = authorized_for(database, boss)
    claim = a_queued_claim(database, reference)
    with database.begin() as connection:
        rows = [each for each in claim_rows.list_ready(connection, 100) if each.claim_id == claim.id]
        files.reserve(connection, CLAIMS, lambda _: "TACITE_DI_20261201091530.json", b"{}", rows)
    refused = await door(boss).post(f"/requests/{reference}/claims/2026-12/cancellation")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-handed")
    assert state(database, claim.id) == "signed"


async def test_a_claim_that_ended_otherwise_is_not_said_to_be_sent(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, client = authorized_for(database, boss), door(boss)
    claim = await filed(client, reference)
    with database.begin() as connection:
        assert ends.end(connection, claim["id"], ClaimState.REFUSED, SYSTEM)
    refused = await client.post(f"/requests/{reference}/claims/2026-12/cancellation")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/claim-settled")
    assert "est refusée" in refused.json()["detail"]


async def test_an_account_has_few_claims_under_way(
    door: Door, boss: Credentials, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_calls, "MAX_CLAIMS_BY_ACCOUNT", 0)
    answer = await post(door(boss), authorized_for(database, boss))
    assert (answer.status_code, answer.json()["type"], "retry-after" in answer.headers) == (
        429,
        "/problems/too-many",
        True,
    )


async def test_what_names_people_is_in_no_log_no_event_and_no_table(
    door: Door, boss: Credentials, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    reference, client = authorized_for(database, boss), door(boss)
    await filed(client, reference)
    await post(client, reference, a_claim(a_line(nir=SENTINEL_NIR + "00")), key="wrong")
    await client.get(f"/requests/{reference}/claims/2026-12/lines")
    await client.get(f"/requests/{reference}/claims/2026-12/file")
    await client.post(f"/requests/{reference}/claims/2026-12/cancellation")
    agent = door(staff(database, "head"))
    told = [(await agent.get(f"/requests/{reference}/claims/2026-12{each}")).text for each in ("", "/lines")]
    written = capfd.readouterr()
    kept = [written.out, written.err, *told, *_rows(database)]
    for sentinel in (SENTINEL_NIR, SENTINEL_NAME, SENTINEL_NIR.encode().hex(), SENTINEL_NAME.encode().hex()):
        assert [each for each in kept if sentinel in each] == []


def _rows(database: Database) -> list[str]:
    with database.begin() as connection:
        listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        tables = connection.execute(text(listed)).scalars().all()
        return [row for each in tables for row in connection.execute(text(f'SELECT t::text FROM "{each}" t')).scalars()]
