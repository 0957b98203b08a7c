"""Pages of a draft: one group of questions a page, saved one by one."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.living import LivingRequest
from law.texts import in_french
from models.errors import Conflict, Unknown
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import InvalidRequest
from starter.http.request_body import Submission
from starter.pages.components.file_forms import SentForm, serve
from starter.pages.components.said import redirect_saying
from starter.pages.components.typed import day
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.pages.employer import filing_steps as steps
from starter.pages.employer.filing_frame import base, digest, ended, framed, show
from starter.pages.employer.filing_steps import FIGURES, FORMS, GROUND, Step
from starter.services import draft_review, drafts
from starter.services.draft_review import DraftReading

router = APIRouter(include_in_schema=False)

CHANGED: Final = (
    "Ces réponses ont changé dans une autre fenêtre depuis que cette page est ouverte. Relisez les vôtres, puis "
    "enregistrez de nouveau : elles remplaceront les autres."
)


@router.get("/requests/new/{draft_id}/{step}")
def step_page(
    context: AppContext, request: Request, visitor: SessionRequired, draft_id: str, step: str, then: str = ""
) -> Response:
    """Show a step with what the draft states."""
    asked = _step(step)
    typed = typed_dates(request.query_params) if asked is GROUND else {}
    reading = draft_review.read(context, visitor, draft_id, typed)
    fields = asked.shown(reading.draft.content) | typed
    return ended(request, visitor, reading) or _page(request, visitor, reading, asked, fields, {}, then)


@router.post("/requests/new/{draft_id}/{step}")
async def save_step(
    context: AppContext, request: Request, visitor: SessionOptional, draft_id: str, step: str
) -> Response:
    """Save a step in the draft, like `PATCH /api/v1/drafts/{id}`; every error at once, what was typed stays."""
    asked = _step(step)

    async def act(sent: SentForm, visitor: PresentedCredential) -> Response:
        return await run_in_threadpool(save, context, request, visitor, draft_id, asked, sent.fields)

    async def again(sent: SentForm, visitor: PresentedCredential, wrong: dict[str, str]) -> Response:
        return await run_in_threadpool(show_again, context, request, visitor, draft_id, asked, sent.fields, wrong)

    return await serve(context, request, visitor, act, again, asked.fields)


def show_again(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    draft_id: str,
    step: Step,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    """Show a step with what was typed, and save nothing."""
    reading = draft_review.read(context, visitor, draft_id, typed_dates(fields) if step is GROUND else None)
    then = fields.get("then", "")
    return ended(request, visitor, reading) or _page(request, visitor, reading, step, fields, wrong, then)


def _step(name: str) -> Step:
    if name not in FORMS:
        raise Unknown(name)
    return FORMS[name]


def save(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    draft_id: str,
    step: Step,
    fields: Mapping[str, str],
) -> Response:
    """Save a step and lead to the next one, or show it again with every error."""
    before = draft_review.read(context, visitor, draft_id)
    then, changes = fields.get("then", ""), step.stated(fields)
    if end := ended(request, visitor, before):
        return end
    if then == "window":
        return show_again(context, request, visitor, draft_id, step, {**fields, "then": ""}, {})
    if _is_stale(before.draft.content, step, fields, changes):
        return _page(request, visitor, before, step, fields, {"form": CHANGED}, then)
    wrong = {} if then == "later" else steps.missing(step, fields)
    try:
        drafts.change_draft(context, visitor, draft_id, Submission(lambda: changes))
    except InvalidRequest as refused:
        wrong = steps.sentences(refused.faults, step.fields) | wrong
        return _page(request, visitor, before, step, fields, wrong, then)
    except Conflict:  # filed or lapsed meanwhile
        return redirect(base(draft_id))
    reading = draft_review.read(context, visitor, draft_id)
    if then == "later":
        return redirect_saying("/requests", "draft-kept", visitor)
    wrong = _of_law(reading, step) | wrong
    if not wrong and _to_confirm(reading, step, fields):
        wrong = {"confirmed": "Confirmez ces chiffres, ou corrigez-les."}
    if wrong:
        return _page(request, visitor, reading, step, fields, wrong, then)
    return redirect(f"{base(draft_id)}/{_next(reading, step, then)}")


def _is_stale(content: Mapping[str, object], step: Step, fields: Mapping[str, str], changes: dict[str, object]) -> bool:
    """Whether another window has changed a step since this one showed it, to something else than what it sends."""
    shown, current = fields.get("seen", ""), digest(content, step.members)
    return shown not in ("", current) and digest({**content, **changes}, step.members) != current


def _of_law(reading: DraftReading, step: Step) -> dict[str, str]:
    """Return what the law says of a step that is saved, and the living request that it doubles."""
    own = [each for each in reading.faults if not each.pointer or each.pointer in step.fields]
    wrong = steps.sentences(own, step.fields)
    if step is FIGURES and reading.beside and not reading.draft.content.get("other_employees"):
        wrong["other_employees"] = "Dites que cette demande concerne d’autres salariés, ou changez la période."
    return wrong


def _to_confirm(reading: DraftReading, step: Step, fields: Mapping[str, str]) -> bool:
    """Whether figures are odd, and not those that were just shown to be confirmed."""
    return step is FIGURES and bool(_odd(reading)) and fields.get("confirmed") != _figures(reading)


def _odd(reading: DraftReading) -> list[str]:
    return [each.told for each in reading.odd if each.signal in steps.ODD_FIGURES]


def _figures(reading: DraftReading) -> str:
    return digest(reading.draft.content, (*FIGURES.members, "period"))


def _next(reading: DraftReading, step: Step, then: str) -> str:
    needed = reading.commitments is not None and reading.commitments.required
    return steps.CHECK if then == steps.CHECK else steps.following(step.name, commitments=needed)


def _page(
    request: Request,
    visitor: PresentedCredential,
    reading: DraftReading,
    step: Step,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
    then: str,
) -> Response:
    content = framed(reading.reader, reading.own, reading.window, visitor, step.name, reading)
    content |= {
        "several": False,
        "action": f"{base(reading.draft.id)}/{step.name}",
        "seen": digest(reading.draft.content, step.members),
        "then": then if then == steps.CHECK else "",
        "beside": [_overlap(each) for each in reading.beside],
        "odd": _odd(reading) if "confirmed" in wrong else [],
        "confirmed": _figures(reading),
    }
    ordered = {name: wrong[name] for name in ("form", *step.fields.values(), "confirmed") if name in wrong}
    return show(request, step.name, content | choices(), fields, ordered)


def _overlap(other: LivingRequest) -> str:
    days = f"du {in_french(other.start_on)} au {in_french(other.end_on)}"
    return f"La demande {other.reference} couvre déjà des jours de cette période, {days}."


def typed_dates(given: Mapping[str, str]) -> dict[str, str]:
    """Return what an address or a form states of the ground and the dates, days as the API writes them."""
    found = {name: given.get(name, "") for name in GROUND.required}
    return {name: value if name == "ground" else day(value) or "" for name, value in found.items() if value}


def choices() -> dict[str, object]:
    """Return what the pages of the steps offer to choose from."""
    return {"grounds": steps.GROUNDS, "perimeters": steps.PERIMETERS}
