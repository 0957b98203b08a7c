"""HTTP calls of users on a heavy day: thirty calls each, one in fifty of them a filing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from bench.fixtures import DEPARTMENT, Employer, body
from bench.http import request

FILING_EVERY = 50
"""Two calls in a hundred file a request; the others read."""
USERS_PER_SECOND = 17.0
"""Users per second at the peak: 400 000 over a day of ten hours, half as many again at its peak."""
CALLS_PER_USER = 30
"""Calls per user."""
PEAK_CALLS_PER_SECOND = USERS_PER_SECOND * CALLS_PER_USER


@dataclass(frozen=True)
class PastFiler:
    """An employer who has already filed."""

    employer: Employer
    reference: str


def filing_call(by: Employer) -> bytes:
    """Return the call that files."""
    return request("POST", "/api/v1/requests", by.token, body(by))


def calls(people: Sequence[PastFiler], newcomers: Iterator[Employer], size: int) -> list[bytes]:
    """Return `size` calls of a day: newcomers file, the others read their cases, their list, delays."""
    reads = _read_calls(people)
    return [filing_call(next(newcomers)) if number % FILING_EVERY == 0 else next(reads) for number in range(size)]


def _read_calls(people: Sequence[PastFiler]) -> Iterator[bytes]:
    at = "2026-12-01T10:00:00%2B01:00"
    public = (
        f"/api/v1/deadlines?received_at={at}&department={DEPARTMENT}",
        f"/api/v1/filing-windows?ground=exceptional_circumstances&placement_on=2026-12-01&department={DEPARTMENT}",
    )
    for each in cycle(people):
        token = each.employer.token
        yield request("GET", f"/api/v1/requests/{each.reference}", token)
        yield request("GET", "/api/v1/requests", token)
        yield request("GET", f"/api/v1/requests/{each.reference}", token)
        yield request("GET", public[0])
        yield request("GET", f"/api/v1/requests/{each.reference}", token)
        yield request("GET", public[1])


def take(people: Iterator[Employer], size: int) -> list[Employer]:
    """Return the next `size` employers."""
    return list(islice(people, size))
