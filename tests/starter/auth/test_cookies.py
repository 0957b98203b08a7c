"""Session cookies: other sites cannot use them, and an unknown one opens nothing."""

from collections.abc import Iterator

import pytest

from local.postgres import Postgres
from models.store.database import Database
from tests.builders import a_filing
from tests.starter.conftest import one_register
from tests.starter.people import COOKIE, SITE, Door, a_person, sign_in

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": SITE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": SITE, "Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {},
    ],
)
async def test_another_site_does_nothing_with_the_cookie(
    headers: dict[str, str], door: Door, database: Database
) -> None:
    client, person = door(), a_person(database)
    await sign_in(client, person)
    sent = {"Cookie": f"{COOKIE}={person.cookie}"} | headers
    assert (await client.post("/requests", json=a_filing(), headers=sent)).status_code == 403
    assert (await client.delete("/session", headers=sent)).status_code == 403
    assert (await client.get("/session", headers=person.headers)).status_code == 200


@pytest.mark.parametrize("secret", ["", "x", "é", "tacite_unknown", "x" * 4_000])
async def test_an_unknown_cookie_opens_nothing(secret: str, door: Door) -> None:
    headers = {b"Cookie": f"{COOKIE}={secret}".encode(), b"Origin": SITE.encode()}
    answer = await door().get("/requests", headers=headers)
    assert answer.status_code == 401
