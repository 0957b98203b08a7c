"""An operator freezes and resumes the channels to the agency; what was set aside is replayed by two of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from law.calendar import local
from law.directory import PARIS
from local.postgres import Postgres
from models.agency_answers import AnswerFault
from models.settings import Settings
from models.store.agency import answer_files
from models.store.agency.channels import CLAIMS
from models.store.database import Database
from models.store.people import access_log
from tests.builders import Credentials, staff
from tests.cases import master_key
from tests.starter.conftest import a_setting, one_register
from tests.starter.people import Door

REASON = {"reason": "L’agence annonce une migration de ses serveurs."}


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, profile="production")


@pytest.fixture
def second(database: Database) -> Credentials:
    return staff(database, "operator")


def set_aside(database: Database, name: str, content: bytes = b"{}") -> str:
    """A file of answers that three runs could not apply."""
    with database.begin() as connection:
        file = answer_files.note(connection, CLAIMS, name, content, master_key())
        for _ in range(answer_files.MAX_TRIES):
            answer_files.fail(connection, file.id, AnswerFault.MALFORMED)
    return file.id


async def test_a_freeze_is_stated_read_and_ended(door: Door, operator: Credentials, database: Database) -> None:
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    key = {"Idempotency-Key": "gel-1"}
    for _ in range(2):
        frozen = await door(operator).post("/channels/claims/freeze", json=REASON | {"until_at": until}, headers=key)
        assert frozen.status_code == 200
    assert (frozen.json()["state"], frozen.json()["reason"]) == ("frozen", REASON["reason"])
    listed = (await door(operator).get("/channels")).json()["items"]
    assert [(each["name"], each["state"]) for each in listed] == [
        ("authorizations", "open"),
        ("amendments", "open"),
        ("claims", "frozen"),
    ]
    assert [(each["unanswered"], each["deposited_at"]) for each in listed] == [(0, None)] * 3
    resumed = await door(operator).post("/channels/claims/resume", json=REASON)
    assert (resumed.json()["state"], resumed.json()["reason"]) == ("open", None)
    again = await door(operator).post("/channels/claims/resume", json=REASON)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-frozen")
    with database.begin() as connection:
        day = local(datetime.now(UTC), PARIS).date()
        told = [each.type for each in access_log.list_page(connection, day, 0)]
    assert [each for each in told if each.startswith("agency_")] == ["agency_frozen", "agency_resumed"]


async def test_a_freeze_says_why_of_a_channel_that_exists(door: Door, operator: Credentials) -> None:
    assert (await door(operator).post("/channels/claims/freeze", json={"reason": "non"})).status_code == 422
    assert (await door(operator).post("/channels/mail/freeze", json=REASON)).status_code == 404


async def test_a_file_set_aside_is_discarded_by_two(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    file = set_aside(database, "TACITE_DI_20261201091530_FichierRetour.json")
    (listed,) = (await door(operator).get("/quarantine")).json()["items"]
    assert (listed["id"], listed["fault"], listed["tries"]) == (file, AnswerFault.MALFORMED.label, 3)
    asked = await door(operator).post(f"/quarantine/{file}/discard", json=REASON)
    assert (asked.status_code, asked.json()["state"]) == (202, "quarantined")
    act = asked.json()["awaits_approval"]
    assert (await door(operator).post(f"/exceptional-acts/{act}/approval")).status_code == 409
    assert (await door(second).post(f"/exceptional-acts/{act}/approval")).status_code == 200
    assert (await door(operator).get("/quarantine")).json()["items"] == []
    again = await door(operator).post(f"/quarantine/{file}/discard", json=REASON)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-set-aside")


async def test_a_replay_that_still_cannot_be_says_why_and_leaves_it_aside(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    file = set_aside(database, "TACITE_DI_20261201101530_FichierRetour.json")
    asked = await door(operator).post(f"/quarantine/{file}/replay", json=REASON)
    refused = await door(second).post(f"/exceptional-acts/{asked.json()['awaits_approval']}/approval")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-set-aside")
    assert AnswerFault.MALFORMED.label.lower() in refused.json()["detail"]
    assert [each["id"] for each in (await door(operator).get("/quarantine")).json()["items"]] == [file]


async def test_an_operator_of_some_departments_sees_no_channel_act(door: Door, database: Database) -> None:
    file = set_aside(database, "TACITE_DI_20261201111530_FichierRetour.json")
    regional = staff(database, "operator", "34")
    assert (await door(regional).post(f"/quarantine/{file}/replay", json=REASON)).status_code == 404
