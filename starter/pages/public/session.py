"""Pages to sign in and out, choose another password, and accept an invitation: plain forms."""

from collections.abc import Callable
from typing import Final, TypeVar

from fastapi import APIRouter, Request
from fastapi_problem.error import Problem
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.account import AcceptanceBody, LostPasswordBody, NewPasswordBody, SignInBody
from starter.auth import cookies, passwords, rate_limits
from starter.context import AppContext, Context, context_of
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import beside, form_fields, kept_code
from starter.pages.components.navigation import home_of
from starter.pages.components.rendering import SCRIPTED_HEADERS, page
from starter.pages.components.visitor import SessionRequired, redirect, safe_target
from starter.services import browsers, invitations, password_reset, sign_in

router = APIRouter(include_in_schema=False)

Body = TypeVar("Body", bound=BaseModel)
FIELDS: Final = {f"/{name}": name for name in ("login", "password", "code", "one_time")}
CHOICES: Final = ("revoke_tokens",)
"""Fields beside a code and a password that are shown again."""
CODE_MINUTES: Final = int(password_reset.CODE_LIFETIME.total_seconds() // 60)
INVALID: Final = TITLES["invalid-input"][0]


@router.get("/sign-in")
async def sign_in_form(request: Request, next: str = "") -> Response:
    """Show the sign-in form."""
    content: dict[str, object] = {"fields": {}, "wrong": {}, "beside": {}, "next": safe_target(next, "")}
    return page(request, "sign_in", content | {"agents": _have_provider(request)}, headers=SCRIPTED_HEADERS)


@router.post("/sign-in")
async def submit_sign_in(context: AppContext, request: Request) -> Response:
    """Sign in, like `POST /api/v1/session`, and redirect to the requested page."""
    fields = await form_fields(request)
    wanted = safe_target(fields.pop("next", None), "")
    try:
        body = read(TypeAdapter(SignInBody), fields)
        session = await run_in_threadpool(sign_in.sign_in, context, body, context.origin(request))
    except (InvalidRequest, Problem) as refused:
        return _refused(request, fields, wanted, refused)
    answer = redirect(wanted or home_of(session.account.role))
    known = cookies.read_browser(request, context.settings.site)
    browser = await run_in_threadpool(browsers.recognise, context, session, known)
    cookies.write(answer, context.settings.site, session.secret)
    cookies.write_browser(answer, context.settings.site, browser)
    return answer


def _refused(request: Request, fields: dict[str, str], wanted: str, refused: InvalidRequest | Problem) -> Response:
    """Show the form again, with the reason; the password is never sent back."""
    if isinstance(refused, InvalidRequest):
        wrong, status = beside(refused.faults, FIELDS), INVALID
        shown = wrong
    else:  # no field is named: which one is wrong is nobody's business
        wrong, status, shown = {"login": str(refused.detail)}, refused.status, {}
    content = {"fields": {"login": fields.get("login", "")}, "wrong": wrong, "beside": shown, "next": wanted}
    answer = page(request, "sign_in", content | {"agents": _have_provider(request)}, status, SCRIPTED_HEADERS)
    if isinstance(refused, Problem) and refused.headers:
        answer.headers.update({name: each for name, each in refused.headers.items() if name == "Retry-After"})
    return answer


def _have_provider(request: Request) -> bool:
    """Whether agents sign in by a provider of identities, to which the page leads them."""
    return bool(context_of(request).settings.oidc_issuer)


@router.post("/sign-out")
async def sign_out(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Sign out."""
    fields = await form_fields(request)
    cookies.check_form(visitor.session or "", fields.get(cookies.FORM_FIELD))
    await run_in_threadpool(sign_in.sign_out, context, visitor.session or "")
    answer = redirect("/")
    cookies.erase(answer, context.settings.site)
    return answer


@router.get("/password")
async def password_form(request: Request, code: str = "") -> Response:
    """Show the form that requests a code, or the one that chooses a password with it."""
    content = {"fields": {"code": code[:100]}, "wrong": {}, "asking": not code, "least": passwords.MIN_LENGTH}
    return page(request, "password", content)


@router.post("/password/code")
async def send_password_code(context: AppContext, request: Request) -> Response:
    """Send a code, like `POST /api/v1/password/code`."""
    fields = await form_fields(request)
    try:
        body = read(TypeAdapter(LostPasswordBody), fields)
    except InvalidRequest as refused:
        content = {"fields": {"login": fields.get("login", "")}, "wrong": beside(refused.faults, FIELDS)}
        return page(request, "password", content | {"asking": True, "least": passwords.MIN_LENGTH}, INVALID)
    await rate_limits.in_constant_time(password_reset.send_code, context, body.login, context.origin(request))
    return page(request, "password_code_sent", {"minutes": CODE_MINUTES})


@router.post("/password")
async def choose_password(context: AppContext, request: Request) -> Response:
    """Choose a password, like `POST /api/v1/password`."""
    return await _choose(context, request, NewPasswordBody, password_reset.choose, ("password", "password_chosen"))


@router.get("/invitation")
async def invitation_form(request: Request, code: str = "") -> Response:
    """Show the form that accepts an invitation; the link in the mail fills in the code."""
    return page(request, "invitation", {"fields": {"code": code[:100]}, "wrong": {}, "least": passwords.MIN_LENGTH})


@router.post("/invitation")
async def accept(context: AppContext, request: Request) -> Response:
    """Accept an invitation or a mandate, like `POST /api/v1/invitations/acceptance`."""
    pages = ("invitation", "invitation_accepted")
    return await _choose(context, request, AcceptanceBody, invitations.accept, pages)


async def _choose(
    context: Context,
    request: Request,
    model: type[Body],
    act: Callable[[Context, Body, bytes], object],
    pages: tuple[str, str],
) -> Response:
    """Use up a code with a password, and show the second page; if they are invalid, the first with its errors."""
    fields = await form_fields(request)
    form, confirmation = pages
    try:
        done = await run_in_threadpool(act, context, read(TypeAdapter(model), fields), context.origin(request))
    except InvalidRequest as wrong:
        sentences = beside(wrong.faults, FIELDS)
        kept = kept_code(fields, sentences) | {name: fields[name] for name in CHOICES if name in fields}
        content = {"fields": kept, "wrong": sentences, "asking": False}
        return page(request, form, content | {"least": passwords.MIN_LENGTH}, INVALID)
    return page(request, confirmation, {"tokens": done if isinstance(done, list) else []})
