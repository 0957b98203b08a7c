"""Those who use the system from outside: plain HTTP, and the patience of a good client.

A client that gets a connection error, 429 or 503 asks again with the same key: that is all it may count on.
"""

import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import httpx

from local.enrolment import CODE, SIRET
from local.world import World
from models.store.database import Database
from models.store.people import accounts
from tests.builders import Credentials, a_filing
from tests.system.auditor import Promise

PATIENCE: Final = 180.0
"""Seconds after which a loaded machine has become a broken one."""
T = TypeVar("T")
AGAIN: Final = frozenset({429, 503})


class Person(AbstractContextManager["Person"]):
    """One account at the doors; `problems` holds the text of every refusal, `retries` how often it insisted."""

    def __init__(self, world: World, who: Credentials, *, timeout: float = 20) -> None:
        self.who = who
        self._client = httpx.Client(base_url=f"{world.site}/api/v1", headers=who.headers, timeout=timeout)
        self.problems: list[str] = []
        self.retries = 0

    def get(self, path: str) -> httpx.Response:
        """Read, insisting."""
        return self.call("GET", path)

    def post(self, path: str, body: object = None, *, key: str | None = None) -> httpx.Response:
        """Post JSON, insisting under the same key."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, json={} if body is None else body, headers=headers)

    def upload(self, name: str, content: bytes) -> httpx.Response:
        """Send a file."""
        return self.call("POST", "/files", files={"file": (name, content)})

    def call(self, method: str, path: str, **sent: object) -> httpx.Response:
        """Call until there is an answer that is not « later »."""
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._client.request(method, path, **sent)  # type: ignore[arg-type]
                if answer.status_code >= 400:
                    self.problems.append(answer.text)
                if answer.status_code not in AGAIN:
                    return answer
            except httpx.TransportError:
                assert time.monotonic() < limit, f"{method} {path} has had no answer"
            assert time.monotonic() < limit, f"{method} {path} is always refused for now"
            self.retries += 1
            time.sleep(random.uniform(0.1, 0.5))

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Codes:
    """The codes that came by mail, by SIRET; each mail is opened once."""

    def __init__(self, mailbox: Path) -> None:
        self._mailbox = mailbox
        self._opened: set[str] = set()
        self._found: dict[str, str] = {}
        self._one_at_a_time = threading.Lock()

    def of(self, siret: str) -> str | None:
        """The code of an establishment, once it is there."""
        with self._one_at_a_time:
            for file in self._mailbox.glob("*.eml"):
                if file.name not in self._opened:
                    self._opened.add(file.name)
                    self._open(file)
            return self._found.get(siret)

    def _open(self, file: Path) -> None:
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        named = SIRET.search(str(mail["subject"]))
        code = CODE.search(mail.get_content()) if named else None
        if named and code:
            self._found[named[0]] = code[1]


def sirets(database: Database, who: Credentials) -> list[str]:
    """The establishments of an employer."""
    with database.begin() as connection:
        return [place.siret for place in accounts.list_establishments(connection, who.account_id)]


def until(found: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """Wait until something is found, and return it."""
    limit = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < limit, f"it never came: {what}"
        time.sleep(0.3)
    return value


def event_types(view: Mapping[str, object]) -> list[str]:
    """What happened in a case, in order."""
    events = view["events"]
    assert isinstance(events, list)
    return [event["type"] for event in events]


def file_one(person: Person, siret: str) -> Promise:
    """File a request; its answer states a promise."""
    key = f"filing-{secrets.token_hex(8)}"
    answer = person.post("/requests", a_filing(siret=siret), key=key)
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    assert filed["rule"] == "15_days"
    assert filed["why"]
    assert filed["service"]["email"]
    instants = (datetime.fromisoformat(filed[name]) for name in ("received_at", "tacit_acceptance_at"))
    return Promise(key, filed["reference"], *instants)
