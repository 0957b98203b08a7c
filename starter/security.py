"""Who speaks: an account, by its bearer token or its session, and what that account may see and do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from re import fullmatch
from typing import Annotated, Final, Literal, get_args

from fastapi import Depends
from sqlalchemy import Connection

from models import trail
from models.conflicts import Repeated, Unknown
from models.store import accounts, idempotency, requests
from models.store.accounts import Account, Establishment
from models.store.events import Actor
from models.store.records import RequestRecord
from models.store.register import Register
from models.values import REFERENCE
from starter import passes
from starter.problems import problem

Role = Literal["employer", "agent", "head", "operator"]
AGENTS: Final[tuple[Role, ...]] = ("agent", "head")
ROLES: Final[tuple[Role, ...]] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Caller:
    """An account inside one transaction of the register."""

    account: Account
    connection: Connection
    session: str | None = None
    """Secret of the session by which this person is there; None for software."""

    @property
    def actor(self) -> Actor:
        """Who acts, for the events of a case."""
        return Actor.model_validate({"role": self.account.role, "account_id": self.account.id})

    @property
    def is_employer(self) -> bool:
        """Whether this account files requests, and does not judge them."""
        return self.account.role == "employer"

    def establishments(self) -> list[Establishment]:
        """Establishments for which this account may file."""
        return accounts.establishments(self.connection, self.account.id)

    def request(self, reference: str) -> RequestRecord:
        """Return a request that this account may see, by 9 or 11 characters; raises `Unknown`."""
        written = reference.upper()
        if not REFERENCE.fullmatch(written):
            raise Unknown(reference)
        found = requests.get(self.connection, written[:9])
        if self.is_employer:
            mine = found.siret in {place.siret for place in self.establishments()}
        else:
            mine = found.department in self.account.departments
        if not mine:
            raise Unknown(reference)
        trail.about(found.reference)
        return found

    def remembered(self, key: str | None, digest: bytes) -> str | None:
        """Take an idempotency key; returns what it made the first time, if it was used."""
        if key is None:
            return None
        try:
            idempotency.claim(self.connection, self.account.id, key, digest)
        except Repeated as again:
            return again.answer
        return None

    def remember(self, key: str | None, answer: str) -> None:
        """Keep the id of what was made under a key."""
        if key is not None:
            idempotency.remember(self.connection, self.account.id, key, answer)


Token = Annotated[passes.Pass, Depends(passes.presented)]
"""What a call shows to be let in, a bearer token or the cookie of a session, not yet looked at."""


@contextmanager
def admitted(register: Register, token: passes.Pass, *roles: Role) -> Iterator[Caller]:
    """Open a transaction for an account of one of these roles; raises the problem 401, 403 or 429."""
    with passes.guesses_slowed(register, token), register.begin() as connection:
        account = passes.account_of(connection, token)
        if account.role not in roles:
            raise problem("forbidden", "Votre compte ne permet pas cette action.")
        yield Caller(account, connection, token.session)


def as_uuid(written: str) -> str:
    """Return an id as the register writes it; raises `Unknown` for anything else."""
    if not fullmatch(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", written):
        raise Unknown(written)
    return written.lower()
