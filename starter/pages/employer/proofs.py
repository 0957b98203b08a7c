"""Pages on which an account proves its authority over an establishment: letter, code, identity provider of firms."""

from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from law.calendar import local
from law.directory import PARIS
from law.texts import in_french
from models.bodies.authority import ProofBody
from models.identifiers import NamedSiret
from starter.auth import cookies
from starter.auth.credentials import PresentedCredential
from starter.auth.oidc import FAILURE_SENTENCES, SignInFailed
from starter.context import AppContext, Context, Origin
from starter.http.heads import ActingRoute
from starter.http.problems import TITLES, problem
from starter.http.request_body import Submission, read
from starter.pages.components.forms import kept_code
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import Again, session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import authority, firm_proof
from starter.services.agent_sign_in import SIGN_IN_LIFETIME
from starter.services.authority import ProofReading

router = APIRouter(include_in_schema=False)
acting = APIRouter(include_in_schema=False, route_class=ActingRoute)

PATH: Final = "/establishments/{siret}/authority"
INVALID: Final = TITLES["invalid-input"][0]


@router.get(PATH)
def authority_page(context: AppContext, request: Request, visitor: SessionRequired, siret: NamedSiret) -> Response:
    """Show whether the authority is proven, and the ways to prove it."""
    return _view(context, request, visitor, siret)


def _view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    siret: str,
    wrong: dict[str, str] | None = None,
    fields: dict[str, str] | None = None,
) -> Response:
    reading = authority.read(context, visitor, siret)
    content = visitor_fields(reading.reader, visitor) | _content(reading) | {"wrong": wrong or {}}
    content |= {"fields": fields or {}}
    return page(request, "authority", content, INVALID if wrong else 200)


def _content(reading: ProofReading) -> dict[str, object]:
    letter = reading.letter
    return {
        "establishment": reading.establishment,
        "proven": reading.proven,
        "requested": letter and _day(letter.requested_at),
        "printed": letter and letter.printed_at and _day(letter.printed_at),
        "expires": letter and letter.expires_at and _day(letter.expires_at),
        "letter_possible": reading.letter_possible,
        "letter_now": reading.letter_now,
        "provider_possible": reading.provider_possible,
    }


def _day(at: datetime) -> str:
    return in_french(local(at, PARIS).date())


@router.post(f"{PATH}/letter")
async def request_letter(
    context: AppContext, request: Request, visitor: SessionOptional, siret: NamedSiret
) -> Response:
    """Ask for a letter, like `POST /api/v1/establishments/{siret}/letters`."""

    def act(_: TypedForm, session: PresentedCredential) -> Response:
        authority.request_letter(context, session, siret)
        return redirect(PATH.format(siret=siret))

    return await session_form(request, visitor, act, _shown_again(context, request, siret))


def _shown_again(context: Context, request: Request, siret: str) -> Again:
    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _view(context, request, session, siret, wrong, kept_code(form.fields, wrong))

    return again


@router.post(f"{PATH}/code")
async def use_code(context: AppContext, request: Request, visitor: SessionOptional, siret: NamedSiret) -> Response:
    """Use the code of a letter, like `POST /api/v1/establishments/{siret}/proof`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        submission = Submission(lambda: read(TypeAdapter(ProofBody), {"code": form.fields.get("code", "")}))
        authority.prove(context, session, siret, submission)
        return redirect(PATH.format(siret=siret))

    return await session_form(request, visitor, act, _shown_again(context, request, siret), {"/code": "code"})


@acting.get(f"{PATH}/provider")
async def begin(context: AppContext, origin: Origin, visitor: SessionRequired, siret: NamedSiret) -> Response:
    """Redirect the browser to the provider of firms; a cookie binds it to this proof. Raises 404, 429, 503."""
    start = await run_in_threadpool(firm_proof.begin, context, visitor, siret, origin)
    answer = RedirectResponse(start.address, 303)
    _bind(answer, context, start.browser, int(SIGN_IN_LIFETIME.total_seconds()))
    return answer


@acting.get("/proofs/return")
async def complete(
    context: AppContext,
    request: Request,
    visitor: SessionRequired,
    state: str = "",
    code: str = "",
    error: str = "",
) -> Response:
    """Record what the provider vouches for; raises 403 or 503."""
    browser = request.cookies.get(_cookie_name(context), "")
    try:
        siret = await run_in_threadpool(
            firm_proof.complete, context, visitor, state=state, code=code, error=error, browser=browser
        )
    except SignInFailed as failed:
        raise problem("sign-in-failed", FAILURE_SENTENCES[failed.reason]) from failed
    answer = redirect(PATH.format(siret=siret))
    _bind(answer, context, "", 0)
    return answer


def _bind(answer: Response, context: Context, browser: str, seconds: int) -> None:
    """Set the cookie that recognises the browser on return; with 0 seconds, clear it."""
    secure = cookies.is_secure(context.settings.site)
    answer.set_cookie(_cookie_name(context), browser, seconds, path="/", secure=secure, httponly=True, samesite="lax")


def _cookie_name(context: Context) -> str:
    return f"{cookies.name(context.settings.site)}-proof"


router.include_router(acting)
