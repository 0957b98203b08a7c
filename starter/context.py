"""The dependencies of endpoints and pages: settings, register, master key, engine, examiner, the caller’s token."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials
from prometheus_client import CollectorRegistry
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from models.engine.keys import BlindKey, MasterKey
from models.examination.client import Examiner
from models.settings import Settings
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from starter.auth import caller, credentials, rate_limits
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.engine import EngineClient
from starter.http.problems import fault
from starter.http.reception import is_long
from starter.http.slow_calls import SlowCalls

THREADS: Final = 32
"""Blocking calls served at once; each uses at most one connection to the register."""


@dataclass(frozen=True, slots=True)
class Context:
    """The dependencies of one running application."""

    settings: Settings
    database: Database
    master: MasterKey
    blind: BlindKey
    keys: StoredKeys
    engine: EngineClient
    examiner: Examiner
    metrics: CollectorRegistry
    slow_calls: SlowCalls

    def admit(self, credential: PresentedCredential, verb: Verb) -> AbstractContextManager[Caller]:
        """Open a transaction for the account of a credential, if its role has this verb."""
        return caller.admitted(self.database, credential, verb, trial=self.settings.profile != "production")

    def law_on(self, chosen: date | None) -> date | None:
        """Return the day whose law applies, or None for the real one; only training may choose it."""
        if chosen is not None and self.settings.profile == "production":
            raise fault("/law_on", "training-only", "Le jour du droit ne se choisit qu’en formation.")
        return chosen or self.settings.law_on

    def origin(self, request: Request) -> bytes:
        """Return the keyed digest of the address that a call comes from."""
        return rate_limits.origin_digest(request, self.settings.proxies, self.master)


def context_of(request: Request) -> Context:
    """Return the context of the application that serves a call."""
    context: Context = request.app.state.context
    return context


async def _context(request: Request) -> Context:
    return context_of(request)


AppContext = Annotated[Context, Depends(_context)]
"""The context, as endpoints and pages receive it."""


async def _origin(context: AppContext, request: Request) -> bytes:
    return context.origin(request)


Origin = Annotated[bytes, Depends(_origin)]
"""Digest of the caller's address, under which attempts without a credential are counted."""


async def _credential(
    context: AppContext,
    request: Request,
    origin: Origin,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(credentials.BEARER_SCHEME)],
) -> PresentedCredential:
    presented = credentials.read_credential(request, context.settings.site, bearer, origin)
    if is_long(request.headers):
        await run_in_threadpool(credentials.require_known, context.database, presented)
    return presented


Credential = Annotated[PresentedCredential, Depends(_credential)]
"""The bearer token or session cookie of a call, not yet verified, unless a long body comes with it: else 401."""
