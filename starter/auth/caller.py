"""The caller: an account, authenticated by a bearer token or a session, and what it may see and do.

This is the one place that admits callers: the account's role must have the verb, and a case must be in its reach.
Refusals and readings of nominal data are written to the access log before the caller gets an answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fastapi_problem.error import Problem
from sqlalchemy import Connection

from models.errors import NotAllowed, Repeated, Unknown
from models.identifiers import find_reference, find_uuid
from models.labels import TokenScope
from models.roles import AGENTS
from models.store.cases import documents, requests
from models.store.cases.documents import DocumentRecord
from models.store.cases.records import NominalRecord, RequestRecord
from models.store.database import Database
from models.store.journal import idempotency
from models.store.journal.events import Actor
from models.store.people import access_log, accounts, authorities, parties
from models.store.people.accounts import Account, Establishment
from models.telemetry import trace_context
from starter.auth import credentials
from starter.auth.permissions import Scope, Verb
from starter.http.heads import transaction
from starter.http.problems import problem


@dataclass(frozen=True, slots=True)
class Caller:
    """An account inside one transaction of the register, and how far its verb reaches."""

    account: Account
    connection: Connection
    verb: Verb
    scope: Scope
    session: str | None = None
    """Secret of this person's session; None for software."""
    _readings: list[str] = field(default_factory=list)
    """Nominal data read so far: written to the access log when the transaction ends."""

    @property
    def actor(self) -> Actor:
        """The actor of the events that this caller causes."""
        return self.account.actor

    @property
    def is_employer(self) -> bool:
        """Whether this account files requests, rather than examining them."""
        return self.account.role == "employer"

    def establishments(self) -> list[Establishment]:
        """Return the establishments for which this account may file."""
        return accounts.list_establishments(self.connection, self.account.id)

    def shares(self) -> int:
        """Return how many times this account has each quota: for each proven establishment, and once for the others."""
        mine = {each.siret for each in self.establishments()}
        proven = mine & authorities.list_proven(self.connection, self.account.id)
        return max(len(proven) + (mine > proven), 1)

    def request(self, reference: str) -> RequestRecord:
        """Return a request that this account may see, by its reference; raises `Unknown`."""
        normalized = find_reference(reference)
        if normalized is None:
            raise Unknown(reference)
        case = requests.get(self.connection, normalized)
        if not self._reaches(case):
            raise Unknown(case.reference)
        trace_context.about(case.reference)
        return case

    def _reaches(self, case: RequestRecord) -> bool:
        if self.scope is Scope.ESTABLISHMENTS:
            own = case.siret in {establishment.siret for establishment in self.establishments()}
            return own and parties.is_readable(self.connection, case.siret, case.party, self.account.id)
        return self.scope is Scope.EVERYWHERE or self.covers(case.department)

    def find_nominal(self, case: RequestRecord) -> NominalRecord | None:
        """Return the nominal data of a case, and note that it was read; None once they are erased."""
        self.note_reading(case.reference)
        return requests.find_nominal(self.connection, case.reference)

    def document(self, document: DocumentRecord) -> bytes:
        """Return the signed bytes of a document, and note that it was read."""
        self.note_reading(f"{document.reference}/{document.id}")
        return documents.content(self.connection, document.id)

    def note_reading(self, subject: str) -> None:
        """Note that nominal data of a reference, a process or a day was read; employers only read their own."""
        if not self.is_employer:
            self._readings.append(subject)

    def covers(self, department: str) -> bool:
        """Whether this account acts for a département; an operator assigned to none acts for all."""
        own = self.account.departments
        return department in own or (self.scope is Scope.DEPARTMENTS_OR_ALL and not own)

    def once(self, key: str | None, digest: bytes, create: Callable[[], str]) -> str:
        """Create something once per idempotency key and body; returns the id that was created the first time."""
        if key is None:
            return create()
        try:
            idempotency.claim(self.connection, self.account.id, key, digest)
        except Repeated as again:
            return again.answer
        created = create()
        idempotency.remember(self.connection, self.account.id, key, created)
        return created

    def answer(self, key: str | None, digest: bytes | None = None) -> str | None:
        """Return what this key was answered with before, or None; raises `KeyReused` for another body."""
        return idempotency.find(self.connection, self.account.id, key, digest) if key else None


@contextmanager
def admitted(
    database: Database, credential: credentials.PresentedCredential, verb: Verb, *, trial: bool = True
) -> Iterator[Caller]:
    """Open a transaction for an account that has this verb; raises 401, 403 or 429. Nothing remains of a HEAD’s.

    Only in a `trial` does a token of an agent that the command line made do all that its role may.
    """
    account: Account | None = None
    try:
        with credentials.guesses_limited(database, credential), transaction(database) as connection:
            account, access = credentials.authenticate(connection, credential)
            scope = _scope(account, credential, access if trial else _of_tool(account, credential, access), verb)
            caller = Caller(account, connection, verb, scope, credential.session)
            yield caller
            for subject in caller._readings:
                access_log.append(connection, "nominal_data_read", account, verb=verb.name.lower(), about=subject)
    except (Unknown, NotAllowed, Problem) as refusal:
        if account is not None and (not isinstance(refusal, Problem) or refusal.status == 403):
            _log_refusal(database, account, verb, refusal)
        raise


def _of_tool(account: Account, credential: credentials.PresentedCredential, access: TokenScope) -> TokenScope:
    """Return what a token gives outside trials, where agents have tokens for their tools only."""
    is_tool = credential.session is None and account.role in AGENTS and access is TokenScope.WRITE
    return TokenScope.DECIDE if is_tool else access


def _scope(account: Account, credential: credentials.PresentedCredential, access: TokenScope, verb: Verb) -> Scope:
    """Return how far a verb reaches for an account and its credential; raises 403 if they do not have it."""
    scope = verb.rule.scope(account.role)
    if scope is None:
        raise problem("forbidden", "Votre compte ne permet pas cette action.")
    if verb.rule.in_person and credential.session is None:
        raise problem("forbidden", "Ouvrez une session : un jeton d’accès ne suffit pas pour cela.")
    if not verb.rule.admits(access):
        reads = access is TokenScope.READ
        raise problem("forbidden", "Ce jeton ne permet que de lire." if reads else "Ce jeton ne permet pas cet acte.")
    return scope


def _log_refusal(database: Database, account: Account, verb: Verb, refusal: Exception) -> None:
    """Log a refusal in its own transaction, since the call’s is rolled back; a reference only if well formed."""
    subject = str(refusal) if isinstance(refusal, Unknown) else ""
    about = find_reference(subject) or ""
    status = "404" if isinstance(refusal, Unknown) else "403"
    with database.begin() as connection:
        access_log.refuse(connection, account, verb.name.lower(), status, about)


def as_uuid(written: str) -> str:
    """Return an id in the form that the register uses; raises `Unknown` for anything else."""
    normalized = find_uuid(written)
    if normalized is None:
        raise Unknown(written)
    return normalized
