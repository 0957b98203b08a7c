"""The trace and the case of the current work, which every log line has.

The HTTP programs continue the trace of a caller that sends `traceparent` (W3C Trace Context), and begin one
otherwise. The outbox carries it to the relay, and a header of the engine's messages to the worker. It is
random digits: nothing personal.
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
class TraceContext:
    """The trace of one piece of work; `case` is the reference, draft or channel once it is known."""

    trace: str
    """32 hexadecimal digits."""
    span: str
    """16 hexadecimal digits: the span of the trace that caused this work."""
    case: str = ""
    request: str = ""
    """The id of the HTTP call, which its answer carries too; empty for other work."""
    begun: bool = False
    """Whether the trace begins with this work, rather than continuing a caller's."""

    @classmethod
    def of(cls, parent: str | None) -> Self:
        """Continue the trace of a `traceparent`, or begin one if it is missing or malformed."""
        sent = _FORM.fullmatch(parent or "")
        if sent is None:
            return cls(secrets.token_hex(16), secrets.token_hex(8), begun=True)
        return cls(sent[1], sent[2])

    @property
    def parent(self) -> str:
        """The `traceparent` with which other programs continue this trace."""
        return f"00-{self.trace}-{self.span}-01"


_current: ContextVar[TraceContext | None] = ContextVar("trace_context", default=None)


def current() -> TraceContext | None:
    """Return the trace context of the current work, or None."""
    return _current.get()


@contextmanager
def following(context: TraceContext) -> Iterator[TraceContext]:
    """Work under a trace until the end of the block, including the threads and tasks started in it."""
    before = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(before)


def take(context: TraceContext) -> None:
    """Work under a trace until the current task ends; for processes, whose tasks may be dropped at any point."""
    _current.set(context)


def about(case: str) -> None:
    """Name the case of the current work, once the caller is known to have access to it."""
    context = _current.get()
    if context is not None:
        context.case = case
