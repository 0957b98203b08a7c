"""One-time codes and passkeys: added by a person with a password; wrong and replayed ones are refused."""

import json
import secrets
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pyotp
import pytest
from sqlalchemy import text
from webauthn.helpers import bytes_to_base64url

from local.postgres import Postgres
from models.store.database import Database, now
from models.store.people.attempts import LIMITS
from starter.auth import passkeys
from starter.auth.totp import STEP_SECONDS
from tests.cases import a_siret, an_enrolment
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import SAME_SITE
from tests.starter.people import PASSWORD, SITE, Door, Person, a_person, code_of, knocking, mailed, sign_in

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
    assert (answer.json()["one_time_codes"], len(answer.json()["recovery_codes"])) == ("asked", 10)
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


async def test_a_passkey_is_added_once_for_a_key(door: Door, chief: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    made = SimpleNamespace(credential_id=secrets.token_bytes(16), credential_public_key=b"key", sign_count=0)
    monkeypatch.setattr(passkeys, "verify_registration", lambda *_: made)
    client = knocking(door(), chief)
    challenge = await client.post("/account/passkeys/challenge", json={"password": PASSWORD})
    signed = {"type": "webauthn.create", "challenge": challenge.json()["challenge"], "origin": SITE}
    client_data = bytes_to_base64url(json.dumps(signed).encode())
    new = {"label": "Téléphone", "id": "AAAA", "client_data": client_data, "attestation": "AAAA"}
    key = {"Idempotency-Key": "passkey"}
    for _ in range(2):
        added = await client.post("/account/passkeys", json=new, headers=key)
        assert (added.status_code, added.json()) == (201, {"label": "Téléphone"}), added.text
    assert (await client.post("/account/passkeys", json=new)).status_code == 422, "a challenge serves once"


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


async def test_an_invitation_to_an_account_that_requires_codes_requires_one_too(
    door: Door, chief: Person, database: Database
) -> None:
    secret = await coded(knocking(door(), chief), database)
    other = a_person(database)
    assert (await sign_in(door(), other)).status_code == 200
    invitation = {"siret": other.who.siret, "name": "Karim Benali", "email": chief.login, "role": "member"}
    assert (await knocking(door(), other).post("/members", json=invitation)).status_code == 202
    stated = {"code": mailed(database, "invitation")[0], "password": PASSWORD}
    for wrong in (stated, stated | {"one_time": "000000"}):
        refused = await door().post("/invitations/acceptance", json=wrong)
        assert refused.json()["errors"][0]["pointer"] == "/one_time"
    page = await door().post("http://door/invitation", data=stated, headers=SAME_SITE)
    assert (page.status_code, "code à usage unique" in page.text) == (422, True)
    good = stated | {"one_time": code(database, secret)}
    assert (await door().post("http://door/invitation", data=good, headers=SAME_SITE)).status_code == 200


async def test_guesses_of_one_login_are_counted_together_whichever_call_they_come_by(
    door: Door, chief: Person, database: Database
) -> None:
    await coded(knocking(door(), chief), database)
    await door().post("/enrolments", json=an_enrolment(siret=(siret := a_siret()), email=chief.login))
    stated = {"code": code_of(database, siret), "password": PASSWORD, "one_time": "000000"}
    for _ in range(2):
        assert (await sign_in(door(), chief, password="une phrase qui n’est pas la bonne")).status_code == 401
        assert (await door().post("/enrolments/activation", json=stated)).status_code == 422
    assert (await door().post("/enrolments/activation", json=stated)).status_code == 422
    assert (await door().post("/enrolments/activation", json=stated)).status_code == 429
    assert (await sign_in(door(), chief)).status_code == 429
