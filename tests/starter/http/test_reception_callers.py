"""Of a body, no more than its free bytes is read for a caller whom nobody knows."""

from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest
from sqlalchemy import Connection
from starlette.datastructures import Headers

from local.postgres import Postgres
from models.labels import TokenScope
from models.store.database import Database
from models.store.people.accounts import Account
from starter.auth import credentials
from starter.auth.credentials import PresentedCredential
from starter.http import limits
from starter.http.reception import is_long
from tests.builders import Credentials
from tests.starter.conftest import one_register
from tests.starter.doors import DOORS, PUBLIC
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")

CHUNK: Final = 4_096
FREE_CHUNKS: Final = limits.FREE_BODY_BYTES // CHUNK + 1
"""Chunks that are taken before a call is looked at, and the one that a server has at hand."""
UNKNOWN: Final = Person(Credentials("", ""), "", "made-up")
WITH_BODY: Final = [
    (method, address) for doors in DOORS.values() for method, address in doors if method in ("POST", "PATCH")
]
BOUNDARY: Final = {"Content-Type": "multipart/form-data; boundary=b"}
FORM: Final = (
    b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nDeux ateliers.\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="avis.pdf"\r\n\r\n'
    + b"x" * 150_000
    + b"\r\n--b--\r\n"
)


class Sent:
    """A body in chunks, and how many of them were taken."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), CHUNK):
            self.taken += 1
            yield self._content[start : start + CHUNK]


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.mark.parametrize("headers", [UNKNOWN.headers, {"Authorization": "Bearer made-up"}], ids=["session", "token"])
async def test_no_call_reads_a_long_body_of_an_unknown_credential(door: Door, headers: dict[str, str]) -> None:
    client = door()
    for method, address in WITH_BODY if "Cookie" in headers else WITH_BODY[:3]:  # invalid tokens are counted
        kind = BOUNDARY if address == "/files" else {"Content-Type": "application/json"}
        body = Sent(b" " * 400_000)
        answer = await client.request(method, address, content=body, headers=headers | kind)
        assert (answer.status_code, body.taken <= FREE_CHUNKS) == (401, True), (method, address, body.taken)


async def test_a_form_with_a_file_is_looked_at_before_its_file_is_read(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, looked_up = Sent(FORM), list[int]()
    authenticate = credentials.authenticate

    def watched(connection: Connection, presented: PresentedCredential) -> tuple[Account, TokenScope]:
        looked_up.append(body.taken)
        return authenticate(connection, presented)

    monkeypatch.setattr(credentials, "authenticate", watched)
    address, headers = "http://door/requests/034ZZZZ99/pieces", {"Accept": "text/html"} | UNKNOWN.headers | BOUNDARY
    lost = await door().post(address, content=body, headers=headers)
    assert (lost.status_code, "Deux ateliers." in lost.text) == (401, True), lost.text
    assert len(looked_up) == 1
    assert looked_up[0] <= FREE_CHUNKS


async def test_a_known_caller_sends_a_long_body(door: Door, boss: Credentials, chief: Person) -> None:
    filed = await door(boss).post("/requests", json={"circumstances": "a" * 20_000})
    assert filed.status_code == 422, filed.text
    address, headers = "http://door/requests/034ZZZZ99/pieces", {"Accept": "text/html"} | chief.headers | BOUNDARY
    assert (await door().post(address, content=Sent(FORM), headers=headers)).status_code != 401


@pytest.mark.parametrize("address", sorted(path for method, path in PUBLIC if method == "POST"))
async def test_no_public_call_takes_the_form_of_another_site(door: Door, address: str) -> None:
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"):
        refused = await door().post(address, content=FORM, headers=elsewhere | {"Content-Type": kind})
        assert refused.status_code in (403, 415), (address, kind, refused.text)


@pytest.mark.parametrize(
    ("headers", "long"),
    [
        ({}, False),
        ({"content-length": "0"}, False),
        ({"content-length": str(limits.FREE_BODY_BYTES)}, False),
        ({"content-length": str(limits.FREE_BODY_BYTES + 1)}, True),
        ({"content-length": "x"}, True),
        ({"transfer-encoding": "chunked"}, True),
    ],
)
def test_a_body_is_long_unless_it_states_a_length_that_is_free(headers: dict[str, str], long: bool) -> None:
    assert is_long(Headers(headers)) is long
