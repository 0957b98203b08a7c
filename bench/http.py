"""A client of the doors that costs little: bytes written once, HTTP/1.1 connections kept open, answers timed."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from bench.figures import quantile

PATIENCE = 30.0
"""Seconds after which an answer that has not come is a failure."""
FAILED = 0
"""Status of a call that got no answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the body, and how long it took."""

    status: int
    body: bytes
    seconds: float


@dataclass
class Seen:
    """Many answers, and the time they took together."""

    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0

    def errors(self) -> int:
        """Calls that got no answer, or one that is not a success."""
        return sum(not 200 <= each.status < 300 for each in self.answers)

    def rate(self) -> float:
        """Successful answers a second."""
        return (len(self.answers) - self.errors()) / self.seconds

    def ms(self, share: float) -> float:
        """Milliseconds that a share of all calls does not exceed."""
        return quantile([each.seconds for each in self.answers], share) * 1000


class Line:
    """One connection to a server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._free = asyncio.Lock()

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect to a loopback port; raises OSError."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def call(self, sent: bytes, since: float | None = None) -> Answer:
        """Send one call and read its answer; `since` counts from when it should have left."""
        began = since or time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE), self._free:
                self._writer.write(sent)
                status, body = await self._answer()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            return Answer(FAILED, b"", time.perf_counter() - began)
        return Answer(status, body, time.perf_counter() - began)

    @property
    def is_open(self) -> bool:
        """Whether the server has not hung up."""
        return not self._reader.at_eof() and not self._writer.is_closing()

    def close(self) -> None:
        """Hang up."""
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
        whole = b""
        while size := int((await self._reader.readuntil(b"\r\n")), 16):
            whole += (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readexactly(2)
        return whole


def request(method: str, path: str, token: str = "", body: object = None, origin: str = "") -> bytes:
    """The bytes of one call; `origin` is the address that a proxy would have heard."""
    content = b"" if body is None else json.dumps(body).encode()
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(content)}"]
    head += [f"Authorization: Bearer {token}"] if token else []
    head += [f"X-Forwarded-For: {origin}"] if origin else []
    head += ["Content-Type: application/json"] if content else []
    return "\r\n".join([*head, "", ""]).encode() + content


@asynccontextmanager
async def lines(port: int, count: int) -> AsyncIterator[list[Line]]:
    """Some connections, closed at the end."""
    opened = [await Line.open(port) for _ in range(count)]
    try:
        yield opened
    finally:
        for line in opened:
            line.close()


async def as_fast(port: int, calls: Sequence[bytes], in_flight: int) -> Seen:
    """Make calls as fast as so many callers can who each wait for their answer."""
    left, seen = iter(calls), Seen()
    async with lines(port, in_flight) as opened:
        began = time.perf_counter()
        await asyncio.gather(*(_follow(line, left, seen) for line in opened))
        seen.seconds = time.perf_counter() - began
    return seen


async def _follow(line: Line, calls: Iterator[bytes], seen: Seen) -> None:
    for sent in calls:
        seen.answers.append(await line.call(sent))


async def at_rate(opened: Sequence[Line], calls: Sequence[bytes], rate: float) -> Seen:
    """Make calls at a rate that does not wait for answers, over connections in turn; lateness counts."""
    seen, began = Seen(), time.perf_counter()

    async def one(number: int, sent: bytes) -> None:
        due = began + number / rate
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        seen.answers.append(await opened[number % len(opened)].call(sent, due))

    await asyncio.gather(*(one(number, sent) for number, sent in enumerate(calls)))
    seen.seconds = time.perf_counter() - began
    return seen
