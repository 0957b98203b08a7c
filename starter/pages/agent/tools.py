"""The page on which an agent makes tokens for tools of theirs, once a head allows it; a token is shown once."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.calendar import local
from law.directory import PARIS
from law.texts import end_in_french, in_french, instant_in_french
from models.bodies.unit import ToolTokenBody
from models.errors import KeyReused, NotAllowed, QuotaReached, Unknown
from models.labels import TokenScope
from models.store.people.tokens import TokenRecord
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.pages.agent.acts import STALE
from starter.pages.components.form_keys import REUSED, key_of, keyed_submission, new_key
from starter.pages.components.forms import beside, french_days
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.session_forms import later
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import tool_tokens
from starter.services.tokens import IssuedToken

router = APIRouter(include_in_schema=False)

PATH: Final = "/unit/tools"
INVALID: Final = TITLES["invalid-input"][0]
FIELDS: Final = ("label", "scope", "until_on")
ASKED: Final = {
    "label": "Indiquez l’outil qui se servira du jeton.",
    "scope": "Choisissez ce que le jeton permet.",
    "until_on": "Indiquez le dernier jour du jeton.",
}
"""What to do about a field that was left empty."""


@router.get(PATH)
def tools_page(context: AppContext, request: Request, visitor: SessionRequired, done: str = "") -> Response:
    """Show the tokens in force, and the form of a new one."""
    return _show(context, request, visitor, said="Le jeton est révoqué." if done else "")


@router.post(PATH)
async def issue(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Make a token, like `POST /api/v1/tool-tokens`, and show it: no other page ever will."""

    async def make(form: TypedForm, session: PresentedCredential) -> Response:
        show = partial(_show, context, request, session, form=form)
        if not form.fresh:
            return await run_in_threadpool(show)
        typed = french_days(form.fields, ("until_on",))
        body = keyed_submission(
            ToolTokenBody, PATH, {name: typed[name] for name in FIELDS if name in typed}, form.fields
        )
        try:
            issued = await run_in_threadpool(tool_tokens.issue, context, session, body)
        except InvalidRequest as refused:
            wrong = beside(refused.faults, {f"/{name}": name for name in FIELDS})
            wrong |= {name: ASKED[name] for name in FIELDS if name in wrong and name not in form.fields}
            return await run_in_threadpool(partial(show, wrong=wrong))
        except KeyReused as reused:
            wrong = {"form": reused.detail or REUSED}
            return await run_in_threadpool(partial(show, wrong=wrong, key=new_key()))
        except NotAllowed as refused:
            return await run_in_threadpool(partial(show, wrong={"form": refused.detail}))
        except QuotaReached as reached:
            shown = await run_in_threadpool(partial(show, wrong={"form": reached.detail}))
            return later(shown, str(reached.retry_after))
        return await run_in_threadpool(_show, context, request, session, issued=issued)

    return await resumable(request, visitor, make)


@router.get(f"{PATH}/{{token_id}}/revocation")
def revocation_page(context: AppContext, request: Request, visitor: SessionRequired, token_id: str) -> Response:
    """Ask before a token is revoked."""
    reading = tool_tokens.read(context, visitor)
    token = next((each for each in reading.tokens if each.id == token_id), None)
    if token is None:
        raise Unknown(token_id)
    content = visitor_fields(reading.reader, visitor) | {
        "title": f"Révoquer le jeton « {token.label} » ?",
        "consequence": "L’outil qui s’en sert ne pourra plus ni lire ni agir en votre nom, tout de suite.",
        "button": "Révoquer ce jeton",
        "back": PATH,
    }
    return page(request, "unit_question", content)


@router.post(f"{PATH}/{{token_id}}/revocation")
async def revoke(context: AppContext, request: Request, visitor: SessionOptional, token_id: str) -> Response:
    """Revoke a token, like `DELETE /api/v1/tool-tokens/{id}`."""

    async def end(form: TypedForm, session: PresentedCredential) -> Response:
        if not form.fresh:
            return redirect(request.url.path)
        await run_in_threadpool(tool_tokens.revoke, context, session, token_id)
        return redirect(f"{PATH}?done=revoked")

    return await resumable(request, visitor, end)


def _show(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    *,
    form: TypedForm | None = None,
    wrong: Mapping[str, str] | None = None,
    said: str = "",
    issued: IssuedToken | None = None,
    key: str = "",
) -> Response:
    reading = tool_tokens.read(context, visitor)
    content = visitor_fields(reading.reader, visitor) | {
        "allowed": reading.allowed,
        "strong": reading.strong,
        "scopes": [(each.value, each.label.capitalize()) for each in reading.scopes],
        "tokens": [(each, *_said(each)) for each in reading.tokens],
        "latest": reading.latest_on,
        "fields": form.fields if form else {"scope": TokenScope.READ.value},
        "wrong": wrong or {},
        "said": said,
        "key": key or (key_of(form.fields) if form else new_key()),
        "secret": issued.secret if issued else "",
        "stale": STALE if form and not form.fresh else "",
    }
    answer = page(request, "tools", content, INVALID if wrong else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(token: TokenRecord) -> tuple[str, str]:
    """Return until when a token works, and when it last did."""
    until = f"jusqu’au {end_in_french(local(token.expires_at, PARIS))}" if token.expires_at else "sans fin"
    used = f"utilisé le {instant_in_french(local(token.used_at, PARIS))}" if token.used_at else "jamais utilisé"
    return f"{until}, créé le {in_french(local(token.created_at, PARIS).date())}", used
