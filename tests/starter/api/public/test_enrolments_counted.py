"""Mails that strangers cause: counted by mailbox whatever the call, and repeats that cause none."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from models.store.people import activations, enrolments, notices
from starter.auth import rate_limits
from tests.cases import a_siret, an_enrolment, master_key
from tests.starter.api.public.test_enrolments import activated, enrolled
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import SAME_SITE
from tests.starter.pages.public.test_enrolment import form
from tests.starter.people import Door, a_person

pytestmark = pytest.mark.usefixtures("resend_at_once", "unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def opened(database: Database, siret: object) -> int:
    with database.begin() as connection:
        query = text("SELECT count(*) FROM enrolment WHERE siret = :s AND status = 'open'")
        return int(connection.execute(query, {"s": siret}).scalar_one())


async def test_mails_to_one_mailbox_are_not_asked_for_without_end_by_any_call(door: Door, database: Database) -> None:
    mine, victim = await enrolled(door), f"{a_siret()}@ailleurs.invalid"
    corrected: dict[str, object] = {"id": mine["id"], "key": mine["key"], "email": victim}
    calls: list[tuple[str, dict[str, object]]] = [
        ("/enrolments/email", corrected),
        ("/enrolments/resend", {"siret": a_siret(), "email": victim.upper()}),
        ("/enrolments/email", corrected),
        ("/enrolments", an_enrolment(email=victim)),
        ("/enrolments/email", corrected),
        ("/enrolments/resend", {"siret": a_siret(), "email": victim}),
    ]
    answers = [await door().post(call, json=body) for call, body in calls]
    assert [each.status_code for each in answers] == [202, 202, 202, 429, 429, 429]
    assert {each.json()["type"] for each in answers[3:]} == {"/problems/too-many"}
    assert all(0 < int(each.headers["retry-after"]) <= 900 for each in answers[3:])
    assert opened(database, calls[3][1]["siret"]) == 0


@pytest.mark.parametrize("known", [True, False])
async def test_mails_that_strangers_ask_for_use_up_no_code_of_a_lost_password(
    door: Door, database: Database, known: bool
) -> None:
    mailbox = a_person(database).login if known else f"{a_siret()}@ailleurs.invalid"
    enrolments = [await door().post("/enrolments", json=an_enrolment(email=mailbox)) for _ in range(4)]
    codes = [await door().post("/password/code", json={"login": mailbox}) for _ in range(4)]
    assert [each.status_code for each in enrolments] == [201, 201, 201, 429]
    assert [each.status_code for each in codes] == [202, 202, 202, 429]
    assert 0 < int(codes[-1].headers["retry-after"]) <= 900


async def test_codes_of_a_lost_password_have_a_bound_of_a_day_and_take_no_enrolment(
    door: Door, database: Database
) -> None:
    mailbox, statuses = f"{a_siret()}@ailleurs.invalid", []
    for _ in range(11):
        statuses.append((await door().post("/password/code", json={"login": mailbox})).status_code)
        with database.begin() as connection:
            connection.execute(text("UPDATE attempt SET at = at - interval '20 minutes' WHERE kind = 'password_mail'"))
    assert statuses == [202] * 10 + [429]
    assert (await door().post("/enrolments", json=an_enrolment(email=mailbox))).status_code == 201


async def test_a_day_has_its_bound_whatever_the_pauses_and_locks_nobody_out(door: Door, database: Database) -> None:
    victim, asked = f"{a_siret()}@ailleurs.invalid", []
    for _ in range(12):
        answer = await door().post("/enrolments", json=an_enrolment(email=victim))
        assert answer.status_code == 201
        asked.append(answer.json()["id"])
        with database.begin() as connection:
            connection.execute(text("UPDATE attempt SET at = at - interval '20 minutes' WHERE kind = 'mail'"))
    waits = []
    with database.begin() as connection:
        for each in asked:
            activations.issue(connection, each, master_key())
            record = enrolments.get(connection, each)
            waits.append(round(notices.find_queued(connection, record.process).seconds / 3600))
    assert waits == [0] * 10 + [1, 2]


async def test_thirty_requests_of_one_address_delay_no_code_of_the_owner(
    app: FastAPI, door: Door, database: Database
) -> None:
    victim = f"{a_siret()}@ailleurs.invalid"
    for _ in range(30):
        assert (await door().post("/enrolments", json=an_enrolment(email=victim))).status_code == 201
        with database.begin() as connection:
            connection.execute(text("UPDATE attempt SET at = at - interval '20 minutes' WHERE kind = 'mail'"))
            connection.execute(text("DELETE FROM attempt WHERE kind = 'mailbox'"))
    transport = httpx.ASGITransport(app, client=("203.0.113.78", 123))
    async with httpx.AsyncClient(transport=transport, base_url="http://door/api/v1") as owner:
        own = await owner.post("/enrolments", json=an_enrolment(email=victim))
    with database.begin() as connection:
        assert enrolments.get(connection, own.json()["id"]).mailed_from is None


async def test_what_one_address_asks_for_locks_no_other_out(app: FastAPI, door: Door, database: Database) -> None:
    victim = f"{a_siret()}@ailleurs.invalid"
    stranger = [await door().post("/enrolments", json=an_enrolment(email=victim)) for _ in range(4)]
    assert [each.status_code for each in stranger] == [201, 201, 201, 429]
    transport = httpx.ASGITransport(app, client=("203.0.113.77", 123))
    async with httpx.AsyncClient(transport=transport, base_url="http://door/api/v1") as owner:
        assert (await owner.post("/enrolments", json=an_enrolment(email=victim))).status_code == 201


async def test_repeats_that_send_no_mail_take_no_place(door: Door, database: Database) -> None:
    body = an_enrolment(email=f"{a_siret()}@ailleurs.invalid")
    for _ in range(3):
        assert (await door().post("/enrolments", json=body)).status_code == 201
    with database.begin() as connection:
        subject = rate_limits.mailbox_digest(master_key(), str(body["email"]))
        placed = text("SELECT count(*) FROM attempt WHERE kind = 'mail_day' AND subject = :s")
        assert connection.execute(placed, {"s": subject}).scalar() == 1


async def test_whoever_uses_their_codes_enrols_as_many_establishments_as_they_have(
    door: Door, database: Database
) -> None:
    email = f"{a_siret()}@groupe.invalid"
    for _ in range(12):
        siret = (await enrolled(door, email=email))["siret"]
        await activated(door, database, siret)


async def test_an_answer_is_repeated_where_it_was_given_and_its_key_is_given_nowhere_else(
    app: FastAPI, door: Door, database: Database
) -> None:
    body, key = an_enrolment(email=f"{a_siret()}@ateliers.invalid"), {"Idempotency-Key": a_siret()}
    first = await door().post("/enrolments", json=body, headers=key)
    again = [await door().post("/enrolments", json=body, headers=key) for _ in range(5)]
    assert {each.text for each in again} == {first.text}
    transport = httpx.ASGITransport(app, client=("203.0.113.9", 123))
    async with httpx.AsyncClient(transport=transport, base_url="http://door/api/v1") as elsewhere:
        other = await elsewhere.post("/enrolments", json=body, headers=key)
    assert (other.status_code, other.json()["key"] == first.json()["key"]) == (201, False)
    assert opened(database, body["siret"]) == 1


async def test_a_form_that_is_sent_twice_or_reloaded_is_received_once(door: Door, database: Database) -> None:
    shown = (await door().get("http://door/enrolment", params={"siret": a_siret()})).text
    rendering = re.search(r'name="rendering" value="([^"]+)"', shown)
    assert rendering
    filled = form(rendering=rendering[1])
    pages = [await door().post("http://door/enrolment", data=filled, headers=SAME_SITE) for _ in range(6)]
    assert {(each.status_code, each.headers["location"]) for each in pages} == {(303, "/enrolment/received")}
    assert opened(database, filled["siret"]) == 1
    with database.begin() as connection:
        told = text("SELECT count(*) FROM notice WHERE workflow_id LIKE '%' || :s")
        assert connection.execute(told, {"s": filled["siret"]}).scalar() == 0
    wrong = await door().post("http://door/enrolment", data=filled | {"siret": "1"}, headers=SAME_SITE)
    assert f'value="{rendering[1]}"' in wrong.text
    corrected = await door().post(
        "http://door/enrolment", data=filled | {"email": f"{a_siret()}@juste.invalid"}, headers=SAME_SITE
    )
    assert corrected.status_code == 303
    assert opened(database, filled["siret"]) == 2
