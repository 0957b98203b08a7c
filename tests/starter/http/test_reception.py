"""Bounds on bodies and calls: by address, in all, and in time."""

import asyncio

import pytest
from fastapi_problem.error import Problem
from starlette.requests import ClientDisconnect
from starlette.types import Message, Scope

from starter.http import limits
from starter.http.reception import Bounds

SCOPE: Scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"transfer-encoding", b"chunked")]}


class Sender:
    """A caller who sends chunks, each after its pause in seconds, and then nothing more."""

    def __init__(self, *chunks: tuple[float, bytes], whole: bool = True) -> None:
        self._chunks = list(chunks)
        self._whole = whole

    @property
    def left(self) -> int:
        """How many chunks nobody has asked for."""
        return len(self._chunks)

    async def __call__(self) -> Message:
        if not self._chunks:
            await asyncio.Event().wait()
        pause, chunk = self._chunks.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": chunk, "more_body": bool(self._chunks) or not self._whole}


async def read(bounds: Bounds, sender: Sender, address: str = "a", scope: Scope = SCOPE) -> bytes:
    with bounds.call(scope, sender, address) as reception:
        if refusal := await reception.start():
            raise refusal
        received, more = b"", True
        while more:
            message = await reception.receive()
            received += message["body"]
            more = message["more_body"]
        return received


def idle(bounds: Bounds) -> bool:
    return (bounds.calls.taken, bounds.slow_bodies.taken, bounds.bytes_held.taken) == (0, 0, 0)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_PROMPT_SECONDS", 0.05)
    monkeypatch.setattr(limits, "BODY_GRACE_SECONDS", 0.3)
    monkeypatch.setattr(limits, "BODY_LEAST_BYTES_PER_SECOND", 100)


async def test_a_body_that_stops_is_ended_in_time() -> None:
    bounds = Bounds()
    with pytest.raises(Problem) as ended:
        await read(bounds, Sender((0, b"half"), whole=False))
    assert ended.value.status == 408
    assert ended.value.headers == {"Connection": "close"}
    assert idle(bounds)


async def test_a_slow_body_that_keeps_the_least_rate_is_whole() -> None:
    bounds = Bounds()
    chunks = [(0.1, b"a" * 20) for _ in range(6)]
    assert len(await read(bounds, Sender(*chunks))) == 120
    assert idle(bounds)


async def test_a_body_in_thousands_of_crumbs_is_ended_and_one_in_small_packets_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "BODY_PROMPT_SECONDS", 5)
    monkeypatch.setattr(limits, "FREE_MESSAGES", 50)
    bounds = Bounds()
    crumbs = Sender(*[(0, b"a")] * 60)
    with pytest.raises(Problem) as ended:
        await read(bounds, crumbs)
    assert (ended.value.status, ended.value.headers) == (408, {"Connection": "close"})
    assert crumbs.left == 9, "none was read after the first one too many"
    assert len(await read(bounds, Sender(*[(0, b"a")] * 50))) == 50
    assert len(await read(bounds, Sender(*[(0, b"a" * limits.LEAST_BYTES_PER_MESSAGE)] * 60))) == 60 * 64
    assert idle(bounds)


async def test_slow_bodies_of_one_address_leave_places_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SLOW_BODIES_BY_ADDRESS", 2)
    bounds = Bounds()
    reads = [read(bounds, Sender((0, b"half"), whole=False)) for _ in range(5)]
    others = [read(bounds, Sender((0.1, b"whole")), "b"), read(bounds, Sender((0, b"prompt")))]
    ended = await asyncio.gather(*reads, *others, return_exceptions=True)
    statuses = sorted(each.status for each in ended if isinstance(each, Problem))
    assert statuses == [408, 408, 429, 429, 429]
    assert ended[5:] == [b"whole", b"prompt"]
    assert idle(bounds)


async def test_bytes_held_by_one_address_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FREE_BODY_BYTES", 10)
    monkeypatch.setattr(limits, "MAX_BODY_BYTES_HELD_BY_ADDRESS", 25)
    bounds = Bounds()
    assert len(await read(bounds, Sender((0, b"a" * 35)))) == 35
    with pytest.raises(Problem) as refused:
        await read(bounds, Sender((0, b"a" * 30), (0, b"a" * 6)))
    assert refused.value.status == 429
    assert idle(bounds)


async def test_a_call_counts_once_its_body_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CALLS_BY_ADDRESS", 1)
    bounds = Bounds()
    with bounds.call(SCOPE, Sender((0, b"whole")), "a") as first, bounds.call(SCOPE, Sender((0, b"more")), "a") as more:
        assert bounds.calls.taken == 0
        await first.receive()
        assert bounds.calls.taken == 1
        with pytest.raises(Problem, match="Trop de requêtes"):
            await more.receive()
    assert idle(bounds)


async def test_a_call_whose_long_body_nobody_reads_counts_and_one_whose_rest_is_awaited_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_CALLS_BY_ADDRESS", 1)
    monkeypatch.setattr(limits, "FREE_BODY_BYTES", 10)
    bounds = Bounds()
    long = [(0.0, b"a" * 10), (0.1, b"rest")]
    with bounds.call(SCOPE, Sender(*long), "a") as first, bounds.call(SCOPE, Sender(*long), "a") as second:
        assert (await first.start(), bounds.calls.taken) == (None, 1)
        refusal = await second.start()
        assert refusal is not None
        assert (refusal.status, refusal.headers) == (429, {"Retry-After": "5", "Connection": "close"})
        assert len((await first.receive())["body"]) == 10
        rest = asyncio.create_task(first.receive())
        await asyncio.sleep(0)
        assert bounds.calls.taken == 0, "who waits for the rest takes no place"
        assert ((await rest)["body"], bounds.calls.taken) == (b"rest", 1)
    assert idle(bounds)


async def test_a_body_that_never_ends_is_refused_before_anything_is_done_for_its_call() -> None:
    bounds, reached = Bounds(), False
    with bounds.call(SCOPE, Sender((0, b"half"), whole=False), "a") as reception:
        refusal = await reception.start()
        reached = refusal is None
    assert (refusal.status if refusal else None, reached) == (408, False)
    assert idle(bounds)


async def test_a_long_body_is_handed_on_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FREE_BODY_BYTES", 10)
    sender = Sender((0, b"a" * 6), (0, b"b" * 6), (0, b"c"), (0, b"d"))
    with Bounds().call(SCOPE, sender, "a") as reception:
        assert await reception.start() is None
        assert sender.left == 2, "no more is taken than is free"
        assert [(await reception.receive())["body"] for _ in range(4)] == [b"a" * 6, b"b" * 6, b"c", b"d"]


async def test_who_leaves_before_the_end_of_a_body_has_no_call() -> None:
    async def leave() -> Message:
        return {"type": "http.disconnect"}

    with Bounds().call(SCOPE, leave, "a") as reception, pytest.raises(ClientDisconnect):
        await reception.start()


async def test_what_tells_whether_the_program_lives_never_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CALLS", 0)
    for path, refused in {"/api/v1/health": False, "/api/v1/ready": False, "/api/v1/requests": True}.items():
        with Bounds().call({**SCOPE, "path": path, "headers": []}, Sender(), "a") as reception:
            assert (await reception.start() is not None) == refused
