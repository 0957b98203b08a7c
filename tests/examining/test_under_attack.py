"""Hostile files in numbers, through the real doors: other calls answer meanwhile, and nothing is left afterwards."""

import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pikepdf
import psutil
import pytest

from local.hostile_files import many_entries, object_stream, wrong_places
from local.world import World
from models.store.database import Database
from tests.builders import employer
from tests.examining.pdfs import PLAIN

FILES = [
    many_entries(3_000_000),
    wrong_places(8_000),
    object_stream(b"<<>>", filler=300_000_000),
    many_entries(10_000_000),
]
UPLOADS = 40
SECONDS = 2.0
"""Usual answer to another call meanwhile, on a busy machine; without threads of their own it is a minute."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    parts = ("postgres", "examining", "doors")
    with World(tmp_path_factory.mktemp("world"), parts=parts, durable=False, headless=True) as running:
        yield running


def costly_and_accepted() -> bytes:
    """Return a PDF of some hundred kilobytes that takes seconds, and has nothing to be refused for."""
    made, written = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    inner = pikepdf.Dictionary(C=1, D=pikepdf.Array([1] * 5))
    made.Root.X = pikepdf.Array([made.make_indirect(pikepdf.Dictionary(A=number, B=inner)) for number in range(90_000)])
    made.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def test_costly_files_of_six_strangers_from_two_addresses_leave_the_proven_theirs(world: World) -> None:
    address, costly = f"{world.site}/api/v1/files", costly_and_accepted()
    with Database(world.postgres.dsn, size=2) as database:
        strangers, honest = [employer(database, proven=False) for _ in range(6)], employer(database)
    answers: list[int] = []
    until = time.monotonic() + 20

    def upload(number: int) -> None:
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{2 + number % 2}")
        with httpx.Client(transport=transport, headers=strangers[number].headers, timeout=90) as client:
            while time.monotonic() < until:
                with suppress(httpx.TimeoutException):  # on a busy machine a stranger may wait for long
                    answers.append(client.post(address, files={"file": ("a.pdf", costly)}).status_code)
                time.sleep(0.2)

    with ThreadPoolExecutor(6) as pool:
        under_way = [pool.submit(upload, number) for number in range(6)]
        time.sleep(2)
        waits = []
        while time.monotonic() < until:
            began = time.monotonic()
            told = httpx.post(address, files={"file": ("a.pdf", PLAIN)}, headers=honest.headers, timeout=30)
            waits.append(time.monotonic() - began)
            assert told.status_code == 201
            time.sleep(0.5)
        for each in under_way:
            each.result()
    assert set(answers) <= {201, 422, 429, 503}, "on a busy machine a costly file exceeds its time, or finds no place"
    assert sorted(waits)[len(waits) // 2] < SECONDS


def test_forty_costly_files_of_one_account_hold_nobody_up(world: World) -> None:
    api = f"{world.site}/api/v1"
    with Database(world.postgres.dsn, size=2) as database:
        attacker, other = employer(database), employer(database)
    log = world.doors.log.stat().st_size

    def upload(number: int) -> int:
        sent = {"file": ("a.pdf", FILES[number % len(FILES)])}
        return httpx.post(f"{api}/files", files=sent, headers=attacker.headers, timeout=90).status_code

    with ThreadPoolExecutor(UPLOADS) as pool:
        uploads = [pool.submit(upload, number) for number in range(UPLOADS)]
        latencies = []
        while not all(each.done() for each in uploads):
            began = time.monotonic()
            assert httpx.get(f"{api}/account", headers=other.headers, timeout=30).status_code == 200
            latencies.append(time.monotonic() - began)
        honest = httpx.post(f"{api}/files", files={"file": ("a.pdf", PLAIN)}, headers=other.headers, timeout=30)
    assert {each.result() for each in uploads} <= {201, 422, 429}
    assert sorted(latencies)[len(latencies) // 2] < SECONDS
    assert max(latencies) < 5 * SECONDS
    assert honest.status_code == 201
    assert psutil.Process(world.examining.pid).children() == []
    assert psutil.Process(world.doors.pid).memory_info().rss < 512 * 1024 * 1024
    assert world.doors.log.stat().st_size - log < 2_000 * (UPLOADS + len(latencies))
