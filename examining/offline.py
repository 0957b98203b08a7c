"""Runs coroutines that wait for nothing outside: an event loop without selector, socket or any other descriptor."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


class _NoSelector:
    """Never has an event."""

    def select(self, _timeout: float | None) -> list[object]:
        return []

    def close(self) -> None:
        pass


class _OfflineLoop(asyncio.BaseEventLoop):
    """What `asyncio` needs to switch between coroutines, and no more."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _NoSelector()

    def _process_events(self, _events: object) -> None:
        pass


def run(coroutine: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end."""
    loop = _OfflineLoop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()
