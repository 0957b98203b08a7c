"""Files are judged few at once, in threads of their own; beyond, 429; away, 503; and the doors answer meanwhile."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi_problem.error import Problem

from local.postgres import Postgres
from models.examination.client import Examined, Examiner
from models.examination.shapes import FileVerdict, Kind
from models.store.database import Database
from starter.http.slow_calls import (
    FILE_THREADS,
    KEPT_FOR_PROVEN,
    MAX_FILES,
    MAX_FILES_BY_ACCOUNT,
    MAX_FILES_BY_ADDRESS,
    MAX_PREVIEWS,
    MAX_PREVIEWS_BY_ACCOUNT,
    UNPROVEN_THREADS,
    SlowCalls,
)
from tests.builders import Credentials, employer
from tests.starter.conftest import one_register
from tests.starter.files import PNG, send
from tests.starter.people import Door
from tests.starter.relay.relaying import until


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


class Slow(Examiner):
    """An examination that lasts so many seconds, or until it is told to go on; remembers how many ran at once."""

    def __init__(self, seconds: float) -> None:
        super().__init__("")
        self.seconds, self.running, self.most = seconds, 0, 0
        self.go_on = threading.Event()

    def measure(self, kind: Kind, content: bytes, context: object = None) -> Examined[FileVerdict]:  # type: ignore[override, type-arg]
        self.running += 1
        self.most = max(self.most, self.running)
        self.go_on.wait(self.seconds)
        self.running -= 1
        return Examined(FileVerdict(media_type="image/png"), 1)


def with_examiner(app: FastAPI, examiner: Examiner) -> None:
    """Replace the examiner of a running application."""
    object.__setattr__(app.state.context, "examiner", examiner)


async def test_one_account_leaves_a_place_to_the_others_and_all_calls_their_threads(
    app: FastAPI, door: Door, boss: Credentials, database: Database
) -> None:
    slow = Slow(60)
    with_examiner(app, slow)
    sent = [asyncio.create_task(send(door(boss), PNG + bytes([number]))) for number in range(40)]
    try:
        await until(lambda: slow.running == MAX_FILES_BY_ACCOUNT)
        assert (await door(boss).get("/account")).status_code == 200
        other = asyncio.create_task(send(door(employer(database)), PNG))
        await until(lambda: slow.running == MAX_FILES_BY_ACCOUNT + 1)
    finally:
        slow.go_on.set()
    assert (await other).status_code == 201
    statuses = [answer.status_code for answer in await asyncio.gather(*sent)]
    assert statuses.count(429) >= 40 - 2 * MAX_FILES_BY_ACCOUNT
    assert statuses.count(201) >= MAX_FILES_BY_ACCOUNT
    refused = next(task.result() for task in sent if task.result().status_code == 429)
    assert refused.headers["Retry-After"]
    assert slow.most <= FILE_THREADS
    assert (await send(door(boss), PNG)).status_code == 201


async def test_an_examination_that_is_away_is_503_and_nothing_is_said_of_the_file(
    app: FastAPI, door: Door, boss: Credentials
) -> None:
    with_examiner(app, Examiner(""))
    answer = await send(door(boss), PNG)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert answer.headers["Retry-After"]
    assert "examen des fichiers" in answer.json()["detail"]


async def test_all_accounts_together_are_bounded_and_places_come_back() -> None:
    calls = SlowCalls()
    accounts = [f"{number}" for number in range(MAX_FILES + 5)]

    async def hold(account: str) -> bool:
        try:
            with calls.file(account, account.encode(), proven=True):
                await asyncio.sleep(0.05)
        except Problem:
            return False
        return True

    for _ in range(2):
        assert sum(await asyncio.gather(*map(hold, accounts))) == MAX_FILES


async def test_previews_are_bounded_by_account_and_in_all_and_places_come_back() -> None:
    calls = SlowCalls()

    async def hold(account: str) -> bool:
        try:
            with calls.preview(account):
                await asyncio.sleep(0.02)
        except Problem:
            return False
        return True

    for _ in range(2):
        assert sum(await asyncio.gather(*(hold("one") for _ in range(9)))) == MAX_PREVIEWS_BY_ACCOUNT
        assert sum(await asyncio.gather(*(hold(f"{number}") for number in range(20)))) == MAX_PREVIEWS


async def test_strangers_leave_places_and_threads_to_the_proven() -> None:
    calls, go_on = SlowCalls(), threading.Event()
    running = most = 0

    def judge() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        go_on.wait(60)
        running -= 1

    async def send_one(account: str, judge: Callable[[], None], *, proven: bool) -> bool:
        try:
            with calls.file(account, account.encode(), proven=proven):
                await calls.run_for(proven, judge)
        except Problem:
            return False
        return True

    strangers = [asyncio.create_task(send_one(f"s{number}", judge, proven=False)) for number in range(2 * MAX_FILES)]
    try:
        await until(lambda: running == UNPROVEN_THREADS)
        honest = [asyncio.create_task(send_one(f"h{number}", lambda: None, proven=True)) for number in range(2)]
        assert all(await asyncio.gather(*honest)), "answered while the files of strangers are being judged"
    finally:
        go_on.set()
    assert sum(await asyncio.gather(*strangers)) == MAX_FILES - KEPT_FOR_PROVEN
    assert most == UNPROVEN_THREADS


async def test_accounts_of_one_stranger_never_hold_all_threads(app: FastAPI, door: Door, database: Database) -> None:
    slow = Slow(0.5)
    with_examiner(app, slow)
    one_by_one = employer(database, proven=False)
    answers = await asyncio.gather(*(send(door(one_by_one), PNG + bytes([number])) for number in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 429, 429, 429]
    strangers = [employer(database, proven=False) for _ in range(8)]
    answers = await asyncio.gather(*(send(door(each), PNG) for each in strangers))
    assert [each.status_code for each in answers].count(201) == MAX_FILES_BY_ADDRESS < FILE_THREADS
