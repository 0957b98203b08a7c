"""Entering: enrolments and sign-ins, beside the hash of a password alone and an endpoint that does nothing."""

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
from bench.ground import DEPARTMENT, Employer, Scale, employers, world
from bench.http import Seen, as_fast, request
from law.enrolment import terms_in_force
from local import people
from local.enrolling import stated
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
IN_FLIGHT = 16
"""Callers who sign in at once."""
WAITING = 64
"""Callers who enrol at once."""
PASSWORD = "une phrase que personne ne devine"  # of people who do not exist


WRONG = "une autre phrase que personne ne devine"


@dataclass
class House:
    """The doors, who can sign in, and establishments that are not enrolled yet."""

    port: int
    people: list[Employer]
    hashed: str
    version: str
    numbers: Iterator[int]

    def enrolments(self, size: int) -> list[bytes]:
        """Requests to enrol establishments that nobody has."""
        return [self.enrolment(people.fictional(next(self.numbers), DEPARTMENT).siret) for _ in range(size)]

    def enrolment(self, siret: str) -> bytes:
        """A request to enrol an establishment."""
        number = next(self.numbers)
        place = accounts.Establishment(
            siret=siret, department=DEPARTMENT, name="Ateliers Durand", address="1, rue de l’Exemple"
        )
        body = stated(place, f"n{number}@exemple.invalid", self.version)
        return request("POST", "/api/v1/enrolments", body=body, origin=_address(number))

    def sign_ins(self, size: int, password: str = PASSWORD) -> list[bytes]:
        """Sign-ins of people in turn."""
        return [
            self._sign_in(f"{number % len(self.people)}@exemple.invalid", password) for number in range(size)
        ]

    def strangers(self, size: int) -> list[bytes]:
        """Sign-ins of nobody."""
        return [self._sign_in(f"inconnu{next(self.numbers)}@exemple.invalid", WRONG) for _ in range(size)]

    def _sign_in(self, login: str, password: str) -> bytes:
        body = {"login": login, "password": password}
        return request("POST", "/api/v1/session", body=body, origin=_address(next(self.numbers)))

    def run(self, calls: list[bytes], in_flight: int) -> Seen:
        """Make calls as fast as so many callers can."""
        return asyncio.run(as_fast(self.port, calls, in_flight))


def run(scale: Scale) -> list[Figure]:
    """Everything by turns, after a warming that is not counted."""
    with _house(scale(200, 20)) as house:
        _round(house, Scale(tiny=True))
        return entry_figures.told([_round(house, scale) for _ in range(scale(5, 1))])


@contextmanager
def _house(size: int) -> Iterator[House]:
    with (
        world(("postgres", "doors"), proxies="1") as running,
        Database(running.postgres.dsn, size=4) as database,
    ):
        hashed = passwords.hashed(PASSWORD)
        made = employers(database, size)
        with database.begin() as connection:
            version = terms_in_force(requested_now(connection), DEPARTMENT, None)
            for number, each in enumerate(made):
                credentials.set_password(connection, each.account_id, f"{number}@exemple.invalid", hashed)
        port = int(running.http.rpartition(":")[2])
        yield House(port, made, hashed, version, count(size + 1_000))


def _round(house: House, scale: Scale) -> Round:
    known, size = [each.siret for each in house.people], scale(100, 5)
    return Round(
        empty=house.run([request("GET", "/api/v1/health") for _ in range(scale(1_500, 20))], IN_FLIGHT),
        enrolled=house.run(house.enrolments(scale(600, 10)), WAITING),
        signed_in=house.run(house.sign_ins(scale(200, 10)), IN_FLIGHT),
        hashes=_rate(lambda: passwords.matches(PASSWORD, house.hashed), scale(100, 4)),
        of_unknown=house.run(house.strangers(size), 1),
        of_known=house.run(house.sign_ins(size, WRONG), 1),
        new=house.run(house.enrolments(scale(20, 2)), 1),
        taken=house.run([house.enrolment(known[n % len(known)]) for n in range(scale(20, 2))], 1),
    )


def _rate(do: Callable[[], object], times: int) -> float:
    """How often a second something is done by as many threads as may."""
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        began = perf_counter()
        list(pool.map(lambda _: do(), range(times)))
        return times / (perf_counter() - began)


def _address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
