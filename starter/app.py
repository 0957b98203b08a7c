"""The application: every call of the contract behind one guard, on one house."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI

from models.engine import reach
from models.keys import MasterKey
from models.metrics import RegisterMeasures, exposed, registry
from models.settings import Settings
from models.store.keys import StoredKeys
from models.store.register import Register
from starter import openapi, problems
from starter.api import (
    accesses,
    account,
    agents,
    asking,
    codec,
    completions,
    decisions,
    desk,
    drafts,
    employers,
    enrolments,
    exceptions,
    factors,
    files,
    health,
    members,
    operators,
    papers,
    public,
    session,
    units,
)
from starter.cases import Cases
from starter.guard import Guard
from starter.house import THREADS, House
from starter.measures import Calls
from starter.pages import account as account_page
from starter.pages import cases as case_pages
from starter.pages import enrolment, plain, sign_in, unit, verification
from starter.pages import factors as factor_pages
from starter.pages import members as member_pages
from starter.pages import session as session_pages
from starter.pages.errors import for_browsers

DESCRIPTION: Final = """Demandes préalables d’autorisation d’activité partielle (R. 5122-1 et suivants).

Les erreurs suivent la RFC 9457 : un `type` stable sous `/problems/`, et dans `errors` toutes les erreurs à la fois.
Les instants portent leur décalage horaire, à l’heure légale du département.
Montants et heures sont des textes décimaux.
`Idempotency-Key` est admis sur toute création : sans lui, chaque appel est un nouvel appel."""
ROUTERS: Final[tuple[APIRouter, ...]] = (
    public.router,
    enrolments.router,
    session.router,
    account.router,
    factors.router,
    members.router,
    employers.router,
    drafts.router,
    completions.router,
    files.router,
    desk.router,
    agents.router,
    decisions.router,
    asking.router,
    papers.router,
    units.router,
    accesses.router,
    exceptions.router,
    operators.router,
    codec.router,
    health.router,
)
PAGES: Final[tuple[APIRouter, ...]] = (
    plain.router,
    verification.router,
    enrolment.router,
    session_pages.router,
    case_pages.router,
    account_page.router,
    factor_pages.router,
    member_pages.router,
    sign_in.router,
    unit.router,
)


def create_app(settings: Settings) -> FastAPI:
    """Build the application of these settings; it serves while the engine is away."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        master = MasterKey(settings.master_key)
        with Register(settings.database, size=THREADS // 2) as register:
            keys = StoredKeys(register, master)
            client = await reach(settings, keys, lazy=True)
            app.state.house = House(settings, register, master, keys, Cases(client), measured)
            measured.register(RegisterMeasures(register))
            with exposed(settings.metrics, measured):
                yield

    measured = registry()

    app = FastAPI(
        title="Tacite",
        version="1",
        summary="Activité partielle",
        description=DESCRIPTION,
        lifespan=life,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    for router in PAGES:
        app.include_router(router)
    app.add_middleware(Guard, secure=settings.site.startswith("https://"), calls=Calls(measured))
    problems.install(app, for_browsers)
    openapi.complete(app)
    return app
