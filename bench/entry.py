"""Entry: enrolments and sign-ins, beside a bare password hash and an endpoint that does nothing."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from time import perf_counter

from bench import entry_figures
from bench.entry_figures import Round
from bench.figures import Figure
from bench.fixtures import DEPARTMENT, Employer, Scale, employers, world
from bench.http import CallResults, call_at_full_speed, request
from law.enrolment import terms_in_force
from local import people
from local.enrolment import enrolment_body
from models.store.database import Database
from models.store.people import accounts, credentials
from models.store.people.enrolments import requested_now
from starter.auth import passwords

TITLE = "Entering"
HOW = (
    "Enrolments of distinct establishments, and sign-ins by password of as many people, over HTTP, each from an "
    "address of its own, to one process of the doors on PostgreSQL with durability on; the caller runs on the same "
    "two cores. Beside them by turns: the same hash of a password (argon2id) by the same function, in as many threads "
    "as the doors allow; and `GET /health`, an endpoint that does nothing. Nobody is answered a request to enrol "
    "before 0.4 s, so that the time tells nothing: many callers wait at once. No relay, no engine, no worker runs."
)
SIGN_INS_IN_FLIGHT = 16
"""Callers who sign in at the same time."""
ENROLMENTS_IN_FLIGHT = 64
"""Callers who enrol at the same time."""
PASSWORD = "une phrase que personne ne devine"  # of people who do not exist


WRONG = "une autre phrase que personne ne devine"


@dataclass
class Setup:
    """The HTTP server, people who can sign in, and establishments that are not enrolled yet."""

    port: int
    people: list[Employer]
    hashed: str
    version: str
    numbers: Iterator[int]

    def enrolments(self, size: int) -> list[bytes]:
        """Return requests to enrol establishments that are not enrolled."""
        return [self.enrolment(people.fictional(next(self.numbers), DEPARTMENT).siret) for _ in range(size)]

    def enrolment(self, siret: str) -> bytes:
        """Return a request to enrol an establishment."""
        number = next(self.numbers)
        establishment = accounts.Establishment(
            siret=siret, department=DEPARTMENT, name="Ateliers Durand", address="1, rue de l’Exemple"
        )
        body = enrolment_body(establishment, f"n{number}@exemple.invalid", self.version)
        return request("POST", "/api/v1/enrolments", body=body, origin=_address(number))

    def sign_ins(self, size: int, password: str = PASSWORD) -> list[bytes]:
        """Return sign-ins of known people, in turn."""
        return [self._sign_in(f"{number % len(self.people)}@exemple.invalid", password) for number in range(size)]

    def unknown_sign_ins(self, size: int) -> list[bytes]:
        """Return sign-ins with unknown logins."""
        return [self._sign_in(f"inconnu{next(self.numbers)}@exemple.invalid", WRONG) for _ in range(size)]

    def _sign_in(self, login: str, password: str) -> bytes:
        body = {"login": login, "password": password}
        return request("POST", "/api/v1/session", body=body, origin=_address(next(self.numbers)))

    def run(self, calls: list[bytes], in_flight: int) -> CallResults:
        """Make calls as fast as `in_flight` callers can."""
        return asyncio.run(call_at_full_speed(self.port, calls, in_flight))


def run(scale: Scale) -> list[Figure]:
    """Run everything in turn, after an uncounted warm-up round."""
    with _setup(scale(200, 20)) as setup:
        _round(setup, Scale(tiny=True))
        return entry_figures.build_figures([_round(setup, scale) for _ in range(scale(5, 1))])


@contextmanager
def _setup(size: int) -> Iterator[Setup]:
    with (
        world(("postgres", "doors"), proxies="1") as running,
        Database(running.postgres.dsn, size=4) as database,
    ):
        hashed = passwords.hashed(PASSWORD)
        employers_made = employers(database, size)
        with database.begin() as connection:
            version = terms_in_force(requested_now(connection), DEPARTMENT, None)
            for number, each in enumerate(employers_made):
                credentials.set_password(connection, each.account_id, f"{number}@exemple.invalid", hashed)
        yield Setup(running.http_port, employers_made, hashed, version, count(size + 1_000))


def _round(setup: Setup, scale: Scale) -> Round:
    enrolled, size = [each.siret for each in setup.people], scale(100, 5)
    return Round(
        empty=setup.run([request("GET", "/api/v1/health") for _ in range(scale(1_500, 20))], SIGN_INS_IN_FLIGHT),
        enrolled=setup.run(setup.enrolments(scale(600, 10)), ENROLMENTS_IN_FLIGHT),
        signed_in=setup.run(setup.sign_ins(scale(200, 10)), SIGN_INS_IN_FLIGHT),
        hashes=_rate(lambda: passwords.matches(PASSWORD, setup.hashed), scale(100, 4)),
        of_unknown=setup.run(setup.unknown_sign_ins(size), 1),
        of_known=setup.run(setup.sign_ins(size, WRONG), 1),
        new=setup.run(setup.enrolments(scale(20, 2)), 1),
        taken=setup.run([setup.enrolment(enrolled[n % len(enrolled)]) for n in range(scale(20, 2))], 1),
    )


def _rate(do: Callable[[], object], times: int) -> float:
    """Return how often per second `do` runs in as many threads as there are sign-ins in flight."""
    with ThreadPoolExecutor(SIGN_INS_IN_FLIGHT) as pool:
        began = perf_counter()
        list(pool.map(lambda _: do(), range(times)))
        return times / (perf_counter() - began)


def _address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
