"""Pages on which a signatory grants several requests at once: the cases chosen, their previews, what became of each."""

from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.texts import count_in_french, in_french
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.http.responses import pdf
from starter.pages.agent.acts import REFUSED, until_later
from starter.pages.agent.decision_forms import new_id
from starter.pages.components.rendering import INTERACTIVE_HEADERS, page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.services import batches
from starter.services.batches import BatchCase

router = APIRouter(include_in_schema=False)

DESK: Final = "/desk"
PATH: Final = f"{DESK}/batch"
INVALID: Final = TITLES["invalid-input"][0]
SIGNING: Final = ("registered", "signed")
STATES: Final = {
    "registered": ("Signature en cours", "info"),
    "signed": ("Notification en cours", "info"),
    "notified": ("Autorisation notifiée", "good"),
    "void": ("Décision caduque", "bad"),
    "cancelled": ("Décision reprise", "off"),
}
"""Label and tone of a decision's state."""
References = Annotated[list[str] | None, Query(alias="reference", max_length=500)]


@router.get(PATH)
def batch_page(
    context: AppContext, request: Request, visitor: SessionRequired, references: References = None
) -> Response:
    """Show the cases that were chosen on the desk, and which of them may be granted as they were asked."""
    return _chosen(context, request, visitor, new_id(), references or [])


@router.post(PATH)
async def grant_all(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Take the decisions, then lead to their results; the same batch again takes none twice."""

    async def take(form: TypedForm, session: PresentedCredential) -> Response:
        batch, chosen = form.fields.get("id", ""), form.values("reference")
        if not form.fresh:
            shown = form.values("listed") or chosen
            show = partial(_chosen, context, request, session, batch, shown, ticked=chosen, stale=True)
            return await run_in_threadpool(show)
        try:
            await run_in_threadpool(batches.grant_all, context, session, batch, chosen)
        except InvalidRequest as refused:
            wrong = refused.faults[0].message
            show = partial(_chosen, context, request, session, batch, form.values("listed"), ticked=chosen, wrong=wrong)
            return await run_in_threadpool(show)
        return redirect(f"{PATH}/{batch}?{urlencode([('reference', each) for each in chosen])}")

    return await resumable(request, visitor, take)


@router.post(f"{PATH}/preview")
async def preview(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Return the decision of one case as it would be signed, marked « PROJET »; nothing is registered."""

    async def compose(form: TypedForm, session: PresentedCredential) -> Response:
        batch, case = form.fields.get("id", ""), form.fields.get("preview", "")
        show = partial(
            _chosen, context, request, session, batch, form.values("listed"), ticked=form.values("reference")
        )
        if not form.fresh:
            return await run_in_threadpool(partial(show, stale=True))
        try:
            case, content = await batches.preview(context, session, batch, case)
        except REFUSED as refused:
            if isinstance(refused, InvalidRequest):
                raise
            wrong = f"{case} : {batches.sentence(refused)}"
            return until_later(refused, await run_in_threadpool(partial(show, wrong=wrong)))
        return pdf(content, f"{case}-projet.pdf")

    return await resumable(request, visitor, compose)


@router.get(f"{PATH}/preview")
def no_preview(visitor: SessionRequired) -> Response:
    """Lead to the desk: a preview is the answer to a form, and its address alone says of no case."""
    return redirect(DESK)


@router.get(f"{PATH}/{{batch}}")
def results_page(
    context: AppContext, request: Request, visitor: SessionRequired, batch: str, references: References = None
) -> Response:
    """Show what became of each case of a batch, as the register has it; the page asks again while any is signed."""
    cases = batches.read_batch(context, visitor, batch, references or [])
    signing = any(each.decision is not None and each.decision.state in SIGNING for each in cases)
    again = f"{PATH}/{batch}?{urlencode([('reference', each.reference) for each in cases])}"
    content: dict[str, object] = {
        "rows": [_row(each) for each in cases],
        "batch": batch,
        "again": again,
        "left": [each.reference for each in cases if each.decision is None and not each.obstacle],
        "done": sum(each.decision is not None and each.decision.state == "notified" for each in cases),
        "signing": signing,
    }
    answer = page(request, "batch_results", content, headers=INTERACTIVE_HEADERS)
    if "hx-request" in request.headers and not signing:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _chosen(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    batch: str,
    references: list[str],
    *,
    ticked: list[str] | None = None,
    wrong: str = "",
    stale: bool = False,
) -> Response:
    """Show the cases; those that carry a signal are to be ticked by hand, again if they were in another session."""
    cases: list[BatchCase] = []
    try:
        cases = batches.read_batch(context, visitor, batch, references)
    except InvalidRequest as refused:
        wrong = wrong or refused.faults[0].message
    simple = _simple(cases)
    content = {
        "batch": batch,
        "rows": [_row(each) for each in cases],
        "ticked": simple if ticked is None else [each for each in ticked if not stale or each in simple],
        "wrong": {"reference": wrong} if wrong else {},
        "stale": stale and not wrong,
        "most": batches.MAX_CASES,
    }
    return page(request, "batch", content, INVALID if wrong else 200)


def _simple(cases: list[BatchCase]) -> list[str]:
    return [each.reference for each in cases if not each.obstacle and each.case and not each.case.signals]


def _row(each: BatchCase) -> dict[str, object]:
    asked = each.case.requested if each.case else None
    decision = each.decision
    return {
        "reference": each.reference,
        "known": each.case is not None,
        "name": each.case.name if each.case else "",
        "terms": asked
        and f"{count_in_french(asked.employees, 'salarié')}, {count_in_french(asked.hours, 'heure')}, "
        f"du {in_french(asked.start_on)} au {in_french(asked.end_on)}",
        "signals": each.case.signals if each.case else (),
        "obstacle": each.obstacle,
        "decision": decision and decision.id,
        "state": STATES[decision.state] if decision else None,
    }
