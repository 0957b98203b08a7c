"""Bounds on calls: each body has a least speed, and neither bodies nor calls of one address take all places.

A call counts as under way once its body is whole, or while something works on the part of it that has come. While
the rest is waited for, it holds no place that another call needs.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from fastapi_problem.error import Problem
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from starter.http import limits
from starter.http.problems import problem

CLOSE: Final = {"Connection": "close"}
"""The rest of the body is not read, so the connection cannot serve another call."""
WAIT: Final = {"Retry-After": "5"}
TOO_SLOW: Final = "L’envoi n’est pas arrivé à temps : réessayez, au besoin depuis une meilleure connexion."
TOO_FINE: Final = "L’envoi arrive en trop de fragments : envoyez-le en morceaux plus grands."
TOO_MANY_BODIES: Final = "Trop d’envois sont en cours : réessayez dans quelques secondes."
TOO_MANY_CALLS: Final = "Trop de requêtes sont en cours : réessayez dans quelques secondes."


class Places:
    """A bounded resource: how much is taken in all, and by each address."""

    def __init__(self) -> None:
        self.taken = 0
        self._by_address: Counter[str] = Counter()

    def take(self, address: str, amount: int, most: int, most_by_address: int) -> bool:
        """Take an amount unless it exceeds a bound; return whether it was taken."""
        if self.taken + amount > most or self._by_address[address] + amount > most_by_address:
            return False
        self.taken += amount
        self._by_address[address] += amount
        return True

    def give_back(self, address: str, amount: int) -> None:
        """Give back what was taken; an address that holds nothing is forgotten."""
        self.taken -= amount
        self._by_address[address] -= amount
        if self._by_address[address] <= 0:
            del self._by_address[address]


class Bounds:
    """What all calls of one program share."""

    def __init__(self) -> None:
        self.calls = Places()
        self.slow_bodies = Places()
        self.bytes_held = Places()

    @contextmanager
    def call(self, scope: Scope, receive: Receive, address: str) -> Iterator["Reception"]:
        """Follow one call; whatever it took is given back at the end."""
        reception = Reception(self, scope, receive, address)
        try:
            yield reception
        finally:
            reception.end()


class Reception:
    """One call: receives its body within the limits, and counts as under way once the body is whole."""

    def __init__(self, bounds: Bounds, scope: Scope, receive: Receive, address: str) -> None:
        self._bounds = bounds
        self._receive = receive
        self._address = address
        self._counts = scope["path"] not in limits.UNCOUNTED_PATHS
        self._whole = not _has_body(scope)
        self._began: float | None = None
        self._next: asyncio.Future[Message] | None = None
        self._received = self._messages = 0
        self._held = 0
        self._early: deque[Message] = deque()
        self._slow = False
        self._under_way = False

    async def start(self) -> Problem | None:
        """Receive the body, or of a long one the bytes that are free; return the refusal, if any.

        Until then nothing else is done for the call, so a body that never ends costs its few bytes and a timer. From
        then on it is under way, whether or not anything ever reads the rest. Raises `ClientDisconnect`.
        """
        try:
            if self._whole:
                self._start()
            while not self._whole and self._received < limits.FREE_BODY_BYTES:
                message = await self._next_message()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                self._early.append(message)
            if not self._whole:
                self._take_place(WAIT | CLOSE)
        except Problem as refusal:
            return refusal
        return None

    async def receive(self) -> Message:
        """Return the next message of the body; raises 408 (too slow, or in crumbs) or 429 (no place)."""
        if self._early:
            return self._early.popleft()
        if self._whole:
            return await self._receive()
        self._leave_place()
        return await self._next_message()

    async def _next_message(self) -> Message:
        message = await self._in_time()
        if message["type"] == "http.request":
            self._hold(len(message.get("body", b"")))
            self._refuse_dust()
            self._whole = not message.get("more_body", False)
            if self._whole:
                self._start()
        return message

    def end(self) -> None:
        """Give everything back."""
        if self._next is not None:
            self._next.cancel()
        self._leave_slow()
        self._bounds.bytes_held.give_back(self._address, self._held)
        self._leave_place()

    def _start(self) -> None:
        """Count a call whose body is whole; raises 429 when there is no place."""
        self._leave_slow()
        self._take_place(WAIT)

    def _take_place(self, refusal: Mapping[str, str]) -> None:
        if not self._counts or self._under_way:
            return
        self._under_way = self._bounds.calls.take(self._address, 1, limits.MAX_CALLS, limits.MAX_CALLS_BY_ADDRESS)
        if not self._under_way:
            raise problem("too-many", TOO_MANY_CALLS, dict(refusal))

    def _leave_place(self) -> None:
        if self._under_way:
            self._under_way = False
            self._bounds.calls.give_back(self._address, 1)

    async def _in_time(self) -> Message:
        """Wait for the next message: at first without a place, then in one of those for slow bodies."""
        self._began = self._began or asyncio.get_running_loop().time()
        if not self._slow:
            message = await self._before(self._began + limits.BODY_PROMPT_SECONDS)
            if message is not None:
                return message
            self._enter_slow()
        deserved = limits.BODY_GRACE_SECONDS + self._received / limits.BODY_LEAST_BYTES_PER_SECOND
        message = await self._before(self._began + deserved)
        if message is None:
            raise problem("too-slow", TOO_SLOW, dict(CLOSE))
        return message

    async def _before(self, instant: float) -> Message | None:
        """Return the next message, or None at an instant; the wait then goes on, so that nothing is lost."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._receive())
        left = instant - asyncio.get_running_loop().time()
        done, _ = await asyncio.wait({self._next}, timeout=max(left, 0))
        if not done:
            return None
        message, self._next = self._next.result(), None
        return message

    def _enter_slow(self) -> None:
        self._slow = self._bounds.slow_bodies.take(
            self._address, 1, limits.MAX_SLOW_BODIES, limits.MAX_SLOW_BODIES_BY_ADDRESS
        )
        if not self._slow:
            raise problem("too-many", TOO_MANY_BODIES, WAIT | CLOSE)

    def _leave_slow(self) -> None:
        if self._slow:
            self._slow = False
            self._bounds.slow_bodies.give_back(self._address, 1)

    def _refuse_dust(self) -> None:
        """Count one more message of the body; raises 408 when they are many and carry next to nothing."""
        self._messages += 1
        least = self._messages * limits.LEAST_BYTES_PER_MESSAGE
        if self._messages > limits.FREE_MESSAGES and self._received < least:
            raise problem("too-slow", TOO_FINE, dict(CLOSE))

    def _hold(self, size: int) -> None:
        """Count bytes of the body until the end of the call; raises 429 when too many are held."""
        self._received += size
        more = max(self._received - limits.FREE_BODY_BYTES, 0) - self._held
        most, most_by_address = limits.MAX_BODY_BYTES_HELD, limits.MAX_BODY_BYTES_HELD_BY_ADDRESS
        if not self._bounds.bytes_held.take(self._address, more, most, most_by_address):
            raise problem("too-many", TOO_MANY_BODIES, WAIT | CLOSE)
        self._held += more


def is_long(headers: Headers) -> bool:
    """Whether a body may be longer than the bytes that are free, which `start` receives before anything is done."""
    declared = headers.get("content-length", "0")
    stated = declared.isdecimal() and "transfer-encoding" not in headers
    return not stated or int(declared) > limits.FREE_BODY_BYTES


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0").strip() != "0"
