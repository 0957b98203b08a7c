"""Actions on an account: passwords and tokens; and what each allows."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from models.store.people import quotas
from models.store.people.attempts import LIMITS
from tests.builders import Credentials, a_filing, employer
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import SAME_SITE
from tests.starter.people import (
    ANOTHER,
    PASSWORD,
    Door,
    Person,
    a_person,
    knocking,
    mailed,
    sign_in,
    with_password,
)

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_a_token_is_shown_once_reads_or_acts_serves_and_is_revoked(
    door: Door, chief: Person, database: Database
) -> None:
    client = knocking(door(), chief)
    made = {}
    for scope in ("read", "write"):
        answer = await client.post("/tokens", json={"label": f"Logiciel {scope}", "scope": scope})
        assert answer.status_code == 201, answer.text
        made[scope] = answer.json()
    reader = Credentials("", made["read"]["token"])
    writer = Credentials("", made["write"]["token"])
    assert (await door(reader).get("/requests")).status_code == 200
    assert (await door(reader).post("/requests", json=a_filing())).status_code == 403
    assert (await door(writer).post("/requests", json=a_filing())).status_code == 201
    listed = (await client.get("/tokens")).json()["items"]
    assert [each["label"] for each in listed[:2]] == ["Logiciel write", "Logiciel read"]
    assert all(each["used_at"] for each in listed[:2])
    assert "token" not in listed[0]
    assert (await client.delete(f"/tokens/{made['write']['id']}")).status_code == 204
    assert (await door(writer).get("/requests")).status_code == 401
    assert (await client.delete(f"/tokens/{made['write']['id']}")).status_code == 404


async def test_a_key_makes_one_token_and_gives_its_secret_again(door: Door, chief: Person, database: Database) -> None:
    client, key = knocking(door(), chief), {"Idempotency-Key": secrets.token_hex(8)}
    body = {"label": "Logiciel de paie", "scope": "read"}
    first, second = [await client.post("/tokens", json=body, headers=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, second.json())
    assert (await door(Credentials("", second.json()["token"])).get("/requests")).status_code == 200
    assert (await client.post("/tokens", json=body | {"scope": "write"}, headers=key)).status_code == 422
    others = {(await client.post("/tokens", json=body)).json()["token"] for _ in range(2)}
    other_key = await client.post("/tokens", json=body, headers={"Idempotency-Key": secrets.token_hex(8)})
    assert len({*others, first.json()["token"], other_key.json()["token"]}) == 4
    await client.delete(f"/tokens/{first.json()['id']}")
    dead = await client.post("/tokens", json=body, headers=key)
    assert (dead.status_code, dead.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert "est révoqué ou a pris fin" in dead.json()["detail"]
    with database.begin() as connection:
        made = "SELECT count(*) FROM token WHERE account_id = :of AND label = 'Logiciel de paie'"
        assert connection.execute(text(made), {"of": chief.who.account_id}).scalar() == 4
        kept = "DELETE FROM idempotency WHERE account_id = :of RETURNING key"
        (known_as,) = connection.execute(text(kept), {"of": chief.who.account_id}).scalars().all()[:1]
        assert key["Idempotency-Key"] not in known_as, "who reads the register cannot have a secret computed again"
    again = await client.post("/tokens", json=body, headers=key)
    assert again.json()["token"] != first.json()["token"], "a key that is forgotten gives no old secret"


async def test_tokens_of_a_day_have_a_quota_also_when_they_are_revoked(
    door: Door, chief: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "tokens", replace(quotas.QUOTAS["tokens"], most=2))
    client = knocking(door(), chief)
    for left in (1, 0):
        made = await client.post("/tokens", json={"label": "x"})
        assert made.headers["ratelimit-policy"] == '"tokens";q=2;w=86400'
        assert made.headers["ratelimit"].startswith(f'"tokens";r={left};t=')
        assert (await client.delete(f"/tokens/{made.json()['id']}")).status_code == 204
    refused = await client.post("/tokens", json={"label": "x"})
    assert (refused.status_code, "jetons" in refused.json()["detail"]) == (429, True)
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["ratelimit"].startswith('"tokens";r=0;t=')


async def test_a_token_expires_and_is_not_made_for_the_past(door: Door, chief: Person, database: Database) -> None:
    client = knocking(door(), chief)
    past = await client.post("/tokens", json={"label": "x", "expires_at": "2020-01-01T00:00:00+01:00"})
    assert past.json()["errors"][0]["pointer"] == "/expires_at"
    made = (await client.post("/tokens", json={"label": "x", "expires_at": "2040-01-01T00:00:00+01:00"})).json()
    assert (await door(Credentials("", made["token"])).get("/requests")).status_code == 200
    with database.begin() as connection:
        connection.execute(text("UPDATE token SET expires_at = now() WHERE label = 'x'"))
    assert (await door(Credentials("", made["token"])).get("/requests")).status_code == 401


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "/tokens", {"label": "x"}),
        ("POST", "/members", {"siret": "", "name": "x", "email": "x@y.fr"}),
        ("POST", "/account/password", {"current": "x", "password": ANOTHER}),
        ("DELETE", "/tokens/00000000-0000-0000-0000-000000000000", None),
        ("DELETE", "/mandates/00000000-0000-0000-0000-000000000000", None),
    ],
)
async def test_a_token_alone_makes_no_token_and_lets_nobody_in(
    method: str, address: str, body: dict[str, str] | None, door: Door, boss: Credentials
) -> None:
    sent = body and {name: value or boss.siret for name, value in body.items()}
    assert (await door(boss).request(method, address, json=sent)).status_code == 403


async def test_somebody_elses_token_cannot_be_revoked(door: Door, chief: Person, database: Database) -> None:
    other = a_person(database)
    await sign_in(door(), other)
    made = (await knocking(door(), other).post("/tokens", json={"label": "x"})).json()
    assert (await knocking(door(), chief).delete(f"/tokens/{made['id']}")).status_code == 404


async def test_a_lost_password_is_replaced_by_a_code_that_serves_once(
    door: Door, chief: Person, database: Database
) -> None:
    client = door()
    assert (await client.post("/password/code", json={"login": chief.login.upper()})).status_code == 202
    code, address = mailed(database, "password_code")
    assert address == chief.login
    short = await client.post("/password", json={"code": code, "password": "court"})
    assert short.json()["errors"][0]["code"] == "password-length"
    assert (await client.post("/password", json={"code": code.lower(), "password": ANOTHER})).status_code == 200
    assert (await client.get("/session", headers=chief.headers)).status_code == 401
    assert (await sign_in(client, chief)).status_code == 401
    assert (await sign_in(client, chief, password=ANOTHER)).status_code == 200
    again = await client.post("/password", json={"code": code, "password": ANOTHER})
    assert again.json()["errors"][0]["code"] == "code-refused"


async def test_whoever_chooses_a_lost_password_sees_their_tokens_and_may_revoke_them(
    door: Door, chief: Person, database: Database
) -> None:
    client = door()
    answers = []
    for revoke in (False, True):
        await client.post("/password/code", json={"login": chief.login})
        code, _ = mailed(database, "password_code")
        stated = {"code": code, "password": ANOTHER, "revoke_tokens": revoke}
        answers.append((await client.post("/password", json=stated)).json()["tokens"])
        still = (await door(chief.who).get("/account")).status_code
        assert still == (401 if revoke else 200)
    assert answers == [1, 0]
    await client.post("/password/code", json={"login": chief.login})
    chosen = {"code": mailed(database, "password_code")[0], "password": PASSWORD, "revoke_tokens": "yes"}
    page = await client.post("http://door/password", data=chosen, headers=SAME_SITE)
    assert (page.status_code, "Aucun jeton" in page.text) == (200, True)


async def test_asking_for_a_password_tells_nothing_takes_one_time_and_is_slowed(
    door: Door, chief: Person, database: Database
) -> None:
    client = door()
    logins = (chief.login, "personne@tacite.invalid")
    answers = [await client.post("/password/code", json={"login": each}) for each in logins]
    assert answers[0].content == answers[1].content
    assert abs(answers[0].elapsed - answers[1].elapsed) < timedelta(seconds=0.3)
    for _ in range(LIMITS["mail"].max_attempts - 1):
        await client.post("/password/code", json={"login": "personne@tacite.invalid"})
    slowed = await client.post("/password/code", json={"login": "personne@tacite.invalid"})
    assert slowed.status_code == 429


async def test_guessing_codes_is_slowed_and_leaves_an_event(door: Door, database: Database) -> None:
    client = door()
    for address in ("/password", "/invitations/acceptance"):
        with database.begin() as connection:
            connection.execute(text("DELETE FROM attempt"))
        statuses = [
            (await client.post(address, json={"code": f"ABCDE{n}", "password": PASSWORD})).status_code
            for n in range(LIMITS["code"].max_attempts + 1)
        ]
        assert statuses == [422] * LIMITS["code"].max_attempts + [429]
    with database.begin() as connection:
        query = "SELECT count(*) FROM event WHERE type = 'guesses_slowed' AND data->>'tried' = 'code'"
        assert connection.execute(text(query)).scalar_one() == 2


async def test_a_right_code_waits_too_once_there_were_too_many_guesses(
    door: Door, chief: Person, database: Database
) -> None:
    client = door()
    await client.post("/password/code", json={"login": chief.login})
    code, _ = mailed(database, "password_code")
    for n in range(LIMITS["code"].max_attempts):
        await client.post("/password", json={"code": f"ABCDE{n}", "password": PASSWORD})
    assert (await client.post("/password", json={"code": code, "password": ANOTHER})).status_code == 429
    with database.begin() as connection:
        connection.execute(text("DELETE FROM attempt"))
    assert (await client.post("/password", json={"code": code, "password": ANOTHER})).status_code == 200


async def test_a_password_is_changed_by_whoever_knows_it(door: Door, chief: Person) -> None:
    client = knocking(door(), chief)
    wrong = await client.post("/account/password", json={"current": "faux", "password": ANOTHER})
    assert wrong.json()["errors"][0]["pointer"] == "/current"
    changed = await client.post("/account/password", json={"current": PASSWORD, "password": ANOTHER})
    assert changed.status_code == 200, changed.text
    assert (await client.get("/session")).status_code == 401
    assert (await sign_in(door(), chief, password=ANOTHER)).status_code == 200


async def test_one_account_acts_for_two_hundred_establishments(door: Door, database: Database) -> None:
    person = with_password(database, employer(database, establishments=200))
    await sign_in(door(), person)
    client = knocking(door(), person)
    covered = (await client.get("/account")).json()["establishments"]
    assert len(covered) == 200
    filed = await client.post("/requests", json=a_filing(siret=covered[-1]["siret"]))
    assert filed.status_code == 201
    assert len((await client.get("/requests")).json()["items"]) == 1
