"""The commitments of a draft, added and taken back one at a time, when the law asks for them (R. 5122-9, II)."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.commitments import CommitmentKind
from law.texts import in_french
from models.errors import Conflict
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import InvalidRequest
from starter.http.request_body import Submission
from starter.pages.components.file_forms import SentForm, serve
from starter.pages.components.forms import MISSING
from starter.pages.components.typed import day
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.pages.employer import filing_steps as steps
from starter.pages.employer.filing_frame import base, ended, framed, show
from starter.services import draft_review, drafts
from starter.services.draft_review import DraftReading

router = APIRouter(include_in_schema=False)

PATH = "/requests/new/{draft_id}/" + steps.COMMITMENTS
ANSWERS = ("kind", "detail", "until_on")
KINDS = tuple((each.value, each.label) for each in CommitmentKind)


@router.get(PATH)
def commitments_page(
    context: AppContext, request: Request, visitor: SessionRequired, draft_id: str, then: str = ""
) -> Response:
    """List the commitments of a draft, and offer to add one."""
    reading = draft_review.read(context, visitor, draft_id)
    return ended(request, visitor, reading) or _page(request, visitor, reading, {}, {}, then)


@router.post(PATH)
async def change_commitments(
    context: AppContext, request: Request, visitor: SessionOptional, draft_id: str
) -> Response:
    """Add a commitment, or take one back; the same one is added once."""

    async def act(sent: SentForm, visitor: PresentedCredential) -> Response:
        return await run_in_threadpool(_change, context, request, visitor, draft_id, sent.fields)

    async def again(sent: SentForm, visitor: PresentedCredential, wrong: dict[str, str]) -> Response:
        reading = await run_in_threadpool(draft_review.read, context, visitor, draft_id)
        then = sent.fields.get("then", "")
        return ended(request, visitor, reading) or _page(request, visitor, reading, sent.fields, wrong, then)

    return await serve(context, request, visitor, act, again, {})


def _change(
    context: Context, request: Request, visitor: PresentedCredential, draft_id: str, fields: Mapping[str, str]
) -> Response:
    reading, then = draft_review.read(context, visitor, draft_id), fields.get("then", "")
    if end := ended(request, visitor, reading):
        return end
    stated = _stated(reading)
    if "removed" in fields:
        kept = [each for each in stated if _named(each) != fields["removed"]]
    else:
        wrong = {name: MISSING[name] for name in ANSWERS if name not in fields}
        added: dict[str, object] = {name: fields.get(name) for name in ANSWERS}
        added["until_on"] = day(fields.get("until_on"))
        if wrong:
            return _page(request, visitor, reading, fields, wrong, then)
        kept = stated if added in stated else [*stated, added]
    try:
        drafts.change_draft(context, visitor, draft_id, Submission(lambda: {"commitments": kept or None}))
        after = draft_review.read(context, visitor, draft_id)
        faults = [each for each in after.faults if each.pointer.startswith("/commitments/")]
    except InvalidRequest as refused:
        after, faults = reading, list(refused.faults)
    except Conflict:
        return redirect(base(draft_id))
    fields_of = {f"/commitments/{len(kept) - 1}/{name}": name for name in ANSWERS}
    if wrong := steps.sentences([each for each in faults if each.pointer in fields_of], fields_of):
        if after is not reading:  # it was saved, but the law refuses it
            drafts.change_draft(context, visitor, draft_id, Submission(lambda: {"commitments": stated or None}))
        return _page(request, visitor, reading, fields, wrong, then)
    return redirect(f"{base(draft_id)}/{steps.COMMITMENTS}{'?then=check' * (then == steps.CHECK)}")


def _stated(reading: DraftReading) -> list[dict[str, object]]:
    commitments = reading.draft.content.get("commitments")
    return [dict(each) for each in commitments] if isinstance(commitments, list) else []


def _named(commitment: Mapping[str, object]) -> str:
    """Return what names a commitment in the form that takes it back."""
    return f"{commitment.get('kind')} {commitment.get('until_on')} {commitment.get('detail')}"


def shown(reading: DraftReading) -> list[tuple[str, str, str, str]]:
    """Return each commitment in words: its name in forms, its kind, what is promised, until when."""
    labels = dict(KINDS)
    return [
        (
            _named(each),
            labels[str(each["kind"])],
            str(each["detail"]),
            in_french(date.fromisoformat(str(each["until_on"]))),
        )
        for each in _stated(reading)
    ]


def _page(
    request: Request,
    visitor: PresentedCredential,
    reading: DraftReading,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
    then: str,
) -> Response:
    content = framed(reading.reader, reading.own, reading.window, visitor, steps.COMMITMENTS, reading)
    following = steps.CHECK if then == steps.CHECK else steps.following(steps.COMMITMENTS, commitments=True)
    content |= {
        "action": f"{base(reading.draft.id)}/{steps.COMMITMENTS}",
        "then": then if then == steps.CHECK else "",
        "kinds": KINDS,
        "stated": shown(reading),
        "why": reading.commitments.why if reading.commitments else (),
        "required": reading.commitments is not None and reading.commitments.required,
        "next": f"{base(reading.draft.id)}/{following}",
    }
    return show(request, steps.COMMITMENTS, content, fields, wrong)
