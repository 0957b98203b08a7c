"""Who speaks: an account, by its bearer token or its session, and what that account may see and do.

Here is the one place that lets callers in: a verb that the account's role has, and cases in its reach. What is
refused, and what is read that names people, is kept in the register before anybody is answered.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from re import fullmatch

from fastapi_problem.error import Problem
from sqlalchemy import Connection

from models.errors import Repeated, Unknown
from models.identifiers import REFERENCE
from models.labels import TokenScope
from models.store.cases import requests
from models.store.cases.records import RequestRecord
from models.store.database import Database
from models.store.journal import idempotency
from models.store.journal.events import Actor
from models.store.people import access_log, accounts
from models.store.people.accounts import Account, Establishment
from models.telemetry import trace_context
from starter.auth import credentials
from starter.auth.permissions import Scope, Verb
from starter.http.problems import problem


@dataclass(frozen=True, slots=True)
class Caller:
    """An account inside one transaction of the register, and how far its verb reaches."""

    account: Account
    connection: Connection
    verb: Verb
    scope: Scope
    session: str | None = None
    """Secret of the session by which this person is there; None for software."""
    read: list[str] = field(default_factory=list)
    """What was read that names people: written to the chain of accesses when the transaction ends."""

    @property
    def actor(self) -> Actor:
        """Who acts, for the events of a case."""
        return self.account.actor

    @property
    def is_employer(self) -> bool:
        """Whether this account files requests, and does not judge them."""
        return self.account.role == "employer"

    def establishments(self) -> list[Establishment]:
        """Establishments for which this account may file."""
        return accounts.list_establishments(self.connection, self.account.id)

    def request(self, reference: str) -> RequestRecord:
        """Return a request that this account may see, by 9 or 11 characters; raises `Unknown`."""
        written = reference.upper()
        if not REFERENCE.fullmatch(written):
            raise Unknown(reference)
        found = requests.get(self.connection, written[:9])
        if not self._reaches(found):
            raise Unknown(found.reference)
        trace_context.about(found.reference)
        return found

    def _reaches(self, found: RequestRecord) -> bool:
        if self.scope is Scope.ESTABLISHMENTS:
            return found.siret in {place.siret for place in self.establishments()}
        return self.scope is Scope.EVERYWHERE or self.charged(found.department)

    def charged(self, department: str) -> bool:
        """Whether a département is in this account's charge; an operator without any has them all."""
        own = self.account.departments
        return department in own or (self.scope is Scope.DEPARTMENTS_OR_ALL and not own)

    def once(self, key: str | None, digest: bytes, create: Callable[[], str]) -> str:
        """Create something once per idempotency key and body; returns the id that was created the first time."""
        created = self.remembered(key, digest)
        if created is None:
            created = create()
            self.remember(key, created)
        return created

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


@contextmanager
def admitted(database: Database, credential: credentials.PresentedCredential, verb: Verb) -> Iterator[Caller]:
    """Open a transaction for an account that has this verb; raises the problem 401, 403 or 429."""
    account: Account | None = None
    try:
        with credentials.guesses_limited(database, credential), database.begin() as connection:
            account, may = credentials.account_of(connection, credential)
            caller = Caller(
                account, connection, verb, _reach(account, credential, may, verb), credential.session
            )
            yield caller
            for about in caller.read:
                access_log.append(
                    connection, "nominal_data_read", account, verb=verb.name.lower(), about=about
                )
    except (Unknown, Problem) as refused:
        if account is not None and (isinstance(refused, Unknown) or refused.status == 403):
            _refused(database, account, verb, refused)
        raise


def _reach(
    account: Account, credential: credentials.PresentedCredential, may: TokenScope, verb: Verb
) -> Scope:
    """How far a verb reaches for an account by this pass; raises 403 where it does not have it."""
    reach = verb.rule.scope(account.role)
    if reach is None:
        raise problem("forbidden", "Votre compte ne permet pas cette action.")
    if verb.rule.in_person and credential.session is None:
        raise problem("forbidden", "Ouvrez une session : un jeton d’accès ne suffit pas pour cela.")
    if may is TokenScope.READ and verb.rule.acts:
        raise problem("forbidden", "Ce jeton ne permet que de lire.")
    return reach


def _refused(database: Database, account: Account, verb: Verb, refused: Unknown | Problem) -> None:
    """Keep a refusal, in a transaction of its own: that of the call is undone. What was asked for may be anything."""
    asked = str(refused) if isinstance(refused, Unknown) else ""
    about = asked[:9].upper() if REFERENCE.fullmatch(asked.upper()) else ""
    status = "404" if isinstance(refused, Unknown) else "403"
    with database.begin() as connection:
        access_log.append(
            connection, "access_refused", account, verb=verb.name.lower(), status=status, about=about
        )


def as_uuid(written: str) -> str:
    """Return an id as the register writes it; raises `Unknown` for anything else."""
    if not fullmatch(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", written):
        raise Unknown(written)
    return written.lower()
