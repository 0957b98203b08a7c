"""Pages: the time of the server for each, beside the same reading through the API, and a thousand in flight."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select

from bench import pages_figures
from bench.figures import Figure
from bench.fixtures import DEPARTMENT, Scale, employers, file_requests, world
from bench.http import CallResults, call_at_full_speed, request
from bench.pages_figures import Measured
from cli.accounts import open_account
from models.digests import digest
from models.engine.keys import MasterKey
from models.store.database import Database
from models.store.people import sessions
from models.store.schema.cases import token
from starter.auth import cookies
from starter.pages.agent.desk import PAGE_ROWS

TITLE = "Pages"
HOW = (
    "Pages and the same readings through the API, in turn on one connection: home and `GET /deadlines`, an employer’s "
    "case in its page and `GET /requests/{reference}`, the desk and `GET /desk` of as many rows, an agent’s case and "
    "`GET /desk/requests/{reference}`, fifty undecided cases in the département. One process of the doors on "
    "PostgreSQL, no engine. Then all of these pages, a thousand calls in flight. The caller runs on the same two cores."
)
CASES = 50
IN_FLIGHT = 1_000
DEADLINES = f"/api/v1/deadlines?received_at=2026-12-01T10:00:00%2B01:00&department={DEPARTMENT}"

Pair = tuple[bytes, bytes]
"""The call of a page, and that of the API."""


@dataclass(frozen=True)
class Setup:
    """The port of the doors, and calls by the name of what is read."""

    port: int
    pairs: Mapping[str, Sequence[Pair]]


def run(scale: Scale) -> list[Figure]:
    """Read each page and its equal in turn, then all pages at once."""
    rounds, size = scale(5, 1), scale(200, 5)
    with _setup(scale(CASES, 5)) as setup:
        readings = {name: _read(setup.port, pairs, rounds, size) for name, pairs in setup.pairs.items()}
        pages = [page for pairs in setup.pairs.values() for page, _ in pairs]
        number = scale(IN_FLIGHT, 20)
        calls = [pages[each % len(pages)] for each in range(4 * number)]
        crowd = asyncio.run(call_at_full_speed(setup.port, calls, number))
    return pages_figures.build_figures(Measured(readings, crowd, number))


def _read(port: int, pairs: Sequence[Pair], rounds: int, size: int) -> list[tuple[CallResults, CallResults]]:
    calls = [pairs[number % len(pairs)] for number in range(size)]
    asyncio.run(_in_turn(port, calls[:5]))
    return [asyncio.run(_in_turn(port, calls)) for _ in range(rounds)]


async def _in_turn(port: int, calls: Sequence[Pair]) -> tuple[CallResults, CallResults]:
    """Make both calls of each pair, one after the other, so that both meet the same moments of the machine."""
    both = await call_at_full_speed(port, [call for pair in calls for call in pair], 1)
    pages, api = both.answers[::2], both.answers[1::2]
    return CallResults(pages, both.seconds / 2), CallResults(api, both.seconds / 2)


@contextmanager
def _setup(cases: int) -> Iterator[Setup]:
    with world(("postgres", "doors")) as running, Database(running.postgres.dsn, size=4) as database:
        by = employers(database, cases)
        references = file_requests(database, MasterKey(running.master_key), by)
        agents = open_account(
            database, "agent", "Nadia Perrin", "agent@tacite.invalid", departments=[DEPARTMENT], trial=True
        )
        agent = _cookie(database, running.site, _account_of(database, agents))
        firms = [
            (_cookie(database, running.site, each.account_id), each.token, reference)
            for each, reference in zip(by, references, strict=True)
        ]
        yield Setup(
            running.http_port,
            {
                "home": [(request("GET", "/"), request("GET", DEADLINES))],
                "an employer’s case": [
                    (
                        request("GET", f"/requests/{reference}", cookie=cookie),
                        request("GET", f"/api/v1/requests/{reference}", key),
                    )
                    for cookie, key, reference in firms
                ],
                "the desk": [
                    (request("GET", "/desk", cookie=agent), request("GET", f"/api/v1/desk?limit={PAGE_ROWS}", agents))
                ],
                "an agent’s case": [
                    (
                        request("GET", f"/desk/requests/{reference}", cookie=agent),
                        request("GET", f"/api/v1/desk/requests/{reference}", agents),
                    )
                    for reference in references
                ],
            },
        )


def _account_of(database: Database, secret: str) -> str:
    with database.begin() as connection:
        found = select(token.c.account_id).where(token.c.digest == digest(secret))
        return str(connection.execute(found).scalar_one())


def _cookie(database: Database, site: str, account_id: str) -> str:
    with database.begin() as connection:
        secret = sessions.open_session(connection, account_id, "password", cookies.SESSION_LIFETIME)
    return f"{cookies.name(site)}={secret}"
