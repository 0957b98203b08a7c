"""The page on which an agent attests the validity of a request, point by point, from a proposed list."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.decision import ChecklistBody
from models.errors import Conflict, QuotaReached
from models.store.journal.idempotency import digest
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import unknown
from starter.http.request_body import Submission
from starter.pages.agent.acts import PATH, STALE, case_content, stands, until_later
from starter.pages.agent.decision_forms import new_id
from starter.pages.components.form_keys import key_of
from starter.pages.components.forms import form_submission
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.services import case_acts, case_review
from starter.services.case_acts import CaseForActs

router = APIRouter(include_in_schema=False)


@router.get(f"{PATH}/checklist")
def checklist_page(
    context: AppContext, request: Request, visitor: SessionRequired, reference: str, done: str = ""
) -> Response:
    """Show the points of the request, those of the last checklist ticked."""
    return _show(context, request, visitor, reference, done=bool(done))


@router.post(f"{PATH}/checklist")
async def attest(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Attest the chosen points, like `POST /api/v1/requests/{reference}/checklist`; the others are kept as left out."""

    async def attest_points(form: TypedForm, session: PresentedCredential) -> Response:
        if not form.fresh:
            return await run_in_threadpool(_show, context, request, session, reference, form)
        case = await run_in_threadpool(case_acts.read, context, session, reference)
        try:
            act = partial(case_review.attest, context, session, reference, _submission(case, form))
            await run_in_threadpool(act)
        except Conflict as conflict:
            return stands(request, session, case, conflict)
        except QuotaReached as reached:
            show = partial(_show, context, request, session, reference, form, refused=reached.detail)
            return until_later(reached, await run_in_threadpool(show))
        return redirect(f"{PATH.format(reference=case.reference)}/checklist?done=1")

    return await resumable(request, visitor, attest_points)


def _submission(case: CaseForActs, form: TypedForm) -> Submission[ChecklistBody]:
    chosen = set(form.values("point"))
    if not chosen <= {each.value for each in case.points}:
        raise unknown()
    items = [
        {"code": each.value, "label": f"{each.label} ({each.article})", "attested": each.value in chosen}
        for each in case.points
    ]
    read = form_submission(ChecklistBody, {"items": items}).read
    return Submission(read, lambda: digest([case.reference, items]), key_of(form.fields, "id"))


def _show(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    reference: str,
    form: TypedForm | None = None,
    *,
    done: bool = False,
    refused: str = "",
) -> Response:
    case = case_acts.read(context, visitor, reference)
    attested = [each.code for each in case.checklist.items if each.attested] if case.checklist else []
    content = case_content(case, visitor) | {
        "id": new_id(),
        "points": [(each.value, each.label, f"Article {each.article}") for each in case.points],
        "chosen": form.values("point") if form else attested,
        "said": "La liste de validité est attestée : elle sera conservée avec la décision." if done else "",
        "wrong": {"form": refused} if refused else {},
        "stale": STALE if form and not form.fresh else "",
    }
    return page(request, "checklist", content)
