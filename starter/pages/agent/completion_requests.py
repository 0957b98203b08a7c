"""Pages on which an agent requests missing pieces: the form, what would be sent, the act, taking it back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.completion import Piece, piece_name
from models.bodies.completion import CompletionRequestBody
from models.errors import Conflict, NotAllowed, QuotaReached, Unlawful
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import of_law
from starter.http.request_body import Submission
from starter.http.responses import pdf
from starter.pages.agent import piece_forms
from starter.pages.agent.acts import INVALID, PATH, REFUSED, STALE, Refused, case_content, stands, until_later
from starter.pages.agent.decision_forms import new_id
from starter.pages.components.rendering import FORM_HEADERS, INTERACTIVE_HEADERS, page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.services import case_acts, completion_requests
from starter.services.case_acts import CaseForActs

Sent = Submission[CompletionRequestBody]

router = APIRouter(include_in_schema=False)


@router.get(f"{PATH}/pieces")
def pieces_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Show the pieces that may be requested in this case."""
    return _shown(request, visitor, case_acts.read(context, visitor, reference), TypedForm((("id", new_id()),)))


@router.post(f"{PATH}/pieces")
async def check(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Show what the employer would be asked for, or what is wrong in the form; nothing is registered."""

    async def checked(form: TypedForm, session: PresentedCredential) -> Response:
        return await run_in_threadpool(_check, context, request, session, reference, form)

    return await resumable(request, visitor, checked)


@router.post(f"{PATH}/pieces/request")
async def ask(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Request the pieces, like `POST /api/v1/requests/{reference}/completion-requests`."""

    async def send(case: CaseForActs, session: PresentedCredential, submission: Sent) -> Response:
        asked = await completion_requests.request_completion(context, session, reference, submission)
        return redirect(f"{PATH.format(reference=case.reference)}/pieces/{asked.id}")

    return await resumable(request, visitor, partial(_act, context, request, reference, send))


@router.post(f"{PATH}/pieces/preview")
async def preview(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Return the request for pieces as it would be sealed, marked « PROJET »."""

    async def compose(case: CaseForActs, session: PresentedCredential, submission: Sent) -> Response:
        _, content = await completion_requests.preview(context, session, reference, submission)
        return pdf(content, f"{case.reference}-projet.pdf")

    return await resumable(request, visitor, partial(_act, context, request, reference, compose))


async def _act(
    context: Context,
    request: Request,
    reference: str,
    act: Callable[[CaseForActs, PresentedCredential, Sent], Awaitable[Response]],
    form: TypedForm,
    session: PresentedCredential,
) -> Response:
    """Do what a form asks for; an old form, or one that is refused, is shown again as it was typed."""
    case = await run_in_threadpool(case_acts.read, context, session, reference)
    if not form.fresh:
        return _shown(request, session, case, form)
    pieces = piece_forms.chosen(form, tuple(Piece))
    try:
        return await act(case, session, piece_forms.submission(reference, form, pieces))
    except REFUSED as refused:
        return _refused(request, session, case, form, pieces, refused)


def _check(
    context: Context, request: Request, visitor: PresentedCredential, reference: str, form: TypedForm
) -> Response:
    case = case_acts.read(context, visitor, reference)
    if not form.fresh or form.fields.get("do") == "edit":
        return _shown(request, visitor, case, form)
    pieces = piece_forms.chosen(form, tuple(Piece))
    submission = piece_forms.submission(reference, form, pieces)
    try:
        record = completion_requests.rehearse(context, visitor, reference, submission)
    except REFUSED as refused:
        return _refused(request, visitor, case, form, pieces, refused)
    content = case_content(case, visitor) | {
        "asked": record,
        "named": [(piece_name(each.code, each.label), each.text_reference) for each in record.pieces],
        "pairs": [(name, value) for name, value in form.pairs if name != "do"],
    }
    return page(request, "pieces_check", content)


def _refused(
    request: Request,
    visitor: PresentedCredential,
    case: CaseForActs,
    form: TypedForm,
    pieces: Sequence[Piece],
    refused: Refused,
) -> Response:
    """Show what is wrong beside its field, or what stands in the way of any request for pieces."""
    if isinstance(refused, Conflict) and refused.slug == "decision-id-reused":  # sent before, then changed
        return redirect(f"{PATH.format(reference=case.reference)}/pieces/{quote(form.fields.get('id', ''), safe='')}")
    if isinstance(refused, Conflict):
        return stands(request, visitor, case, refused)
    if isinstance(refused, NotAllowed | QuotaReached):
        return until_later(refused, _shown(request, visitor, case, form, {"form": refused.detail}))
    faults = of_law(refused.objections) if isinstance(refused, Unlawful) else refused.faults
    return _shown(request, visitor, case, form, piece_forms.wrong(faults, pieces))


def _shown(
    request: Request,
    visitor: PresentedCredential,
    case: CaseForActs,
    form: TypedForm,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    content = case_content(case, visitor) | {
        "fields": form.fields,
        "chosen": form.values("pieces"),
        "precision": piece_forms.precision,
        "earliest": (case.today + timedelta(days=1)).isoformat(),
        "latest": case.latest_due_on.isoformat(),
        "wrong": wrong or {},
        "stale": "" if form.fresh else STALE,
    }
    return page(request, "pieces_form", content, INVALID if wrong else 200, FORM_HEADERS)


@router.get(f"{PATH}/pieces/{{completion_id}}")
def pieces_state(
    context: AppContext, request: Request, visitor: SessionRequired, reference: str, completion_id: str
) -> Response:
    """Show what became of a request for pieces; while it is being signed, the page asks again by itself."""
    content = _state(context, visitor, reference, completion_id)
    answer = page(request, "pieces_state", content, headers=INTERACTIVE_HEADERS)
    if "hx-request" in request.headers and not content["signing"]:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.get(f"{PATH}/pieces/{{completion_id}}/cancellation")
def cancellation_page(
    context: AppContext, request: Request, visitor: SessionRequired, reference: str, completion_id: str
) -> Response:
    """Ask before a request for pieces is taken back."""
    return page(request, "pieces_cancellation", _state(context, visitor, reference, completion_id))


@router.post(f"{PATH}/pieces/{{completion_id}}/cancellation")
async def cancel(
    context: AppContext, request: Request, visitor: SessionOptional, reference: str, completion_id: str
) -> Response:
    """Take it back, like `DELETE /api/v1/requests/{reference}/completion-requests/{id}`."""
    address = f"{PATH.format(reference=quote(reference, safe=''))}/pieces/{quote(completion_id, safe='')}"

    async def take_back(form: TypedForm, session: PresentedCredential) -> Response:
        if not form.fresh:
            return redirect(f"{address}/cancellation")
        act = partial(completion_requests.cancel, context, session, reference, completion_id)
        try:
            await run_in_threadpool(act)
        except Conflict as conflict:
            case = await run_in_threadpool(case_acts.read, context, session, reference)
            return stands(request, session, case, conflict)
        return redirect(address)

    return await resumable(request, visitor, take_back)


def _state(context: Context, visitor: PresentedCredential, reference: str, completion_id: str) -> dict[str, object]:
    state = case_acts.read_completion(context, visitor, reference, completion_id)
    asked = state.completion
    return case_content(state.case, visitor) | {
        "asked": asked,
        "named": [(piece_name(each.code, each.label), each.text_reference) for each in asked.pieces] if asked else [],
        "supplied": asked.supplied if asked else {},
        "document": state.document,
        "signing": asked is not None and asked.state == "registered",
        "may_cancel": state.case.power("grant") is not None,
    }
