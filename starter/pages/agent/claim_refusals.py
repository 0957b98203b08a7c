"""Pages on which a signatory refuses a claim: the grounds, what will be said, the act."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.reasons import CLAIM_BASES
from models.bodies.claims_review import ClaimRefusalBody
from models.errors import Conflict, NotAllowed, Unlawful
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest, of_law
from starter.http.request_body import Submission
from starter.http.responses import pdf
from starter.pages.agent import claim_page, decision_forms
from starter.pages.agent.acts import INVALID, STALE
from starter.pages.agent.claim_list import PATH
from starter.pages.components.forms import form_submission
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.services import claim_desk, claim_visas

router = APIRouter(include_in_schema=False)

REFUSED: Final = (InvalidRequest, Unlawful, NotAllowed, Conflict)


@router.get(f"{PATH}/{{claim_id}}/refusal")
def refusal_page(context: AppContext, request: Request, visitor: SessionRequired, claim_id: str) -> Response:
    """Show the form of a refusal."""
    return _form(context, request, visitor, claim_id, {})


@router.post(f"{PATH}/{{claim_id}}/refusal")
async def check(context: AppContext, request: Request, visitor: SessionOptional, claim_id: str) -> Response:
    """Show what a refusal would say, or what is wrong in its form; nothing is registered."""
    return await resumable(request, visitor, partial(_in_thread, partial(_check, context, request, claim_id)))


@router.post(f"{PATH}/{{claim_id}}/refusal/preview")
async def preview(context: AppContext, request: Request, visitor: SessionOptional, claim_id: str) -> Response:
    """Return the refusal as it would be signed, marked « PROJET »."""

    async def compose(form: TypedForm, session: PresentedCredential) -> Response:
        if not form.fresh:
            return await run_in_threadpool(_form, context, request, session, claim_id, form.fields, stale=True)
        try:
            case, content = await claim_visas.preview_refusal(context, session, claim_id, _submission(form))
        except REFUSED as refused:
            return await run_in_threadpool(_refused, context, request, session, claim_id, form, refused)
        return pdf(content, f"{case}-projet.pdf")

    return await resumable(request, visitor, compose)


@router.post(f"{PATH}/{{claim_id}}/refusal/registration")
async def refuse(context: AppContext, request: Request, visitor: SessionOptional, claim_id: str) -> Response:
    """Register the refusal, like `POST /api/v1/claims/{id}/refusal`; the same again is the same refusal."""
    return await resumable(request, visitor, partial(_in_thread, partial(_refuse, context, request, claim_id)))


async def _in_thread(serve: "partial[Response]", form: TypedForm, session: PresentedCredential) -> Response:
    return await run_in_threadpool(serve, form, session)


def _check(
    context: Context, request: Request, claim_id: str, form: TypedForm, session: PresentedCredential
) -> Response:
    if not form.fresh or form.fields.get("do") == "edit":
        return _form(context, request, session, claim_id, form.fields, stale=not form.fresh)
    try:
        claim_visas.check_refusal(context, session, claim_id, _submission(form))
    except REFUSED as refused:
        return _refused(context, request, session, claim_id, form, refused)
    read = claim_desk.read(context, session, claim_id)
    content = claim_page.content(read, session) | {
        "fields": form.fields,
        "in_law": decision_forms.sentences(form, "in_law"),
        "in_fact": decision_forms.sentences(form, "in_fact"),
    }
    return page(request, "claim_refusal_check", content)


def _refuse(
    context: Context, request: Request, claim_id: str, form: TypedForm, session: PresentedCredential
) -> Response:
    if not form.fresh:
        return _form(context, request, session, claim_id, form.fields, stale=True)
    try:
        registered = claim_visas.refuse(context, session, claim_id, _submission(form))
    except REFUSED as refused:
        return _refused(context, request, session, claim_id, form, refused)
    return redirect(f"{PATH}/{registered.id}?done=refusal")


def _submission(form: TypedForm) -> Submission[ClaimRefusalBody]:
    grounds = [*decision_forms.sentences(form, "in_law"), *decision_forms.sentences(form, "in_fact")]
    return form_submission(ClaimRefusalBody, {"grounds": grounds})


def _refused(
    context: Context,
    request: Request,
    session: PresentedCredential,
    claim_id: str,
    form: TypedForm,
    refused: InvalidRequest | Unlawful | NotAllowed | Conflict,
) -> Response:
    if isinstance(refused, NotAllowed | Conflict):
        status = TITLES[refused.slug][0] if isinstance(refused, Conflict) else INVALID
        return _form(context, request, session, claim_id, form.fields, wrong={"form": refused.detail}, status=status)
    faults: Sequence = of_law(refused.objections) if isinstance(refused, Unlawful) else refused.faults  # type: ignore[type-arg]
    wrong = decision_forms.wrong(faults, form)
    return _form(context, request, session, claim_id, form.fields, wrong=wrong, status=INVALID)


def _form(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    claim_id: str,
    fields: Mapping[str, str],
    *,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
    stale: bool = False,
) -> Response:
    read = claim_desk.read(context, visitor, claim_id)
    content = claim_page.content(read, visitor) | {
        "fields": fields,
        "wrong": wrong or {},
        "stale": STALE if stale else "",
        "bases": [(each.label, each.article) for each in CLAIM_BASES],
    }
    return page(request, "claim_refusal", content, status, FORM_HEADERS)
