"""Recovery codes: shown once, each stands once for a one-time code of its own account, and no code of a thief does."""

from collections.abc import Iterator

import pyotp
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.engine.names import account_process
from models.store.database import Database
from models.store.people import notices
from tests.starter.conftest import one_register
from tests.starter.people import PASSWORD, Door, Person, a_person, accesses, knocking, sign_in

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def protected(door: Door, database: Database) -> tuple[Person, list[str]]:
    """A person whose account asks for one-time codes, and the recovery codes."""
    person = a_person(database)
    await sign_in(door(), person)
    client = knocking(door(), person)
    secret = (await client.post("/account/totp", json={"password": PASSWORD})).json()["secret"]
    confirmed = await client.post("/account/totp/confirmation", json={"code": pyotp.TOTP(secret).now()})
    return person, confirmed.json()["recovery_codes"]


async def test_each_code_opens_once_however_it_is_typed_and_its_holder_is_told(door: Door, database: Database) -> None:
    person, codes = await protected(door, database)
    assert len(set(codes)) == 10
    assert (await sign_in(door(), person)).status_code == 401
    typed = f" {codes[0].lower().replace('-', ' ')} "
    assert (await sign_in(door(), person, code=typed)).status_code == 200
    assert (await sign_in(door(), person, code=codes[0])).status_code == 401
    assert (await sign_in(door(), person, code=codes[1])).status_code == 200
    with database.begin() as connection:
        process = account_process(person.who.account_id)
        left = [each.data["count"] for each in notices.list_unsent(connection, process) if "count" in each.data]
        stored = connection.execute(text("SELECT string_agg(encode(digest, 'escape'), ' ') FROM recovery_code"))
        digests = str(stored.scalar())
        assert [each for each in codes if each.replace("-", "") in digests] == []
    assert left == ["9", "8"]
    assert person.who.account_id in accesses(database, "recovery_code_used")


async def test_a_code_opens_no_other_account_and_none_once_they_are_renewed_or_given_up(
    door: Door, database: Database
) -> None:
    person, codes = await protected(door, database)
    _, foreign = await protected(door, database)
    assert (await sign_in(door(), person, code=foreign[0])).status_code == 401
    assert (await sign_in(door(), person, code=codes[0])).status_code == 200
    client = knocking(door(), person)
    wrong = await client.post("/account/totp/recovery-codes", json={"password": "faux"})
    assert wrong.json()["errors"][0]["pointer"] == "/password"
    renewed = (await client.post("/account/totp/recovery-codes", json={"password": PASSWORD})).json()["recovery_codes"]
    assert (await sign_in(door(), person, code=codes[1])).status_code == 401
    assert (await sign_in(door(), person, code=renewed[0])).status_code == 200
    client = knocking(door(), person)
    await client.post("/account/totp/removal", json={"password": PASSWORD})
    with database.begin() as connection:
        left = "SELECT count(*) FROM recovery_code WHERE account_id = CAST(:a AS uuid)"
        assert connection.execute(text(left), {"a": person.who.account_id}).scalar_one() == 0
    assert (await client.post("/account/totp/recovery-codes", json={"password": PASSWORD})).status_code == 404
