"""Pages of a decision that was taken: its signature, what became of it, taking it back before it is signed."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.decision import CancellationBody
from models.errors import Conflict, Unlawful
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import InvalidRequest, of_law
from starter.pages.agent.acts import INVALID, PATH, STALE, case_content, stands
from starter.pages.components.forms import beside, form_submission
from starter.pages.components.rendering import INTERACTIVE_HEADERS, page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.services import case_acts, decisions

router = APIRouter(include_in_schema=False)

SIGNING: Final = ("registered", "signed")


@router.get(f"{PATH}/decisions/{{decision_id}}")
def decision_page(
    context: AppContext, request: Request, visitor: SessionRequired, reference: str, decision_id: str
) -> Response:
    """Show what became of a decision; while it is being signed, the page asks again by itself."""
    state = case_acts.read_decision(context, visitor, reference, decision_id)
    signing = state.decision is not None and state.decision.state in SIGNING
    content = case_content(state.case, visitor) | {
        "decision": state.decision,
        "document": state.document,
        "signing": signing,
        "own": state.decision is not None and state.decision.agent_id == state.case.reader.id,
    }
    answer = page(request, "decision_state", content, headers=INTERACTIVE_HEADERS)
    if "hx-request" in request.headers and not signing:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.get(f"{PATH}/decisions/{{decision_id}}/cancellation")
def cancellation_page(
    context: AppContext, request: Request, visitor: SessionRequired, reference: str, decision_id: str
) -> Response:
    """Ask before a decision is taken back."""
    return _cancellation(context, request, visitor, reference, decision_id)


@router.post(f"{PATH}/decisions/{{decision_id}}/cancellation")
async def cancel(
    context: AppContext, request: Request, visitor: SessionOptional, reference: str, decision_id: str
) -> Response:
    """Take a decision back before it is signed, like `DELETE /api/v1/requests/{reference}/decision/{id}`."""

    async def take_back(form: TypedForm, session: PresentedCredential) -> Response:
        show = partial(_cancellation, context, request, session, reference, decision_id, form)
        if not form.fresh:
            return await run_in_threadpool(show)
        members = {"reason": form.fields["reason"]} if "reason" in form.fields else {}
        body = form_submission(CancellationBody, members)
        try:
            await run_in_threadpool(decisions.cancel, context, session, reference, decision_id, body)
        except (InvalidRequest, Unlawful) as refused:
            faults = of_law(refused.objections) if isinstance(refused, Unlawful) else refused.faults
            return await run_in_threadpool(show, beside(faults, {"/reason": "reason"}))
        except Conflict as conflict:
            case = await run_in_threadpool(case_acts.read, context, session, reference)
            return stands(request, session, case, conflict)
        return redirect(f"{PATH.format(reference=reference)}/decisions/{decision_id}")

    return await resumable(request, visitor, take_back)


def _cancellation(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    reference: str,
    decision_id: str,
    form: TypedForm | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    state = case_acts.read_decision(context, visitor, reference, decision_id)
    content = case_content(state.case, visitor) | {
        "decision": state.decision,
        "own": state.decision is not None and state.decision.agent_id == state.case.reader.id,
        "fields": form.fields if form else {},
        "wrong": wrong or {},
        "stale": STALE if form and not form.fresh else "",
    }
    return page(request, "decision_cancellation", content, INVALID if wrong else 200)
