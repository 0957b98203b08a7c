"""What people ask of the doors on a heavy day: thirty calls each, one in fifty of them a filing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from bench.ground import DEPARTMENT, Employer, body
from bench.http import request

FILING_EVERY = 50
"""Two calls in a hundred file a request; the others look."""
USERS = 17.0
"""Users a second at the peak: 400 000 on a day of ten hours, half as many again at its peak."""
CALLS = 30
"""Calls of each."""
PEAK = USERS * CALLS


@dataclass(frozen=True)
class Someone:
    """An employer who has filed already."""

    employer: Employer
    reference: str


def filing(by: Employer) -> bytes:
    """The call that files."""
    return request("POST", "/api/v1/requests", by.token, body(by))


def calls(people: Sequence[Someone], newcomers: Iterator[Employer], size: int) -> list[bytes]:
    """So many calls of a day: newcomers file, the others look at their cases, at their list, at delays."""
    looking = _looks(people)
    return [
        filing(next(newcomers)) if number % FILING_EVERY == 0 else next(looking) for number in range(size)
    ]


def _looks(people: Sequence[Someone]) -> Iterator[bytes]:
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


def some(people: Iterator[Employer], size: int) -> list[Employer]:
    """Take the next ones."""
    return list(islice(people, size))
