"""Several people who enrol one establishment and prove their authority at the same time."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.settings import Settings
from models.store.database import Database
from models.store.journal import events
from models.store.people import accounts, authorities
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import a_siret, an_enrolment
from tests.starter.api.public.test_enrolments import PASSWORD, activated, enrolled
from tests.starter.conftest import a_setting, one_register
from tests.starter.letters import draw, know_address, known_code
from tests.starter.people import Door, Person, code_of, knocking, sign_in, with_password

pytestmark = pytest.mark.usefixtures("unhurried")
OVERLAPS = 6
"""How many people act at the same time."""


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, letters=tmp_path / "letters")


async def codes_for(door: Door, database: Database, siret: str, people: int) -> list[str]:
    codes = []
    for _ in range(people):
        await enrolled(door, siret=siret)
        codes.append(code_of(database, siret))
    return codes


async def test_people_who_activate_at_once_each_act_for_themselves(door: Door, database: Database) -> None:
    siret = a_siret()
    codes = await codes_for(door, database, siret, OVERLAPS)
    body = [{"code": code, "password": PASSWORD} for code in codes for _ in range(2)]
    answers = await asyncio.gather(*(door().post("/enrolments/activation", json=each) for each in body))
    statuses = [each.status_code for each in answers]
    assert (statuses.count(200), statuses.count(422)) == (OVERLAPS, OVERLAPS), "each code is used once"
    tokens = [each.json()["token"] for each in answers if each.status_code == 200]
    for token in tokens:
        listed = await door(Credentials("", token, siret)).get("/members", params={"siret": siret})
        assert len(listed.json()["items"]) == 1
    with database.begin() as connection:
        assert events.broken_links(connection, siret) == []
        for table in ("establishment", "series"):
            many = connection.execute(text(f"SELECT count(*) FROM {table} WHERE siret = :s"), {"s": siret})
            assert many.scalar() == 1


async def test_whoever_activates_while_somebody_proves_is_let_in_before_or_told_whom_to_ask(
    door: Door, database: Database, tmp_path: Path
) -> None:
    siret = a_siret()
    await enrolled(door, siret=siret)
    await activated(door, database, siret)
    owner, code = await a_letter(door, database, siret, tmp_path)
    codes = await codes_for(door, database, siret, OVERLAPS)
    prove = knocking(door(), owner).post(f"/establishments/{siret}/proof", json={"code": code})
    proven, *answers = await asyncio.gather(
        prove, *(door().post("/enrolments/activation", json={"code": each, "password": PASSWORD}) for each in codes)
    )
    assert proven.status_code == 200, proven.text
    for answer in answers:
        if answer.status_code == 403:
            assert "demandez-lui de vous inviter" in answer.json()["detail"]
            continue
        assert answer.status_code == 200, answer.text
        late = Credentials("", answer.json()["token"], siret)
        assert (await door(late).post("/requests", json=a_filing())).status_code == 422
        assert (await door(late).get("/requests")).json()["items"] == []
    assert (await knocking(door(), owner).post("/requests", json=a_filing())).status_code == 201


async def test_proofs_at_once_count_each_once_and_a_letter_serves_once(
    door: Door, database: Database, tmp_path: Path
) -> None:
    siret = employer(database, proven=False).siret
    people = [await a_letter(door, database, siret, tmp_path) for _ in range(2)]
    stranger = beside(database, siret)
    await sign_in(door(), stranger)
    path = f"/establishments/{siret}/proof"
    calls = [(who, code) for who, code in people for _ in range(3)]
    calls += [(stranger, people[0][1])]
    answers = await asyncio.gather(*(knocking(door(), who).post(path, json={"code": code}) for who, code in calls))
    for each in (answers[:3], answers[3:6]):
        assert sorted(answer.status_code for answer in each)[0] == 200
        others = [answer for answer in each if answer.status_code != 200]
        assert len(others) == 2
        assert {answer.status_code for answer in others} <= {409, 422}
    assert (answers[6].status_code, answers[6].json()["errors"][0]["code"]) == (422, "code-refused")
    with database.begin() as connection:
        for who, _ in people:
            assert authorities.is_proven(connection, who.who.account_id, siret)
        assert not authorities.is_proven(connection, stranger.who.account_id, siret)
        query = text("SELECT count(*) FROM authority WHERE siret = :s AND ended_at IS NULL")
        assert connection.execute(query, {"s": siret}).scalar() == len(people)


def beside(database: Database, siret: str) -> Person:
    with database.begin() as connection:
        account_id = accounts.create(connection, "employer", "Zoé Durand", "zoe@ateliers.invalid")
        accounts.enrol(connection, account_id, accounts.get_establishment(connection, siret), apart=True)
    return with_password(database, Credentials(account_id, "", siret))


async def a_letter(door: Door, database: Database, siret: str, folder: Path) -> tuple[Person, str]:
    """Somebody who enrolled an establishment on their own, and the code of the letter that they asked for."""
    know_address(database, siret)
    person, operator = beside(database, siret), staff(database, "operator")
    await sign_in(door(), person)
    assert (await knocking(door(), person).post(f"/establishments/{siret}/letters")).status_code == 201
    with database.begin() as connection:
        query = text("SELECT id::text FROM letter WHERE account_id = CAST(:a AS uuid)")
        letter = connection.execute(query, {"a": person.who.account_id}).scalar_one()
    assert (await door(operator).post(f"/letters/{letter}/printing", json={})).status_code == 202
    assert draw(database, folder / "letters", letter)
    return person, known_code(database, letter)


async def test_calls_about_one_establishment_and_one_mailbox_never_wait_for_each_other(
    door: Door, database: Database
) -> None:
    mine = await enrolled(door)
    siret, mailbox = mine["siret"], f"{a_siret()}@ateliers.invalid"
    corrected = {"id": mine["id"], "key": mine["key"], "email": mailbox}
    calls = [
        ("/enrolments/email", corrected),
        ("/enrolments", an_enrolment(siret=siret, email=mailbox)),
        ("/enrolments/resend", {"siret": siret, "email": mailbox}),
    ]
    for _ in range(4):
        with database.begin() as connection:
            connection.execute(text("DELETE FROM attempt"))
        answers = await asyncio.gather(*(door().post(path, json=body) for path, body in calls * 4))
        assert {each.status_code for each in answers} <= {201, 202, 429}
