"""The page that ends a decision that raises a quota of hours: what it was, why it ends, the act."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.claims_review import QuotaEndBody
from models.errors import KeyReused, NotAllowed, Unknown
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import InvalidRequest
from starter.pages.agent.acts import INVALID, STALE
from starter.pages.agent.quota_exceptions import PATH, may_act, said_of
from starter.pages.components.form_keys import REUSED, key_of, keyed_submission, new_key
from starter.pages.components.forms import beside
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import quota_exceptions

router = APIRouter(include_in_schema=False)

END: Final = f"{PATH}/{{exception_id}}/end"


@router.get(END)
def end_page(context: AppContext, request: Request, visitor: SessionRequired, exception_id: str) -> Response:
    """Ask why a decision ends, and say what follows."""
    return _show(context, request, visitor, exception_id)


@router.post(END)
async def end(context: AppContext, request: Request, visitor: SessionOptional, exception_id: str) -> Response:
    """End a decision, like `POST /api/v1/quota-exceptions/{id}/end`."""

    async def act(form: TypedForm, session: PresentedCredential) -> Response:
        show = partial(_show, context, request, session, exception_id, form)
        if not form.fresh:
            return await run_in_threadpool(show)
        members: dict[str, object] = {"reason": form.fields["reason"]} if "reason" in form.fields else {}
        body = keyed_submission(QuotaEndBody, request.url.path, members, form.fields)
        try:
            await run_in_threadpool(quota_exceptions.end, context, session, exception_id, body)
        except InvalidRequest as refused:
            return await run_in_threadpool(partial(show, beside(refused.faults, {"/reason": "reason"})))
        except NotAllowed as refused:
            return await run_in_threadpool(partial(show, {"form": refused.detail}))
        except KeyReused as reused:
            return await run_in_threadpool(partial(show, {"form": reused.detail or REUSED}, key=new_key()))
        return redirect(f"{PATH}?done=ended")

    return await resumable(request, visitor, act)


def _show(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    exception_id: str,
    form: TypedForm | None = None,
    wrong: Mapping[str, str] | None = None,
    *,
    key: str = "",
) -> Response:
    reading = quota_exceptions.read(context, visitor)
    given = next((each for each in reading.exceptions if each.id == exception_id and not each.ended_at), None)
    if given is None or not may_act(reading.reader):
        raise Unknown(exception_id)
    hours, about, decided = said_of(given)
    content = visitor_fields(reading.reader, visitor) | {
        "back": PATH,
        "hours": hours,
        "about": about,
        "decided": decided,
        "fields": form.fields if form else {},
        "wrong": wrong or {},
        "stale": STALE if form and not form.fresh else "",
        "key": key or (key_of(form.fields) if form else new_key()),
    }
    return page(request, "quota_end", content, INVALID if wrong else 200)
