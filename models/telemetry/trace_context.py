"""What the work at hand is about: the trace that a call began, and the case. Every line of a log bears both.

The doors take the trace of a caller that sends `traceparent` (W3C Trace Context), and begin one otherwise. The
outbox carries it to the relay, a header of the engine's messages to the worker: random digits, nothing personal.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Self

_FORM: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")


@dataclass(slots=True)
class Trail:
    """One piece of work; `case` is the reference, draft or channel once it is known."""

    trace: str
    """32 hexadecimal digits."""
    span: str
    """16 hexadecimal digits: the step of the trace that asked for this work."""
    case: str = ""
    begun: bool = False
    """Whether the trace begins with this work: nobody elsewhere asked for it."""

    @classmethod
    def of(cls, parent: str | None) -> Self:
        """Continue the trace of a `traceparent`, or begin one when there is none that is well formed."""
        sent = _FORM.fullmatch(parent or "")
        if sent is None:
            return cls(secrets.token_hex(16), secrets.token_hex(8), begun=True)
        return cls(sent[1], sent[2])

    @property
    def parent(self) -> str:
        """What continues this trace elsewhere, as `traceparent` writes it."""
        return f"00-{self.trace}-{self.span}-01"


_current: ContextVar[Trail | None] = ContextVar("trail", default=None)


def current() -> Trail | None:
    """Return the trail of the work at hand, None where nobody began one."""
    return _current.get()


@contextmanager
def following(trail: Trail) -> Iterator[Trail]:
    """Work under a trail until the end of the block, in the threads and tasks that begin there too."""
    before = _current.set(trail)
    try:
        yield trail
    finally:
        _current.reset(before)


def take(trail: Trail) -> None:
    """Work under a trail until the task at hand ends: for a process, whose tasks may be dropped anywhere."""
    _current.set(trail)


def about(case: str) -> None:
    """Name the case that the work at hand is about, as soon as somebody may know it."""
    trail = _current.get()
    if trail is not None:
        trail.case = case
