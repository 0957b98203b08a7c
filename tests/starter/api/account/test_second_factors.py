"""One-time codes and passkeys: added by a person with a password; wrong and replayed ones are refused."""

import secrets
from collections.abc import Iterator

import httpx
import pyotp
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database, now
from models.store.people.attempts import LIMITS
from starter.auth.totp import STEP_SECONDS
from tests.cases import a_siret, an_enrolment
from tests.starter.conftest import one_register
from tests.starter.people import PASSWORD, SITE, Door, Person, code_of, knocking, sign_in

FACTORS = ("/account/totp", "/account/totp/removal", "/account/passkeys/challenge")

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def code(database: Database, secret: str, ahead: int = 0) -> str:
    """The code that an authenticator shows at the register's time, or some steps later."""
    with database.begin() as connection:
        at: float = now(connection).timestamp()
    return pyotp.TOTP(secret, interval=STEP_SECONDS).generate_otp(int(at) // STEP_SECONDS + ahead)


async def coded(client: httpx.AsyncClient, database: Database) -> str:
    """Turn on one-time codes; returns the secret."""
    secret = (await client.post("/account/totp", json={"password": PASSWORD})).json()["secret"]
    answer = await client.post("/account/totp/confirmation", json={"code": code(database, secret, -1)})
    assert answer.json() == {"one_time_codes": "asked"}
    return str(secret)


async def test_a_code_is_asked_for_once_confirmed_and_serves_once(
    door: Door, chief: Person, database: Database
) -> None:
    client = knocking(door(), chief)
    begun = (await client.post("/account/totp", json={"password": PASSWORD})).json()
    assert begun["address"].startswith("otpauth://totp/Tacite:")
    assert begun["picture"].startswith("data:image/svg+xml")
    assert (await sign_in(door(), chief)).status_code == 200
    wrong = await client.post("/account/totp/confirmation", json={"code": "000000"})
    assert wrong.json()["errors"][0]["pointer"] == "/code"
    first = code(database, begun["secret"])
    assert (await client.post("/account/totp/confirmation", json={"code": first})).status_code == 200
    assert (await sign_in(door(), chief)).status_code == 401
    assert (await sign_in(door(), chief, code=first)).status_code == 401
    later = code(database, begun["secret"], 1)
    assert (await sign_in(door(), chief, code=f"{later[:3]} {later[3:]}")).status_code == 200
    assert (await sign_in(door(), chief, code=later)).status_code == 401


async def test_a_missing_code_is_answered_as_a_wrong_password(door: Door, chief: Person, database: Database) -> None:
    await coded(knocking(door(), chief), database)
    answers = [await sign_in(door(), chief), await sign_in(door(), chief, password="faux")]
    assert answers[0].content == answers[1].content


async def test_guessing_codes_of_an_application_locks_the_account(
    door: Door, chief: Person, database: Database
) -> None:
    await coded(knocking(door(), chief), database)
    for _ in range(LIMITS["login"].max_attempts):
        assert (await sign_in(door(), chief, code="000000")).status_code == 401
    assert (await sign_in(door(), chief, code="000000")).status_code == 429


async def test_the_secret_is_sealed_in_the_register(door: Door, chief: Person, database: Database) -> None:
    secret = await coded(knocking(door(), chief), database)
    with database.begin() as connection:
        query = "SELECT sealed FROM totp WHERE account_id = :a"
        sealed = connection.execute(text(query), {"a": chief.who.account_id}).scalar_one()
    assert secret.encode() not in bytes(sealed)


async def test_codes_are_dropped_with_the_password_and_never_replaced_unseen(
    door: Door, chief: Person, database: Database
) -> None:
    client = knocking(door(), chief)
    await coded(client, database)
    again = await client.post("/account/totp", json={"password": PASSWORD})
    assert again.json()["type"] == "/problems/already-protected"
    assert (await client.post("/account/totp/removal", json={"password": "faux"})).status_code == 422
    assert (await sign_in(door(), chief)).status_code == 401
    assert (await client.post("/account/totp/removal", json={"password": PASSWORD})).status_code == 200
    assert (await sign_in(door(), chief)).status_code == 200


@pytest.mark.parametrize("address", FACTORS)
async def test_a_stolen_session_adds_and_drops_no_factor(address: str, door: Door, chief: Person) -> None:
    client = knocking(door(), chief)
    assert (await client.post(address, json={"password": "faux"})).status_code == 422
    headers = chief.who.headers
    assert (await door().post(address, json={"password": PASSWORD}, headers=headers)).status_code == 403


@pytest.mark.parametrize("client_data", ["AAAA", "eyJ9", "e30", "bnVsbA", "W10", "_-_-"])
async def test_a_malformed_passkey_is_refused(client_data: str, door: Door, chief: Person) -> None:
    client = knocking(door(), chief)
    new = {"label": "x", "id": "AAAA", "client_data": client_data, "attestation": "AAAA"}
    assert (await client.post("/account/passkeys", json=new)).status_code == 422
    signed = {"id": "AAAA", "client_data": client_data, "authenticator_data": "AAAA", "signature": "AAAA"}
    answer = await door().post("/session/passkey", json=signed, headers={"Origin": SITE})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


async def test_an_unknown_passkey_is_not_dropped(door: Door, chief: Person) -> None:
    for unknown in (secrets.token_urlsafe(16), "é", "A"):
        assert (await knocking(door(), chief).delete(f"/account/passkeys/{unknown}")).status_code == 404


async def test_enrolling_another_establishment_asks_for_the_code_too(
    door: Door, chief: Person, database: Database
) -> None:
    secret = await coded(knocking(door(), chief), database)
    siret = a_siret()
    await door().post("/enrolments", json=an_enrolment(siret=siret, email=chief.login))
    stated = {"code": code_of(database, siret), "password": PASSWORD}
    refused = await door().post("/enrolments/activation", json=stated)
    assert refused.json()["errors"][0]["pointer"] == "/one_time"
    wrong = await door().post("/enrolments/activation", json=stated | {"one_time": "000000"})
    assert wrong.status_code == 422
    done = await door().post("/enrolments/activation", json=stated | {"one_time": code(database, secret)})
    assert done.json()["siret"] == siret
