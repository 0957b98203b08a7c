"""Half bodies, hung-up callers and HEAD on the real server: strangers hold nothing that others need."""

import json
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from local.world import World
from models.store.database import Database
from starter.http.limits import BODY_GRACE_SECONDS, MAX_SLOW_BODIES_BY_ADDRESS
from tests.builders import Credentials, a_filing, employer
from tests.system.people import until

HALF_BODIES = 2_050
STRANGER, NEIGHBOUR = "127.0.0.2", "127.0.0.3"
MAX_MEMORY_MIB = 400


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    with World(folder, parts=("postgres", "doors"), durable=False, headless=True) as running:
        yield running


@pytest.fixture(scope="module")
def boss(world: World) -> Credentials:
    with Database(world.postgres.dsn, size=2) as database:
        return employer(database)


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def connect(world: World, source: str, sent: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", world.http_port), timeout=10, source_address=(source, 0))
    made.sendall(sent)
    return made


def head_of(call: str, *headers: str) -> bytes:
    return "\r\n".join((f"{call} HTTP/1.1", "Host: door", *headers, "", "")).encode()


HALF = head_of("POST /api/v1/session", "Content-Type: application/json", "Content-Length: 1000") + b"{"
HALF_FORM = head_of("POST /enrolment", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 99") + b"a"
HALF_CHUNK = (
    head_of("POST /api/v1/enrolments", "Content-Type: application/json", "Transfer-Encoding: chunked") + b"9\r\n{"
)
HALF_FILE = (
    head_of("POST /verification", "Content-Type: multipart/form-data; boundary=b", "Content-Length: 900") + b"--b"
)
HALVES = (HALF, HALF_FORM, HALF_CHUNK, HALF_FILE)


def answer_of(half: socket.socket) -> bytes:
    """All that a connection receives until the server closes it."""
    received = b""
    with closing(half):
        while chunk := half.recv(65_536):
            received += chunk
    return received


def memory_mib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def call(world: World, source: str, headers: dict[str, str] | None = None) -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=source)
    return httpx.Client(base_url=f"{world.site}/api/v1", transport=transport, headers=headers, timeout=5)


@pytest.mark.slow
@pytest.mark.usefixtures("many_files")
def test_half_bodies_of_one_address_hold_nobody(world: World, boss: Credentials) -> None:
    began = time.monotonic()
    halves = [connect(world, STRANGER, HALVES[number % len(HALVES)]) for number in range(HALF_BODIES)]
    with call(world, NEIGHBOUR, boss.headers) as neighbour, call(world, STRANGER) as stranger:
        for client in (neighbour, stranger):
            assert client.get("/health").status_code == 200
            assert client.head("/health").status_code == 200
            assert client.get("/ready").json()["database"] == "ready"
        filed = time.monotonic()
        assert neighbour.post("/requests", json=a_filing()).status_code == 201
        assert time.monotonic() - filed < 2
        time.sleep(1)
        assert stranger.get("/problems/none").status_code == 404
        assert memory_mib(world.doors.pid) < MAX_MEMORY_MIB
    answers = [answer_of(half).split(b"\r\n")[0] for half in halves]
    assert time.monotonic() - began < 2 * BODY_GRACE_SECONDS
    assert set(answers) == {b"HTTP/1.1 408 Request Timeout", b"HTTP/1.1 429 Too Many Requests"}
    assert answers.count(b"HTTP/1.1 408 Request Timeout") <= MAX_SLOW_BODIES_BY_ADDRESS
    connected = Path("/proc/net/tcp").read_text().count(f":{world.http_port:04X} 01 ")
    assert connected == 0
    assert not list(Path(f"/proc/{world.doors.pid}/fd").glob("*deleted*"))


def calls_logged(world: World, since: int) -> list[tuple[str, str, int]]:
    lines = world.doors.log.read_text()[since:].splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    assert not [each for each in entries if each["event"] == "request_broken" or each["level"] == "error"]
    return [(each["method"], each["route"], each["status"]) for each in entries if each["event"] == "call_answered"]


def test_a_caller_who_hangs_up_is_no_error(world: World) -> None:
    since = len(world.doors.log.read_text())
    for half in HALVES:
        connect(world, STRANGER, half).close()
    whole = head_of("GET /api/v1/ready", "Connection: close")
    connect(world, STRANGER, whole).close()
    signing_in = b'{"login": "jeanne@exemple.invalid", "password": "une longue phrase"}'
    posted = head_of("POST /api/v1/session", "Content-Type: application/json", f"Content-Length: {len(signing_in)}")
    connect(world, STRANGER, posted + signing_in).close()
    broken_off = [("POST", "-", 499)] * len(HALVES)  # before the whole body is there, a call has no route
    expected = sorted([*broken_off, ("POST", "/api/v1/session", 401), ("GET", "/api/v1/ready", 200)])
    until(lambda: len(calls_logged(world, since)) >= len(expected), "every call is logged", 30)
    assert sorted(calls_logged(world, since)) == expected


def test_a_body_that_nobody_reads_holds_no_connection(world: World) -> None:
    call_lines = ("POST /nowhere", "GET /api/v1/health", "PUT /api/v1/health")
    begun = [connect(world, STRANGER, head_of(each, "Content-Length: 1000") + b"{") for each in call_lines]
    for connection in begun:
        connection.settimeout(2 * BODY_GRACE_SECONDS)
        answer = answer_of(connection)
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"connection: close" in answer.lower()


def test_http_2_is_not_spoken(world: World) -> None:
    assert b"HTTP/2" not in answer_of(connect(world, STRANGER, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))


def test_head_has_the_headers_of_get_and_no_body(world: World, boss: Credentials) -> None:
    with httpx.Client(base_url=world.site, timeout=5) as client:
        for path in (
            "/",
            "/sign-in",
            "/problems",
            "/static/0/tacite.css",
            "/api/v1/health",
            "/api/v1/requests",
            "/nowhere",
        ):
            shown, probed = client.get(path), client.head(path)
            assert (probed.status_code, probed.content) == (shown.status_code, b"")
            assert set(probed.headers) == set(shown.headers)
            assert probed.headers["content-length"] == shown.headers["content-length"]
        assert client.head("/agents/sign-in").status_code == 200
        assert client.put("/api/v1/health").headers["allow"] == "GET, HEAD"


def test_a_slow_but_honest_body_is_served(world: World, boss: Credentials) -> None:
    """At 20 kB/s for longer than the grace alone allows."""
    body = json.dumps({"x": "a" * 260_000}).encode()
    lines = ("Content-Type: application/json", f"Content-Length: {len(body)}", f"Authorization: Bearer {boss.token}")
    with closing(connect(world, NEIGHBOUR, head_of("POST /api/v1/requests", *lines))) as slow:
        for start in range(0, len(body), 20_000):
            slow.sendall(body[start : start + 20_000])
            time.sleep(1)
        assert slow.recv(65_536).startswith(b"HTTP/1.1 422")
