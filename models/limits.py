"""What its limits leave to who calls: noted while a call is served, then stated in headers of its answer.

`RateLimit-Policy` states the limits of a call, and `RateLimit` what is left of each, as in
draft-ietf-httpapi-ratelimit-headers-10. A call that counts for nothing states neither.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class LimitState:
    """One limit, and what is left of it."""

    policy: str
    """Its name, in the letters of a kind of attempt or quota."""
    quota: int
    window: int
    """Seconds."""
    left: int
    reset: int
    """Seconds until something of what was used up comes back."""


_NOTED: Final[ContextVar[dict[str, LimitState] | None]] = ContextVar("limits", default=None)


@contextmanager
def noting() -> Iterator[dict[str, LimitState]]:
    """Collect the limits of a call by their names, in the threads that serve it too."""
    noted: dict[str, LimitState] = {}
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def note(state: LimitState) -> None:
    """Note what a limit leaves; the last word counts."""
    noted = _NOTED.get()
    if noted is not None:
        noted[state.policy] = state


def give_back(policy: str) -> None:
    """Note that what was counted under a limit counts no longer."""
    noted = _NOTED.get()
    if noted is not None and policy in noted:
        state = noted[policy]
        noted[policy] = replace(state, left=state.left + 1)


def headers(states: Iterable[LimitState]) -> dict[str, str]:
    """Return the headers that state these limits: lists of structured fields (RFC 9651); none for no limit."""
    states = tuple(states)
    if not states:
        return {}
    return {
        "RateLimit-Policy": ", ".join(f'"{each.policy}";q={each.quota};w={each.window}' for each in states),
        "RateLimit": ", ".join(f'"{each.policy}";r={each.left};t={each.reset}' for each in states),
    }
