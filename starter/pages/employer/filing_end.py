"""The last pages of a draft: what is left to do, « Vérifiez vos réponses », the filing and what it begins, deletion."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from law.directory import department
from law.texts import end_in_french, in_french, instant_in_french
from models.errors import Conflict
from models.labels import DocumentKind
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import InvalidRequest
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying
from starter.pages.components.session_forms import session_act, session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.pages.employer import filing_steps as steps
from starter.pages.employer.filing_answers import answers, stray
from starter.pages.employer.filing_frame import base, digest, ended, framed, show
from starter.services import draft_review, drafts, requests
from starter.services.draft_review import DraftReading

router = APIRouter(include_in_schema=False)

DRAFT: Final = "/requests/new/{draft_id}"
NOTHING_TYPED: Final[Mapping[str, str]] = MappingProxyType({})
CHANGED: Final = (
    "Vos réponses ont changé dans une autre fenêtre depuis que cette page est ouverte : relisez-les avant de déposer."
)


@router.get(DRAFT)
def tasks_page(context: AppContext, request: Request, visitor: SessionRequired, draft_id: str) -> Response:
    """Show where a draft stands, step by step: this is where one comes back to it."""
    reading = draft_review.read(context, visitor, draft_id)
    return ended(request, visitor, reading) or _page(request, visitor, reading, "tasks", {})


@router.get(f"{DRAFT}/{steps.CHECK}")
def check_page(context: AppContext, request: Request, visitor: SessionRequired, draft_id: str) -> Response:
    """Show every answer, with a link that changes each, and what is to be confirmed."""
    reading = draft_review.read(context, visitor, draft_id)
    return ended(request, visitor, reading) or _page(request, visitor, reading, steps.CHECK, {})


@router.get(f"{DRAFT}/filing")
async def filing_page(draft_id: str) -> Response:
    """Lead back to the check: somebody signed in again after sending the form."""
    return redirect(f"{base(draft_id)}/{steps.CHECK}")


@router.post(f"{DRAFT}/filing")
async def file_draft(context: AppContext, request: Request, visitor: SessionOptional, draft_id: str) -> Response:
    """File the draft, like `POST /api/v1/drafts/{id}/filing`: once, however often it is sent."""

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        reading = draft_review.read(context, session, draft_id)
        return ended(request, session, reading) or _page(request, session, reading, steps.CHECK, wrong, form.fields)

    return await session_form(request, visitor, partial(_file, context, request, draft_id), again)


def _file(context: Context, request: Request, draft_id: str, form: TypedForm, visitor: PresentedCredential) -> Response:
    fields = form.fields
    reading = draft_review.read(context, visitor, draft_id)
    if end := ended(request, visitor, reading):
        return end
    wrong = {}
    if fields.get("seen") != digest(reading.draft.content):
        wrong["form"] = CHANGED
    elif reading.odd and "confirmed" not in fields:
        wrong["confirmed"] = "Confirmez ces points, ou corrigez-les."
    if not wrong:
        try:
            filed = drafts.file_draft(context, visitor, draft_id, f"page-{draft_id}")
            return redirect(f"/requests/{filed.reference}/filed")
        except InvalidRequest as refused:
            wrong["form"] = " ".join(dict.fromkeys(each.message for each in refused.faults))
        except Conflict as conflict:
            if conflict.slug == "draft-ended":  # filed or lapsed meanwhile
                return redirect(base(draft_id))
            wrong["form"] = conflict.detail
        reading = draft_review.read(context, visitor, draft_id)
    return _page(request, visitor, reading, steps.CHECK, wrong, fields)


def _page(
    request: Request,
    visitor: PresentedCredential,
    reading: DraftReading,
    name: str,
    wrong: Mapping[str, str],
    fields: Mapping[str, str] = NOTHING_TYPED,
) -> Response:
    content = framed(reading.reader, reading.own, reading.window, visitor, steps.CHECK, reading)
    answered = answers(reading)
    left = [each for each in answered if each.tone != "good"]
    content |= {
        "answered": answered,
        "left": left,
        "stray": stray(reading),
        "resume": left[0].href if left else f"{base(reading.draft.id)}/{steps.CHECK}",
        "odd": [each.told for each in reading.odd],
        "seen": digest(reading.draft.content),
    }
    kept = fields if fields.get("seen") == content["seen"] else NOTHING_TYPED
    return show(request, name, content, kept, wrong)


@router.get(f"{DRAFT}/deletion")
def deletion_page(context: AppContext, request: Request, visitor: SessionRequired, draft_id: str) -> Response:
    """Ask before a draft is deleted."""
    reading = draft_review.read(context, visitor, draft_id)
    content = framed(reading.reader, reading.own, reading.window, visitor, steps.CHECK, reading)
    return ended(request, visitor, reading) or show(request, "deletion", content, {}, {})


@router.post(f"{DRAFT}/deletion")
async def delete_draft(context: AppContext, request: Request, visitor: SessionOptional, draft_id: str) -> Response:
    """Delete a draft, like `DELETE /api/v1/drafts/{id}`; one that has ended meanwhile is shown as it is."""

    def act(_: TypedForm, session: PresentedCredential) -> Response:
        try:
            drafts.delete_draft(context, session, draft_id)
        except Conflict:
            return redirect(base(draft_id))
        return redirect_saying("/requests", "draft-deleted", session)

    return await session_act(request, visitor, act)


@router.get("/requests/{reference}/filed")
def filed_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Say that a request is filed: its reference, when silence accepts it and why, what happens next, its receipt."""
    reading = requests.read_request(context, visitor, reference)
    record, view = reading.request, reading.case
    legal_time = department(record.department).legal_time
    receipt = next((each for each in view.documents if each.kind == DocumentKind.RECEIPT), None)
    content = {
        "case": view,
        "received_at": _instant(view.received_at),
        "until": view.clock.tacit_acceptance_at and end_in_french(view.clock.tacit_acceptance_at),
        "legal_time": legal_time,
        "receipt": receipt and f"/requests/{view.reference}/documents/{receipt.id}",
        "signals": [each.label for each in record.filing_signals],
        "opinion_due_on": view.opinion_due_on and in_french(view.opinion_due_on),
        "calendar": f"/requests/{view.reference}/calendar.ics",
    }
    return page(request, "filing/filed", visitor_fields(reading.reader, visitor) | content)


def _instant(at: datetime) -> str:
    return instant_in_french(at)
