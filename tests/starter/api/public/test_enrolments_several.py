"""Several enrolments of one establishment: each person has a code and what they filed; nobody blocks another."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.engine.names import announcement_id
from models.labels import Proof
from models.store.cases import authority_holds
from models.store.database import Database
from models.store.people import enrolments, notices, tokens
from tests.builders import Credentials, a_filing
from tests.cases import a_siret, an_enrolment, ask_to_enrol
from tests.starter.api.public.test_enrolments import PASSWORD, activated, enrolled, last
from tests.starter.conftest import one_register
from tests.starter.people import Door, code_of

pytestmark = pytest.mark.usefixtures("resend_at_once")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_several_people_who_enrol_one_establishment_each_have_what_they_filed_and_no_more(
    door: Door, database: Database
) -> None:
    siret = a_siret()
    stranger, owner = [f"{a_siret()}@ateliers.invalid" for _ in range(2)]
    people = []
    for email in (stranger, owner):
        await enrolled(door, siret=siret, email=email)
        people.append(await activated(door, database, siret))
    filed = []
    for who, month in zip(people, ("2026-12", "2027-01"), strict=True):
        period = {"start_on": f"{month}-01", "end_on": f"{month}-31"}
        answer = await door(who).post("/requests", json=a_filing(period=period))
        assert answer.status_code == 201, answer.text
        filed.append(answer.json()["reference"])
    for who, own, other in ((people[0], *filed), (people[1], *reversed(filed))):
        listed = (await door(who).get("/requests")).json()["items"]
        assert [each["reference"] for each in listed] == [own]
        assert (await door(who).get(f"/requests/{own}")).status_code == 200
        for call in (f"/requests/{other}", f"/requests/{other}/documents/{a_siret()}"):
            assert (await door(who).get(call)).status_code == 404
        assert (await door(who).post(f"/requests/{other}/desistment")).status_code == 404
        assert len((await door(who).get("/members", params={"siret": siret})).json()["items"]) == 1


def prove(database: Database, siret: str, who: Credentials) -> None:
    with database.begin() as connection:
        account = tokens.find_bearer(connection, who.token)
        assert account
        authority_holds.prove(connection, siret, account[0].id, Proof.LETTER, account[0].actor)


async def test_once_one_is_proven_the_others_neither_see_nor_file_and_newcomers_are_referred_to_them(
    door: Door, database: Database
) -> None:
    siret, people = a_siret(), []
    for _ in range(2):
        await enrolled(door, siret=siret)
        people.append(await activated(door, database, siret))
    stranger, owner = people
    reference = (await door(stranger).post("/requests", json=a_filing())).json()["reference"]
    late = await enrolled(door, siret=siret)
    code = code_of(database, siret)
    prove(database, siret, owner)
    assert (await door(stranger).get(f"/requests/{reference}")).status_code == 404
    assert (await door(stranger).get("/requests")).json()["items"] == []
    assert (await door(stranger).post("/requests", json=a_filing())).status_code == 422
    assert (await door(stranger).get("/members", params={"siret": siret})).status_code == 404
    assert (await door(owner).get(f"/requests/{reference}")).status_code == 200
    refused = await door().post("/enrolments/activation", json={"code": code, "password": PASSWORD})
    assert (refused.status_code, "demandez-lui de vous inviter" in refused.text) == (403, True)
    answers = [await enrolled(door, siret=siret) for _ in range(2)]
    assert {each["advice"] for each in answers} == {late["advice"]}
    with database.begin() as connection:
        told = [each.kind for each in notices.list_unsent(connection, announcement_id(siret))]
        assert sorted(told) == ["enrolment_again", "enrolment_taken", "enrolment_taken"]
        assert enrolments.get(connection, answers[0]["id"]).status == "redundant"


async def test_a_hundred_times_the_same_request_makes_one_code(door: Door, database: Database) -> None:
    siret, email = a_siret(), "n@a.invalid"
    answers = await asyncio.gather(
        *(door().post("/enrolments", json=an_enrolment(siret=siret, email=email)) for _ in range(3))
    )
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["id"] for each in answers}) == len({each.json()["key"] for each in answers}) == 3
    with ThreadPoolExecutor(8) as pool:  # the door counts mails by mailbox; the register arbitrates by itself
        list(pool.map(lambda _: ask_to_enrol(database, siret=siret, email=email), range(97)))
    with database.begin() as connection:
        found = connection.execute(
            text("SELECT status, count(*) AS many FROM enrolment WHERE siret = :s GROUP BY 1"), {"s": siret}
        )
        assert {row.status: row.many for row in found} == {"open": 1, "redundant": 99}
        started = text("SELECT count(*) FROM outbox WHERE workflow_id = :w AND kind = 'start'")
        assert connection.execute(started, {"w": last(database, siret).process}).scalar() == 1


async def test_the_key_of_a_repeated_request_opens_an_enrolment_and_never_moves_another(
    door: Door, database: Database
) -> None:
    first = await enrolled(door, email="dirigeante@ateliers.invalid")
    stranger = await enrolled(door, siret=first["siret"], email="Dirigeante@ateliers.invalid")
    corrected = {"id": stranger["id"], "key": stranger["key"], "email": "voleur@ailleurs.invalid"}
    assert (await door().post("/enrolments/email", json=corrected)).status_code == 202
    with database.begin() as connection:
        records = [enrolments.get(connection, each["id"]) for each in (first, stranger)]
    assert [(each.email, each.status, each.version) for each in records] == [
        ("dirigeante@ateliers.invalid", "open", 1),
        ("voleur@ailleurs.invalid", "open", 1),
    ]


async def test_whoever_mistyped_an_address_starts_again_and_has_a_code_at_once(door: Door, database: Database) -> None:
    wrong = await enrolled(door, email="contact@bouchrie-exemple.invalid")
    right = await enrolled(door, siret=wrong["siret"], email="contact@boucherie-exemple.invalid")
    found = last(database, wrong["siret"])
    assert (found.id, found.status, found.email) == (right["id"], "open", "contact@boucherie-exemple.invalid")
    who = await activated(door, database, wrong["siret"])
    assert (await door(who).post("/requests", json=a_filing())).status_code == 201
