"""The application: every endpoint and page, behind one middleware, with one context."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI

from models.engine.client import connect_as_configured
from models.engine.keys import MasterKey
from models.settings import Settings
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from models.store.operations.register_metrics import RegisterCollector
from models.telemetry.metrics import exposed, registry
from starter.api.account import account, members, second_factors, session
from starter.api.agent import case_review, completion_requests, decisions, desk, paper_requests, units
from starter.api.employer import completions, drafts, files, requests
from starter.api.operator import access_log, codec, exceptional_acts, health, incidents
from starter.api.public import calculators, enrolments, verifications
from starter.context import THREADS, Context
from starter.engine import EngineClient
from starter.http import openapi, problems
from starter.http.middleware import Middleware
from starter.metrics import Calls
from starter.pages.agent import sign_in, unit
from starter.pages.components.errors import for_browsers
from starter.pages.employer import account as account_page
from starter.pages.employer import members as member_pages
from starter.pages.employer import requests as case_pages
from starter.pages.employer import second_factors as factor_pages
from starter.pages.public import enrolment, home, verification
from starter.pages.public import session as session_pages

DESCRIPTION: Final = """Demandes préalables d’autorisation d’activité partielle (R. 5122-1 et suivants).

Les erreurs suivent la RFC 9457 : un `type` stable sous `/problems/`, et dans `errors` toutes les erreurs à la fois.
Les instants portent leur décalage horaire, à l’heure légale du département.
Montants et heures sont des textes décimaux.
`Idempotency-Key` est admis sur toute création : sans lui, chaque appel est un nouvel appel."""
ROUTERS: Final[tuple[APIRouter, ...]] = (
    calculators.router,
    enrolments.router,
    session.router,
    account.router,
    second_factors.router,
    members.router,
    requests.router,
    drafts.router,
    completions.router,
    files.router,
    verifications.router,
    desk.router,
    case_review.router,
    decisions.router,
    completion_requests.router,
    paper_requests.router,
    units.router,
    access_log.router,
    exceptional_acts.router,
    incidents.router,
    codec.router,
    health.router,
)
PAGES: Final[tuple[APIRouter, ...]] = (
    home.router,
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
    """Build the application of these settings; it serves even while the engine is unavailable."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        master = MasterKey(settings.master_key)
        with Database(settings.database, size=THREADS // 2) as database:
            keys = StoredKeys(database, master)
            client = await connect_as_configured(settings, keys, lazy=True)
            app.state.context = Context(settings, database, master, keys, EngineClient(client), metrics)
            metrics.register(RegisterCollector(database))
            with exposed(settings.metrics, metrics):
                yield

    metrics = registry()
    app = FastAPI(
        title="Tacite",
        version="1",
        summary="Activité partielle",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    for router in PAGES:
        app.include_router(router)
    app.add_middleware(Middleware, secure=settings.site.startswith("https://"), calls=Calls(metrics))
    problems.install(app, for_browsers)
    openapi.complete(app)
    return app
