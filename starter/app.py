"""The application: every endpoint and page, behind one middleware, with one context."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Final

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from models.engine.client import connect_as_configured
from models.engine.keys import BlindKey, MasterKey
from models.examination.client import Examiner
from models.publisher import publisher
from models.settings import Settings
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from models.store.operations.register_metrics import RegisterCollector
from models.telemetry.metrics import exposed, registry
from starter.api.account import account, members, proofs, second_factors, session
from starter.api.agent import (
    authorities,
    bank_changes,
    case_review,
    claims,
    completion_requests,
    decisions,
    desk,
    paper_requests,
    quota_exceptions,
    tools,
    units,
)
from starter.api.employer import claim_uploads, completions, drafts, files, messages, requests
from starter.api.employer import claims as employer_claims
from starter.api.operator import (
    access_log,
    channels,
    codec,
    exceptional_acts,
    health,
    incidents,
    letters,
    overview,
)
from starter.api.public import calculators, enrolments, money_calculators, verifications
from starter.context import THREADS, Context
from starter.engine import EngineClient
from starter.http import openapi, problems
from starter.http.middleware import Middleware
from starter.http.sections import SectionRouter
from starter.http.slow_calls import SlowCalls
from starter.metrics import Calls
from starter.pages.agent import (
    attached_files,
    bank_decisions,
    batches,
    case_messages,
    checklists,
    claim_list,
    claim_page,
    claim_refusals,
    claim_visas,
    decision_states,
    desk_case,
    quota_ends,
    reassignments,
    reviews,
    sign_in,
    standing_instructions,
    unit,
    unit_acts,
    unit_ends,
)
from starter.pages.agent import completion_requests as piece_pages
from starter.pages.agent import decisions as decision_pages
from starter.pages.agent import desk as desk_pages
from starter.pages.agent import quota_exceptions as quota_pages
from starter.pages.agent import tools as tool_pages
from starter.pages.components.assets import theme
from starter.pages.components.errors import RefusalPages, for_browsers
from starter.pages.components.visitor import OF_THIS_SITE
from starter.pages.employer import account as account_page
from starter.pages.employer import (
    amendment,
    bank_change,
    claim_cancellation,
    claim_downloads,
    claim_dsn,
    claim_files,
    claim_grid,
    claim_month,
    claim_people,
    claim_profile,
    confirmations,
    desistment,
    identity,
    opinion,
    pieces,
    request_list,
    waiting_mandates,
)
from starter.pages.employer import filing_routes as filing_pages
from starter.pages.employer import members as member_pages
from starter.pages.employer import messages as message_pages
from starter.pages.employer import proofs as proof_pages
from starter.pages.employer import requests as case_pages
from starter.pages.employer import second_factors as factor_pages
from starter.pages.employer import welcome as welcome_pages
from starter.pages.operator import accounts as account_pages
from starter.pages.operator import audit as audit_page
from starter.pages.operator import channels as channel_pages
from starter.pages.operator import deposits as deposit_pages
from starter.pages.operator import operations as operation_pages
from starter.pages.public import (
    allowances,
    document_code,
    enrolment,
    gallery,
    home,
    information,
    site_files,
    verification,
)
from starter.pages.public import calculators as calculator_pages
from starter.pages.public import reference as reference_pages
from starter.pages.public import session as session_pages

DESCRIPTION: Final = """Demandes préalables d’autorisation d’activité partielle (R. 5122-1 et suivants).

Les erreurs suivent la RFC 9457 : un `type` stable sous `/problems/`, et dans `errors` toutes les erreurs à la fois.
Les instants portent leur décalage horaire, à l’heure légale du département.
Montants et heures sont des textes décimaux.
Un appel compté dit ses limites et ce qu’il en reste, dans `RateLimit-Policy` et `RateLimit`.
`Idempotency-Key` est admis sur toute création : sans lui, chaque appel est un nouvel appel."""
API: Final = "/api/v1"
ROUTERS: Final[tuple[APIRouter, ...]] = (
    calculators.router,
    money_calculators.router,
    enrolments.router,
    session.router,
    account.router,
    second_factors.router,
    members.router,
    proofs.router,
    requests.router,
    drafts.router,
    completions.router,
    employer_claims.router,
    claim_uploads.router,
    files.router,
    messages.router,
    verifications.router,
    desk.router,
    claims.router,
    quota_exceptions.router,
    case_review.router,
    decisions.router,
    bank_changes.router,
    completion_requests.router,
    paper_requests.router,
    units.router,
    tools.router,
    authorities.router,
    access_log.router,
    exceptional_acts.router,
    channels.router,
    overview.router,
    incidents.router,
    letters.router,
    codec.router,
    health.router,
)
PAGES: Final[tuple[APIRouter, ...]] = (
    home.router,
    calculator_pages.router,
    allowances.router,
    reference_pages.router,
    information.router,
    site_files.router,
    gallery.router,
    verification.router,
    document_code.router,
    enrolment.router,
    session_pages.router,
    request_list.router,
    filing_pages.router,
    case_pages.router,
    pieces.router,
    opinion.router,
    desistment.router,
    claim_month.router,
    claim_files.router,
    claim_profile.router,
    claim_dsn.router,
    claim_grid.router,
    claim_cancellation.router,
    claim_downloads.router,
    claim_people.router,
    amendment.router,
    bank_change.router,
    message_pages.router,
    account_page.router,
    factor_pages.router,
    member_pages.router,
    welcome_pages.router,
    waiting_mandates.router,
    confirmations.router,
    identity.router,
    proof_pages.router,
    sign_in.router,
    desk_pages.router,
    desk_case.router,
    batches.router,
    claim_list.router,
    claim_visas.router,
    standing_instructions.router,
    quota_pages.router,
    quota_ends.router,
    claim_refusals.router,
    claim_page.router,
    decision_pages.router,
    decision_states.router,
    bank_decisions.router,
    piece_pages.router,
    checklists.router,
    attached_files.router,
    case_messages.router,
    reviews.router,
    reassignments.router,
    tool_pages.router,
    unit_acts.router,
    unit_ends.router,
    unit.router,
    account_pages.router,
    channel_pages.router,
    deposit_pages.router,
    operation_pages.router,
    audit_page.router,
)


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Every endpoint and page. Dependencies and models are examined once a process, not once an application."""
    whole = APIRouter()
    for router in ROUTERS:
        whole.include_router(SectionRouter(router, API), prefix=API)
    for router in PAGES:
        whole.include_router(SectionRouter(router), dependencies=[OF_THIS_SITE])
    return tuple(whole.routes)


def create_app(settings: Settings) -> FastAPI:
    """Build the application of these settings; it serves even while the engine is unavailable."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        master, blind = MasterKey(settings.master_key), BlindKey(settings.blind_key)
        with Database(settings.database, size=THREADS // 2) as database:
            keys = StoredKeys(database, master)
            examiner = Examiner(settings.examining)
            client = await connect_as_configured(settings, keys, lazy=True)
            app.state.context = Context(
                settings, database, master, blind, keys, EngineClient(client), examiner, metrics, SlowCalls()
            )
            metrics.register(RegisterCollector(database))
            with exposed(settings.metrics, metrics):
                yield

    theme(settings.theme), publisher(settings.publisher)  # wrong files stop the program before its first call
    metrics = registry()
    app = FastAPI(
        title="Tacite",
        version="1",
        summary="Activité partielle",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,  # they would lead wherever the header Host says
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
    )
    app.router.routes.extend(_routes())
    secure, pages = settings.site.startswith("https://"), RefusalPages()
    app.add_middleware(Middleware, secure=secure, calls=Calls(metrics), proxies=settings.proxies, refusal_page=pages)
    problems.install(app, for_browsers)
    openapi.complete(app)
    return app
