"""A cheap HTTP client: prebuilt bytes, HTTP/1.1 keep-alive connections, timed answers."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from bench.figures import quantile

ANSWER_TIMEOUT_SECONDS = 30.0
"""Seconds after which a missing answer counts as a failure."""
NO_ANSWER = 0
"""Status of a call that got no answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and response time."""

    status: int
    body: bytes
    seconds: float


@dataclass
class CallResults:
    """The answers to many calls, and the total time."""

    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0

    def errors(self) -> int:
        """Number of calls without an answer or with an unsuccessful one."""
        return sum(not 200 <= each.status < 300 for each in self.answers)

    def rate(self) -> float:
        """Successful answers per second."""
        return (len(self.answers) - self.errors()) / self.seconds

    def ms(self, share: float) -> float:
        """Milliseconds that a share of all calls does not exceed."""
        return quantile([each.seconds for each in self.answers], share) * 1000


class Connection:
    """One connection to a server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect to a loopback port; raises OSError."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def call(self, call: bytes, since: float | None = None) -> Answer:
        """Send one call and read its answer; time it from `since`, when it should have been sent."""
        began = since or time.perf_counter()
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_SECONDS), self._lock:
                self._writer.write(call)
                status, body = await self._answer()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            return Answer(NO_ANSWER, b"", time.perf_counter() - began)
        return Answer(status, body, time.perf_counter() - began)

    @property
    def is_open(self) -> bool:
        """Whether the server has kept the connection open."""
        return not self._reader.at_eof() and not self._writer.is_closing()

    def close(self) -> None:
        """Close the connection."""
        with suppress(OSError, RuntimeError):
            self._writer.close()

    async def _answer(self) -> tuple[int, bytes]:
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        if b"transfer-encoding: chunked" in head:
            return status, await self._chunks()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        return status, await self._reader.readexactly(int(length or 0))

    async def _chunks(self) -> bytes:
        content = b""
        while size := int((await self._reader.readuntil(b"\r\n")), 16):
            content += (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readexactly(2)
        return content


def request(method: str, path: str, token: str = "", body: object = None, origin: str = "", cookie: str = "") -> bytes:
    """Return the bytes of one call; `origin` is the client address that a proxy would report."""
    content = b"" if body is None else json.dumps(body).encode()
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(content)}"]
    head += [f"Authorization: Bearer {token}"] if token else []
    head += [f"X-Forwarded-For: {origin}"] if origin else []
    head += [f"Cookie: {cookie}"] if cookie else []
    head += ["Content-Type: application/json"] if content else []
    return "\r\n".join([*head, "", ""]).encode() + content


@asynccontextmanager
async def connections(port: int, count: int) -> AsyncIterator[list[Connection]]:
    """Open connections, closed at the end."""
    opened = [await Connection.open(port) for _ in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


async def call_at_full_speed(port: int, calls: Sequence[bytes], in_flight: int) -> CallResults:
    """Make calls as fast as `in_flight` callers can, each waiting for its answer."""
    remaining, results = iter(calls), CallResults()
    async with connections(port, in_flight) as opened:
        began = time.perf_counter()
        await asyncio.gather(*(_call_in_turn(connection, remaining, results) for connection in opened))
        results.seconds = time.perf_counter() - began
    return results


async def _call_in_turn(connection: Connection, calls: Iterator[bytes], results: CallResults) -> None:
    for call in calls:
        results.answers.append(await connection.call(call))


async def call_at_rate(opened: Sequence[Connection], calls: Sequence[bytes], rate: float) -> CallResults:
    """Make calls at a fixed rate without waiting for answers, over connections in turn; lateness counts."""
    results, began = CallResults(), time.perf_counter()

    async def send_one(number: int, call: bytes) -> None:
        due = began + number / rate
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        results.answers.append(await opened[number % len(opened)].call(call, due))

    await asyncio.gather(*(send_one(number, call) for number, call in enumerate(calls)))
    results.seconds = time.perf_counter() - began
    return results
