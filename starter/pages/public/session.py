"""Pages to sign in and out, to choose another password, to accept an invitation: plain forms."""

from collections.abc import Callable
from typing import Final, TypeVar

from fastapi import APIRouter, Request
from fastapi_problem.error import Problem
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.account import AcceptanceBody, LostPasswordBody, NewPasswordBody, SignInBody
from starter.auth import cookies, passwords, rate_limits
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import beside, form_fields
from starter.pages.components.rendering import SCRIPTED, page
from starter.pages.components.visitor import SessionRequired, onward, posted, see
from starter.services import invitations, password_reset, sign_in

router = APIRouter(include_in_schema=False)

Body = TypeVar("Body", bound=BaseModel)
FIELDS: Final = {f"/{name}": name for name in ("login", "password", "code")}
INVALID: Final = TITLES["invalid-input"][0]


@router.get("/sign-in")
async def sign_in_form(request: Request, next: str = "") -> Response:
    """Ask for an address and a password."""
    return page(request, "sign_in", {"fields": {}, "wrong": {}, "next": onward(next)}, headers=SCRIPTED)


@router.post("/sign-in")
async def submit_sign_in(context: AppContext, request: Request) -> Response:
    """Sign in, as `POST /api/v1/session` does, and go on to the page that was wanted."""
    cookies.check_origin(request, context.settings.site)
    fields = await form_fields(request)
    wanted = onward(fields.pop("next", None))
    try:
        body = read(TypeAdapter(SignInBody), fields)
        session = await run_in_threadpool(sign_in.sign_in, context, body, context.origin(request))
    except (InvalidRequest, Problem) as refused:
        return _not_in(request, fields, wanted, refused)
    answer = see(wanted)
    cookies.write(answer, context.settings.site, session.secret)
    return answer


def _not_in(
    request: Request, fields: dict[str, str], wanted: str, refused: InvalidRequest | Problem
) -> Response:
    """Show the form again; the password is never form_fields back."""
    if isinstance(refused, InvalidRequest):
        wrong, status = beside(refused.faults, FIELDS), INVALID
    else:
        wrong, status = {"login": str(refused.detail)}, refused.status
    login = {"login": fields.get("login", "")}
    answer = page(request, "sign_in", {"fields": login, "wrong": wrong, "next": wanted}, status, SCRIPTED)
    if isinstance(refused, Problem) and refused.headers:
        answer.headers.update({name: each for name, each in refused.headers.items() if name == "Retry-After"})
    return answer


@router.post("/sign-out")
async def sign_out(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Sign out."""
    await posted(request, visitor)
    await run_in_threadpool(sign_in.sign_out, context, visitor.session or "")
    answer = see("/")
    cookies.erase(answer, context.settings.site)
    return answer


@router.get("/password")
async def password_form(request: Request, code: str = "") -> Response:
    """Ask for a code, or for the password that a code lets one choose."""
    return page(
        request, "password", {"fields": {"code": code[:100]}, "wrong": {}, "least": passwords.MIN_LENGTH}
    )


@router.post("/password/code")
async def ask_password(context: AppContext, request: Request) -> Response:
    """Have a code form_fields, as `POST /api/v1/password/code` does."""
    body = read(TypeAdapter(LostPasswordBody), await form_fields(request))
    await rate_limits.in_constant_time(password_reset.send_code, context, body.login, context.origin(request))
    return page(request, "password_asked")


@router.post("/password")
async def choose_password(context: AppContext, request: Request) -> Response:
    """Choose a password, as `POST /api/v1/password` does."""
    return await _choose(
        context, request, NewPasswordBody, password_reset.choose, ("password", "password_chosen")
    )


@router.get("/invitation")
async def invitation_form(request: Request, code: str = "") -> Response:
    """Ask for the code of an invitation, which the link of the mail gives, and for a password."""
    return page(
        request, "invitation", {"fields": {"code": code[:100]}, "wrong": {}, "least": passwords.MIN_LENGTH}
    )


@router.post("/invitation")
async def accept(context: AppContext, request: Request) -> Response:
    """Accept an invitation or a mandate, as `POST /api/v1/invitations/acceptance` does."""
    pages = ("invitation", "invitation_accepted")
    return await _choose(context, request, AcceptanceBody, invitations.accept, pages)


async def _choose(
    context: Context,
    request: Request,
    model: type[Body],
    do: Callable[[Context, Body, bytes], object],
    pages: tuple[str, str],
) -> Response:
    """Use a code up with a password: show the form again beside what is wrong, or what is done."""
    fields = await form_fields(request)
    form, done = pages
    try:
        await run_in_threadpool(do, context, read(TypeAdapter(model), fields), context.origin(request))
    except InvalidRequest as wrong:
        content = {"fields": {"code": fields.get("code", "")}, "wrong": beside(wrong.faults, FIELDS)}
        return page(request, form, content | {"least": passwords.MIN_LENGTH}, INVALID)
    return page(request, done)
