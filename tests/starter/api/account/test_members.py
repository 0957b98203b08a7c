"""Members and mandates of an establishment: invited, removed; an account may act for many."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.engine.names import account_process
from models.store.database import Database
from models.store.people import notices
from starter.auth import rate_limits
from tests.builders import a_filing, employer
from tests.cases import master_key
from tests.starter.conftest import one_register
from tests.starter.people import (
    ANOTHER,
    PASSWORD,
    Door,
    Person,
    a_person,
    join,
    knocking,
    mailed,
)

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_a_member_is_made_main_contact_by_an_invitation(door: Door, chief: Person, database: Database) -> None:
    client, siret = knocking(door(), chief), chief.who.siret
    invitation = {"siret": siret, "name": "Karim Benali", "email": f"karim.{siret}@tacite.invalid"}
    for role in ("member", "main"):
        await client.post("/members", json=invitation | {"role": role})
        await join(door, database, "invitation")
    parts = [each["role"] for each in (await client.get("/members", params={"siret": siret})).json()["items"]]
    assert parts == ["main", "main"]


async def test_a_main_contact_invites_and_removes_a_member(door: Door, chief: Person, database: Database) -> None:
    client, siret = knocking(door(), chief), chief.who.siret
    invitation = {"siret": siret, "name": "Karim Benali", "email": f"karim.{siret}@tacite.invalid"}
    for _ in range(2):
        again = await client.post("/members", json=invitation, headers={"Idempotency-Key": "karim"})
        assert again.status_code == 202
    with database.begin() as connection:
        invited = text("SELECT count(*) FROM event WHERE type = 'member_invited' AND data->>'siret' = :of")
        assert connection.execute(invited, {"of": siret}).scalar() == 1
    waiting = (await client.get("/members", params={"siret": siret})).json()["items"]
    assert [each["joined_at"] is None for each in waiting] == [False, True]
    member = knocking(door(), await join(door, database, "invitation"))
    filed = await member.post("/requests", json=a_filing())
    assert filed.status_code == 201, filed.text
    assert (await member.post("/members", json=invitation)).status_code == 403
    assert (await member.get("/account")).json()["establishments"][0]["part"] == "member"
    karim = (await client.get("/members", params={"siret": siret})).json()["items"][1]["id"]
    assert (await client.delete(f"/members/{karim}", params={"siret": siret})).status_code == 204
    assert (await member.get(f"/requests/{filed.json()['reference']}")).status_code == 404
    assert (await client.get(f"/requests/{filed.json()['reference']}")).status_code == 200
    with database.begin() as connection:
        process = f"authorization:{filed.json()['reference']}"
        notices.announce(connection, process, "receipt", "after", karim, at="2026-12-01T00:00:00+01:00")
        told = notices.list_unsent(connection, process)
    assert [each.account.id for each in told] == [chief.who.account_id]


async def test_the_last_main_contact_stays(door: Door, chief: Person) -> None:
    address = f"/members/{chief.who.account_id}"
    answer = await knocking(door(), chief).delete(address, params={"siret": chief.who.siret})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/last-contact")


async def test_whoever_has_an_account_joins_with_it_and_its_password(
    door: Door, chief: Person, database: Database
) -> None:
    other = a_person(database)
    siret = chief.who.siret
    await knocking(door(), chief).post("/members", json={"siret": siret, "name": "X", "email": other.login})
    code, _ = mailed(database, "invitation")
    wrong = await door().post("/invitations/acceptance", json={"code": code, "password": ANOTHER})
    assert wrong.json()["errors"][0]["code"] == "password-wrong"
    person = await join(door, database, "invitation", PASSWORD)
    covered = (await knocking(door(), person).get("/account")).json()
    assert covered["id"] == other.who.account_id
    assert {each["siret"] for each in covered["establishments"]} == {siret, other.who.siret}


async def test_a_stranger_sees_and_changes_nothing_of_an_establishment(
    door: Door, chief: Person, database: Database
) -> None:
    stranger, siret = knocking(door(), chief), employer(database).siret
    assert (await stranger.get("/members", params={"siret": siret})).status_code == 404
    body = {"siret": siret, "name": "X", "email": "x@tacite.invalid"}
    assert (await stranger.post("/members", json=body)).status_code == 404
    mandate = body | {"starts_on": "2026-01-01", "ends_on": "2026-12-31", "password": PASSWORD}
    assert (await stranger.post("/mandates", json=mandate)).status_code == 404


@pytest.mark.parametrize("day", [1764460800, "1764460800", "0001-01-01", "9999-12-31", "2026-12-01T00:00:00"])
async def test_the_days_of_a_mandate_are_written_as_days_that_people_live(
    door: Door, chief: Person, day: object
) -> None:
    body = {"siret": chief.who.siret, "name": "Cabinet", "email": "c@tacite.invalid", "password": PASSWORD}
    refused = await knocking(door(), chief).post("/mandates", json=body | {"starts_on": day, "ends_on": day})
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/starts_on", "/ends_on"]


async def test_what_strangers_sent_to_a_mailbox_lets_an_invitation_wait_and_refuses_none(
    door: Door, chief: Person, database: Database
) -> None:
    client, siret = knocking(door(), chief), chief.who.siret
    email = f"karim.{siret}@tacite.invalid"
    with database.begin() as connection:
        for number in range(12):
            rate_limits.place_mail(connection, master_key(), email, bytes([number]))
    invitation = {"siret": siret, "name": "Karim Benali", "email": email}
    answers = [await client.post("/members", json=invitation) for _ in range(4)]
    assert [each.status_code for each in answers] == [202, 202, 202, 429]
    waiting = (await client.get("/members", params={"siret": siret})).json()["items"][1:]
    with database.begin() as connection:
        queued = [notices.find_queued(connection, account_process(each["id"])) for each in waiting]
    assert sorted((each.many, round(each.seconds / 3600)) for each in queued) == [(1, 3), (1, 4), (1, 5)]
    with database.begin() as connection:  # as if the first one had left
        connection.execute(text("UPDATE notice SET not_before = now() WHERE kind = 'invitation'"))
    await join(door, database, "invitation")
    with database.begin() as connection:
        assert rate_limits.place_mail(connection, master_key(), email, b"other") is None
