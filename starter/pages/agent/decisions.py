"""Pages on which an agent decides: the form, what would be signed, the act, its signature, taking it back."""

from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.errors import Conflict, NotAllowed, QuotaReached, Unlawful
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import of_law, unknown
from starter.http.responses import pdf
from starter.pages.agent import decision_forms
from starter.pages.agent.acts import INVALID, PATH, REFUSED, STALE, Refused, case_content, stands, until_later
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.services import case_acts, decisions
from starter.services.case_acts import CaseForActs

router = APIRouter(include_in_schema=False)

OUTCOMES: Final = ("grant", "refusal")


@router.get(f"{PATH}/grant")
def grant_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Show the form of a grant, filled in with what was asked for."""
    return _empty(context, request, visitor, reference, "grant")


@router.get(f"{PATH}/refusal")
def refusal_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Show the form of a refusal."""
    return _empty(context, request, visitor, reference, "refusal")


@router.post(f"{PATH}/grant")
async def check_grant(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Show what a grant would be, or what is wrong in its form; nothing is registered."""
    return await resumable(request, visitor, partial(_check, context, request, reference, "grant"))


@router.post(f"{PATH}/refusal")
async def check_refusal(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Show what a refusal would be, or what is wrong in its form; nothing is registered."""
    return await resumable(request, visitor, partial(_check, context, request, reference, "refusal"))


@router.post(f"{PATH}/decision")
async def decide(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Take the decision, like `POST /api/v1/requests/{reference}/decision`; the same id again is the same decision."""

    async def take(form: TypedForm, session: PresentedCredential) -> Response:
        outcome = _outcome(form)
        if not form.fresh:
            return await run_in_threadpool(_form, context, request, session, reference, outcome, form)
        submission = decision_forms.submission(reference, outcome, form)
        try:
            decision = await decisions.decide(context, session, reference, submission)
        except REFUSED as refused:
            return await run_in_threadpool(_refused, context, request, session, reference, outcome, form, refused)
        return redirect(f"{PATH.format(reference=reference)}/decisions/{decision.id}")

    return await resumable(request, visitor, take)


@router.post(f"{PATH}/decision/preview")
async def preview(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Return the decision as it would be signed, marked « PROJET »."""

    async def compose(form: TypedForm, session: PresentedCredential) -> Response:
        outcome = _outcome(form)
        if not form.fresh:
            return await run_in_threadpool(_form, context, request, session, reference, outcome, form)
        submission = decision_forms.submission(reference, outcome, form)
        try:
            case, content = await decisions.preview(context, session, reference, submission)
        except REFUSED as refused:
            return await run_in_threadpool(_refused, context, request, session, reference, outcome, form, refused)
        return pdf(content, f"{case}-projet.pdf")

    return await resumable(request, visitor, compose)


async def _check(
    context: Context, request: Request, reference: str, outcome: str, form: TypedForm, visitor: PresentedCredential
) -> Response:
    return await run_in_threadpool(_checked, context, request, visitor, reference, outcome, form)


def _checked(
    context: Context, request: Request, visitor: PresentedCredential, reference: str, outcome: str, form: TypedForm
) -> Response:
    if not form.fresh or form.fields.get("do") in ("edit", "models"):
        return _form(context, request, visitor, reference, outcome, form)
    try:
        rehearsal = decisions.rehearse(context, visitor, reference, decision_forms.submission(reference, outcome, form))
    except REFUSED as refused:
        return _refused(context, request, visitor, reference, outcome, form, refused)
    case = case_acts.read(context, visitor, reference)
    content = case_content(case, visitor) | {
        "outcome": outcome,
        "decision": rehearsal.decision,
        "power": case.power(outcome),
        "fields": form.fields,
        "in_law": decision_forms.sentences(form, "in_law"),
        "in_fact": decision_forms.sentences(form, "in_fact"),
    }
    return page(request, "decision_check", content)


def _empty(context: Context, request: Request, visitor: PresentedCredential, reference: str, outcome: str) -> Response:
    case = case_acts.read(context, visitor, reference)
    fields = {"id": decision_forms.new_id()}
    if outcome == "grant":
        fields |= decision_forms.as_asked(case.requested)
    return _shown(request, visitor, case, outcome, fields)


def _form(
    context: Context, request: Request, visitor: PresentedCredential, reference: str, outcome: str, form: TypedForm
) -> Response:
    """Show the form as it was typed, with the models that it asks for."""
    case = case_acts.read(context, visitor, reference)
    inserted = form.fresh and form.fields.get("do") == "models"
    fields = decision_forms.with_models(form, case.models) if inserted else form.fields
    said = "Les phrases proposées sont insérées : complétez chaque « […] »." if inserted else ""
    return _shown(request, visitor, case, outcome, fields, chosen=form.values("basis"), said=said, stale=not form.fresh)


def _refused(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    reference: str,
    outcome: str,
    form: TypedForm,
    refused: Refused,
) -> Response:
    """Show what is wrong beside its field, or what stands in the way of any decision."""
    if isinstance(refused, Conflict) and refused.slug == "decision-id-reused":  # sent before, then changed
        return redirect(f"{PATH.format(reference=reference)}/decisions/{quote(form.fields.get('id', ''), safe='')}")
    case = case_acts.read(context, visitor, reference)
    if isinstance(refused, Conflict):
        return stands(request, visitor, case, refused)
    if isinstance(refused, NotAllowed | QuotaReached):
        wrong = {"form": refused.detail}
    else:
        faults = of_law(refused.objections) if isinstance(refused, Unlawful) else refused.faults
        wrong = decision_forms.wrong(faults, form)
    shown = _shown(request, visitor, case, outcome, form.fields, chosen=form.values("basis"), wrong=wrong)
    return until_later(refused, shown)


def _shown(
    request: Request,
    visitor: PresentedCredential,
    case: CaseForActs,
    outcome: str,
    fields: Mapping[str, str],
    *,
    chosen: list[str] | None = None,
    wrong: Mapping[str, str] | None = None,
    said: str = "",
    stale: bool = False,
) -> Response:
    content = case_content(case, visitor) | {
        "outcome": outcome,
        "fields": fields,
        "chosen": chosen or [],
        "wrong": wrong or {},
        "said": said,
        "stale": STALE if stale else "",
    }
    return page(request, "decision_form", content, INVALID if wrong else 200, FORM_HEADERS)


def _outcome(form: TypedForm) -> str:
    outcome = form.fields.get("outcome", "")
    if outcome not in OUTCOMES:
        raise unknown()
    return outcome
