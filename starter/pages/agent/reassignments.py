"""The page on which cases change hands in one act, with the reason: those ticked on the desk, or all of an agent."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.unit import ReassignmentBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.pages.agent.acts import STALE
from starter.pages.components.forms import beside, form_submission
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import assignments

router = APIRouter(include_in_schema=False)

PATH: Final = "/unit/reassignment"
INVALID: Final = TITLES["invalid-input"][0]
FIELDS: Final = {"/to_agent": "to_agent", "/reason": "reason"}
ASKED: Final = {"to_agent": "Choisissez un collègue.", "reason": "Dites pourquoi ces dossiers changent de mains."}
"""What to do about a field that was left empty."""
References = Annotated[list[str] | None, Query(alias="reference", max_length=200)]


@router.get(PATH)
def reassignment_page(
    context: AppContext,
    request: Request,
    visitor: SessionRequired,
    references: References = None,
    from_agent: str = "",
) -> Response:
    """Show the cases that would change hands."""
    pairs = [("from_agent", from_agent)] if from_agent else [("reference", each) for each in references or []]
    return _show(context, request, visitor, TypedForm(tuple(pairs)))


@router.post(PATH)
async def reassign(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Give them to the colleague, like `POST /api/v1/unit/reassignments`."""

    async def give(form: TypedForm, session: PresentedCredential) -> Response:
        show = partial(_show, context, request, session, form)
        if not form.fresh:
            return await run_in_threadpool(show)
        members = {name: form.fields[name] for name in ("from_agent", "to_agent", "reason") if name in form.fields}
        body = form_submission(ReassignmentBody, members | {"references": form.values("reference")})
        try:
            await run_in_threadpool(assignments.reassign, context, session, body)
        except InvalidRequest as refused:
            wrong = beside(refused.faults, FIELDS)
            missing = {name: ASKED[name] for name in ASKED if name in wrong and name not in form.fields}
            return await run_in_threadpool(show, wrong | missing)
        source = form.fields.get("from_agent")
        return redirect(f"/unit/agents/{source}?done=moved" if source else "/unit?done=moved")

    return await resumable(request, visitor, give)


def _show(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    form: TypedForm,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    from_agent = form.fields.get("from_agent", "")
    reading = assignments.read(context, visitor, form.values("reference"), from_agent)
    content = visitor_fields(reading.reader, visitor) | {
        "agent": reading.from_agent,
        "references": reading.references,
        "colleagues": [(each.id, each.name) for each in reading.colleagues],
        "fields": form.fields,
        "wrong": wrong or {},
        "stale": "" if form.fresh else STALE,
    }
    return page(request, "reassignment", content, INVALID if wrong else 200)
