"""The verification of a document through the API, without an engine."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from local.postgres import Postgres
from models.examination.shapes import MAX_DOCUMENT_BYTES
from models.messages.verification import TOO_LARGE
from models.store.database import Database
from models.store.people.attempts import LIMITS
from starter.context import Context
from starter.engine import EngineClient
from starter.http.slow_calls import MAX_VERIFICATIONS_BY_ADDRESS
from starter.services import jobs
from tests.starter.conftest import one_register
from tests.starter.files import a_pdf
from tests.starter.pages.browsing import SAME_SITE
from tests.starter.people import Door


async def test_a_verification_waits_for_the_engine(door: Door) -> None:
    answer = await door().post("/verifications", files={"file": ("x.pdf", a_pdf())})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert int(answer.headers["retry-after"]) > 0
    empty = await door().post("/verifications", files={"file": ("x.pdf", b"")})
    assert empty.status_code == 422


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
async def lasting(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Verifications that last until this event."""
    end = asyncio.Event()

    async def run(*_: object) -> None:
        await end.wait()

    monkeypatch.setattr(EngineClient, "run", run)
    return end


async def test_no_document_of_ours_is_larger_than_what_is_taken(door: Door) -> None:
    answer = await door().post("/verifications", files={"file": ("x.pdf", bytes(MAX_DOCUMENT_BYTES + 1))})
    assert (answer.status_code, answer.json()["detail"]) == (413, TOO_LARGE)


async def test_one_address_has_few_verifications_under_way(
    door: Door, lasting: asyncio.Event, database: Database
) -> None:
    files = {"file": ("x.pdf", a_pdf())}
    waiting = [
        asyncio.create_task(door().post("/verifications", files=files)) for _ in range(MAX_VERIFICATIONS_BY_ADDRESS)
    ]
    await asyncio.sleep(0.5)
    refused = await door().post("/verifications", files=files)
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many")
    assert int(refused.headers["retry-after"]) > 0
    waiting[0].cancel()
    await asyncio.wait(waiting[:1])
    lasting.set()
    assert [(await each).status_code for each in waiting[1:]] == [503] * (MAX_VERIFICATIONS_BY_ADDRESS - 1)
    with database.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM errand").scalar() == 0


async def test_a_caller_who_leaves_while_the_document_is_stored_leaves_none_behind(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit, begun, left, stored = jobs._submit, threading.Event(), threading.Event(), threading.Event()

    def slowly(context: Context, content: bytes) -> str:
        begun.set()
        left.wait(10)
        job = submit(context, content)
        stored.set()
        return job

    monkeypatch.setattr(jobs, "_submit", slowly)
    leaving = asyncio.create_task(door().post("/verifications", files={"file": ("x.pdf", a_pdf())}))
    assert await asyncio.to_thread(begun.wait, 10)
    leaving.cancel()
    left.set()
    assert await asyncio.to_thread(stored.wait, 10)
    await asyncio.wait((leaving,), timeout=10)
    with database.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM errand").scalar() == 0


async def test_an_address_that_sends_without_end_waits(door: Door, lasting: asyncio.Event) -> None:
    lasting.set()
    answers = [await door().post("/verifications", files={"file": ("x.pdf", b"x")}) for _ in range(40)]
    assert [each.status_code for each in answers].count(429) >= 40 - LIMITS["verification"].max_attempts
    page = await door().post("http://door/verification", files={"file": ("x.pdf", b"x")}, headers=SAME_SITE)
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) > 0
    assert "Trop de tentatives" in page.text
