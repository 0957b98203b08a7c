"""Exceptional acts need two operators and a reason; in production nobody acts alone."""

from pathlib import Path

import pytest
from sqlalchemy import text

from law.calendar import local
from law.directory import PARIS
from models.engine.names import authorization_id
from models.engine.processes import hold
from models.messages.case import Incident
from models.settings import Settings
from models.store.cases import requests
from models.store.database import Database, now
from models.store.journal import outbox
from models.store.operations import incidents
from models.store.people import access_log
from tests.builders import Credentials, staff
from tests.cases import file_a_case, let_silence_accept
from tests.models.store.claims.builders import blind, blind_of, claim, story
from tests.starter.conftest import a_setting
from tests.starter.people import Door

RESUMED = {"kind": "resume", "reason": "Signataire rétabli."}
ERASED = {"kind": "erase", "reason": "Demande de la personne, article 17 du RGPD."}


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, profile="production")


@pytest.fixture
def second(database: Database) -> Credentials:
    return staff(database, "operator")


def a_broken_case(database: Database) -> tuple[str, str]:
    reference = file_a_case(database)
    broken = Incident(subject=authorization_id(reference), act="issue_receipt", part="signer")
    with database.begin() as connection:
        incidents.open_incident(connection, broken, hold(connection, broken.subject))
        return reference, incidents.list_of_subject(connection, reference)[0].id


def waiting(database: Database) -> list[str]:
    with database.begin() as connection:
        return [letter.kind for letter in outbox.list_waiting(connection, 9)]


async def test_what_one_asks_another_approves_and_it_is_done_once(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    reference, incident = a_broken_case(database)
    asked = await door(operator).post(f"/incidents/{incident}/resume", json={"reason": RESUMED["reason"]})
    assert (asked.status_code, waiting(database)) == (202, ["start"])
    act = asked.json()["awaits_approval"]
    again = await door(second).post("/exceptional-acts", json=RESUMED | {"subject": incident})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/act-waiting")
    alone = await door(operator).post(f"/exceptional-acts/{act}/approval")
    assert (alone.status_code, alone.json()["type"]) == (409, "/problems/four-eyes")
    done = await door(second).post(f"/exceptional-acts/{act}/approval")
    assert (done.status_code, done.json()["approved_by"]) == (200, second.account_id)
    assert waiting(database) == ["start", "resume"]
    late = await door(second).post(f"/exceptional-acts/{act}/approval")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/act-ended")
    listed = (await door(second).get("/exceptional-acts")).json()["items"]
    assert [(each["kind"], each["subject"], each["reason"]) for each in listed] == [
        ("resume", incident, RESUMED["reason"])
    ]
    with database.begin() as connection:
        day = local(now(connection), PARIS).date()
        kept = [each.type for each in access_log.list_page(connection, day, 0) if each.data.get("act") == act]
    assert kept == ["exceptional_act_asked", "exceptional_act_approved"]
    assert reference


async def test_a_closed_case_is_erased_by_two_and_an_open_one_by_nobody(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    reference = file_a_case(database)
    let_silence_accept(database, reference)
    claimed = claim(database, reference)
    asked = await door(operator).post("/exceptional-acts", json=ERASED | {"subject": reference})
    address = f"/exceptional-acts/{asked.json()['id']}/approval"
    early = await door(second).post(address)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/case-open")
    with database.begin() as connection:
        requests.close(connection, reference, requests.received_now(connection))
    assert (await door(second).post(address)).status_code == 200
    with database.begin() as connection:
        where = {"id": authorization_id(reference)}
        kept = connection.execute(text("SELECT wrapped FROM case_key WHERE workflow_id = :id"), where)
        assert kept.scalar() is None
    assert blind(1) not in blind_of(database, claimed.id)
    assert story(database, claimed.id)[-1] == "claim_people_erased"


async def test_what_is_refused_is_not_done_and_may_be_asked_again(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    _, incident = a_broken_case(database)
    body = RESUMED | {"subject": incident}
    act = (await door(operator).post("/exceptional-acts", json=body)).json()["id"]
    assert (await door(second).post(f"/exceptional-acts/{act}/refusal")).status_code == 200
    assert (await door(second).post(f"/exceptional-acts/{act}/approval")).status_code == 409
    assert waiting(database) == ["start"]
    assert (await door(second).post("/exceptional-acts", json=body)).status_code == 201


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": ""}, 422),
        ({"reason": "non"}, 422),
        ({"reason": "a" * 20}, 422),
        ({"reason": None}, 422),
        ({"kind": "rewrite"}, 422),
        ({"subject": "034ZZZZ99"}, 404),
        ({"kind": "resume", "subject": "00000000-0000-0000-0000-000000000000"}, 404),
        ({"kind": "resume", "subject": "034ZZZZ99"}, 404),
    ],
)
async def test_an_act_needs_a_reason_and_something_that_exists(
    change: dict[str, object], status: int, door: Door, operator: Credentials, database: Database
) -> None:
    body = ERASED | {"subject": file_a_case(database)} | change
    assert (await door(operator).post("/exceptional-acts", json=body)).status_code == status
