"""Users of the system from outside: plain HTTP clients that retry as a good client does.

After a connection error, 429 or 503 a client retries with the same key: it can rely on nothing else.
"""

import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import httpx
import psycopg

from local.enrolment import CODE, SIRET
from local.world import World
from models.store.database import Database
from models.store.people import accounts
from tests.builders import Credentials, a_filing
from tests.system.auditor import Promise

WAIT_TIMEOUT_SECONDS: Final = 280.0
"""Seconds after which even a loaded machine counts as broken.

A worker that is killed is missed once the time of its act is over: up to 180 (`workflows.parts.running_acts`).
"""
T = TypeVar("T")
RETRIED_STATUSES: Final = frozenset({429, 503})


class Person(AbstractContextManager["Person"]):
    """A client with one account; `problems` holds the text of every error answer, `retries` the number of retries."""

    def __init__(self, world: World, who: Credentials, *, timeout: float = 20) -> None:
        self.who = who
        self._client = httpx.Client(base_url=f"{world.site}/api/v1", headers=who.headers, timeout=timeout)
        self.problems: list[str] = []
        self.retries = 0

    def get(self, path: str) -> httpx.Response:
        """Get a path, with retries."""
        return self.call("GET", path)

    def post(self, path: str, body: object = None, *, key: str | None = None) -> httpx.Response:
        """Post JSON, retrying with the same key."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, json={} if body is None else body, headers=headers)

    def upload(self, name: str, content: bytes) -> httpx.Response:
        """Upload a file."""
        return self.call("POST", "/files", files={"file": (name, content)})

    def call(self, method: str, path: str, **sent: object) -> httpx.Response:
        """Call until the answer is not a request to retry."""
        limit = time.monotonic() + WAIT_TIMEOUT_SECONDS
        while True:
            try:
                answer = self._client.request(method, path, **sent)  # type: ignore[arg-type]
                if answer.status_code >= 400:
                    self.problems.append(answer.text)
                if answer.status_code not in RETRIED_STATUSES:
                    return answer
            except httpx.TransportError:
                assert time.monotonic() < limit, f"{method} {path} has had no answer"
            assert time.monotonic() < limit, f"{method} {path} is always refused for now"
            self.retries += 1
            time.sleep(random.uniform(0.1, 0.5))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Rounds(threading.Thread):
    """Does something again and again until it is stopped; a round without an answer is left to the next one."""

    def __init__(self, name: str, do: Callable[[], None], seconds: float) -> None:
        super().__init__(name=name)
        self._do = do
        self._seconds = seconds
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(self._seconds):
            with suppress(AssertionError, psycopg.OperationalError):
                self._do()

    def stop(self) -> None:
        """Stop after the round that is under way."""
        self._stopped.set()
        self.join()


class Codes:
    """Codes received by mail, by SIRET; each mail is read once."""

    def __init__(self, mailbox: Path) -> None:
        self._mailbox = mailbox
        self._opened: set[str] = set()
        self._found: dict[str, str] = {}
        self._one_at_a_time = threading.Lock()

    def of(self, siret: str) -> str | None:
        """The code of an establishment, or None if it has not arrived."""
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


def until(found: Callable[[], T], what: str, seconds: float = WAIT_TIMEOUT_SECONDS) -> T:
    """Wait until `found` returns a true value, and return it."""
    limit = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < limit, f"it never came: {what}"
        time.sleep(0.3)
    return value


def event_types(view: Mapping[str, object]) -> list[str]:
    """Event types of a case, in order."""
    events = view["events"]
    assert isinstance(events, list)
    return [event["type"] for event in events]


def file_one(person: Person, siret: str) -> Promise:
    """File a request and return the promise that its answer states."""
    key = f"filing-{secrets.token_hex(8)}"
    answer = person.post("/requests", a_filing(siret=siret), key=key)
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    assert filed["rule"] == "15_days"
    assert filed["why"]
    assert filed["service"]["email"]
    instants = (datetime.fromisoformat(filed[name]) for name in ("received_at", "tacit_acceptance_at"))
    return Promise(key, filed["reference"], *instants)
