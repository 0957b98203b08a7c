"""The works council's opinion in a draft: what was asked of it, then the file of its opinion."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.opinion import OpinionDuty, OpinionForm, given_by_delegates, recorded_form, sense
from law.texts import in_french
from models.errors import Conflict
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context, context_of
from starter.http.problems import InvalidRequest
from starter.http.request_body import Submission, size_in_french
from starter.pages.components.file_forms import SentForm, serve
from starter.pages.components.form_keys import key_of
from starter.pages.components.forms import MISSING
from starter.pages.components.said import redirect_saying
from starter.pages.components.typed import day
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.pages.employer import filing_steps as steps
from starter.pages.employer.filing_frame import asks_commitments, base, digest, ended, framed, show
from starter.services import draft_review, drafts
from starter.services.draft_review import DraftReading

router = APIRouter(include_in_schema=False)

STEP: Final = "/requests/new/{draft_id}/" + steps.COUNCIL
FILE: Final = "/requests/new/{draft_id}/opinion"
GIVEN: Final = {
    "favourable": "Oui : il a donné un avis favorable",
    "unfavourable": "Oui : il a donné un avis défavorable",
    "none_given": "Oui, mais il n’a pas rendu d’avis",
}
"""What a council that was consulted said; each asks for the file of its minutes."""
BY_COUNCIL: Final = {
    "favourable": "Le comité d’entreprise a donné un avis favorable",
    "unfavourable": "Le comité d’entreprise a donné un avis défavorable",
    "none_given": "Le comité d’entreprise, consulté, n’a pas rendu d’avis",
}
"""The same, where staff delegates may have been consulted instead (before 2018)."""
BY_DELEGATES: Final = {
    recorded_form(OpinionForm.DELEGATES, "favourable"): "Sans comité : les délégués ont donné un avis favorable",
    recorded_form(OpinionForm.DELEGATES, "unfavourable"): "Sans comité : les délégués ont donné un avis défavorable",
    recorded_form(OpinionForm.DELEGATES, "none_given"): "Sans comité : les délégués, consultés, n’ont pas rendu d’avis",
}
"""What staff delegates said, where there is no council (before 2018)."""
CONSULTED: Final = GIVEN | BY_DELEGATES
DELEGATES: Final = "/works_council/delegates"
FIELDS: Final = {
    "/works_council": "opinion",
    "/works_council/opinion": "opinion",
    "/works_council/given_on": "given_on",
    "/works_council/file": "file",
    DELEGATES: "opinion",
    f"{DELEGATES}/opinion": "opinion",
    f"{DELEGATES}/given_on": "given_on",
    f"{DELEGATES}/file": "file",
}
NO_ANSWER: Final = "Dites ce qu’il en est de l’avis du comité."
NO_FILE: Final = "Choisissez le fichier de l’avis ou du procès-verbal."


@router.get(STEP)
def council_page(
    context: AppContext, request: Request, visitor: SessionRequired, draft_id: str, then: str = ""
) -> Response:
    """Ask whether the council was consulted, among the answers that the law admits for this ground and headcount."""
    reading = draft_review.read(context, visitor, draft_id)
    return ended(request, visitor, reading) or _page(request, visitor, reading, shown_opinion(reading), {}, then)


@router.post(STEP)
async def save_council(context: AppContext, request: Request, visitor: SessionOptional, draft_id: str) -> Response:
    """Save that no opinion is due, or that it follows; else go on to the file of the opinion."""

    async def act(sent: SentForm, visitor: PresentedCredential) -> Response:
        return await run_in_threadpool(_save, context, request, visitor, draft_id, sent.fields)

    async def again(sent: SentForm, visitor: PresentedCredential, wrong: dict[str, str]) -> Response:
        reading = await run_in_threadpool(draft_review.read, context, visitor, draft_id)
        then = sent.fields.get("then", "")
        return ended(request, visitor, reading) or _page(request, visitor, reading, sent.fields, wrong, then)

    return await serve(context, request, visitor, act, again, FIELDS)


def _save(
    context: Context, request: Request, visitor: PresentedCredential, draft_id: str, fields: Mapping[str, str]
) -> Response:
    reading, then = draft_review.read(context, visitor, draft_id), fields.get("then", "")
    if end := ended(request, visitor, reading):
        return end
    chosen, given_on = fields.get("opinion", ""), day(fields.get("given_on")) or ""
    if then == "later" and not chosen:
        return redirect_saying("/requests", "draft-kept", visitor)
    if chosen not in _choices(reading.opinion):
        return _page(request, visitor, reading, fields, {"opinion": NO_ANSWER}, then)
    if chosen in CONSULTED:
        address = urlencode({"opinion": chosen, "given_on": given_on, "then": then})
        return redirect(f"{base(draft_id)}/opinion?{address}")
    body = {"pending": True} if chosen == OpinionForm.PENDING else {"not_required": chosen}
    return _change(context, request, visitor, draft_id, body, fields)


@router.get(FILE)
def opinion_page(context: AppContext, request: Request, visitor: SessionRequired, draft_id: str) -> Response:
    """Ask for the day and the file of an opinion; what was chosen before is in the address."""
    reading = draft_review.read(context, visitor, draft_id)
    typed = _typed(request)
    if typed["opinion"] not in CONSULTED:
        return redirect(f"{base(draft_id)}/{steps.COUNCIL}")
    return ended(request, visitor, reading) or _file_page(request, visitor, reading, typed, {})


@router.post(FILE)
async def save_opinion(context: AppContext, request: Request, visitor: SessionOptional, draft_id: str) -> Response:
    """Store the file, like `POST /api/v1/files`, and state the opinion in the draft."""

    async def act(sent: SentForm, visitor: PresentedCredential) -> Response:
        return await run_in_threadpool(_save_opinion, context, request, visitor, draft_id, sent.fields)

    async def again(sent: SentForm, visitor: PresentedCredential, wrong: dict[str, str]) -> Response:
        reading = await run_in_threadpool(draft_review.read, context, visitor, draft_id)
        return ended(request, visitor, reading) or _file_page(request, visitor, reading, sent.fields, wrong)

    return await serve(context, request, visitor, act, again, {**FIELDS, "/file": "file"})


def _save_opinion(
    context: Context, request: Request, visitor: PresentedCredential, draft_id: str, fields: Mapping[str, str]
) -> Response:
    reading = draft_review.read(context, visitor, draft_id)
    if end := ended(request, visitor, reading):
        return end
    file_id = fields.get("stored") or (reading.file.id if reading.file else "")
    wrong = {} if fields.get("given_on") else {"given_on": MISSING["given_on"]}
    if not file_id:
        wrong["file"] = NO_FILE
    if wrong:
        return _file_page(request, visitor, reading, fields, wrong)
    chosen = fields.get("opinion", "")
    given = {"opinion": sense(chosen), "given_on": day(fields["given_on"]), "file": file_id}
    body = {"delegates": given} if given_by_delegates(chosen) else given
    return _change(context, request, visitor, draft_id, body, fields)


def _change(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    draft_id: str,
    body: Mapping[str, object],
    fields: Mapping[str, str],
) -> Response:
    """State the opinion in the draft and lead to the next step; show the form again with what is wrong."""
    try:
        drafts.change_draft(context, visitor, draft_id, Submission(lambda: {"works_council": dict(body)}))
        faults = [each for each in draft_review.read(context, visitor, draft_id).faults if each.pointer in FIELDS]
    except InvalidRequest as refused:
        faults = [each for each in refused.faults if each.pointer in FIELDS]
    except Conflict:
        return redirect(base(draft_id))
    reading = draft_review.read(context, visitor, draft_id)
    then = fields.get("then", "")
    if wrong := steps.sentences(faults, FIELDS):
        if body.keys() & {"opinion", "delegates"} and "opinion" not in wrong:
            return _file_page(request, visitor, reading, fields, wrong)
        return _page(request, visitor, reading, fields, wrong, then)
    if then == "later":
        return redirect_saying("/requests", "draft-kept", visitor)
    needed = asks_commitments(reading)
    step = steps.CHECK if then == steps.CHECK else steps.following(steps.COUNCIL, commitments=needed)
    return redirect(f"{base(draft_id)}/{step}")


def _typed(request: Request) -> dict[str, str]:
    """Return what the address says of the opinion."""
    return {name: request.query_params.get(name, "")[:30] for name in ("opinion", "given_on", "then")}


def said_of(chosen: str, duty: OpinionDuty | None) -> str:
    """Return what was chosen of the consultation, in the words of its page."""
    return _choices(duty)[chosen][0] if chosen in _choices(duty) else CONSULTED.get(chosen, "")


def shown_opinion(reading: DraftReading) -> dict[str, str]:
    """Return the fields of the opinion that a draft states."""
    council = reading.draft.content.get("works_council")
    stated = council if isinstance(council, dict) else {}
    if stated.get("pending"):
        return {"opinion": OpinionForm.PENDING.value}
    if "not_required" in stated:
        return {"opinion": str(stated["not_required"])}
    if isinstance(given := stated.get("delegates"), dict):
        opinion = recorded_form(OpinionForm.DELEGATES, str(given.get("opinion", "")))
        return {"opinion": opinion, "given_on": str(given.get("given_on", ""))}
    return {name: str(stated[name]) for name in ("opinion", "given_on") if name in stated}


def _choices(duty: OpinionDuty | None) -> dict[str, tuple[str, str]]:
    """Return the answers that the law admits: value → label and hint. All of them before the headcount is known."""
    follows = f"Au plus tard le {in_french(duty.due_on)}." if duty and duty.due_on else ""
    given = BY_COUNCIL | BY_DELEGATES if _asks_delegates(duty) else GIVEN
    found = {value: (label, "") for value, label in given.items()} | {
        OpinionForm.PENDING.value: ("Pas encore : l’avis suivra", follows),
        OpinionForm.FEWER_THAN_50.value: ("Il n’est pas requis : l’entreprise compte moins de 50 salariés", ""),
        OpinionForm.NO_COUNCIL.value: ("Il n’y a pas de comité dans l’entreprise", ""),
    }
    admitted = [each.value for each in duty.accepted] if duty else list(found)
    return {value: said for value, said in found.items() if value in given or value in admitted}


def _asks_delegates(duty: OpinionDuty | None) -> bool:
    """Whether the law of the request admits an opinion of staff delegates, there being no council."""
    return duty is not None and OpinionForm.DELEGATES in duty.accepted


def _page(
    request: Request,
    visitor: PresentedCredential,
    reading: DraftReading,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
    then: str,
) -> Response:
    content = framed(reading.reader, reading.own, reading.window, visitor, steps.COUNCIL, reading)
    content |= {
        "action": f"{base(reading.draft.id)}/{steps.COUNCIL}",
        "then": then if then == steps.CHECK else "",
        "seen": digest(reading.draft.content, ("works_council",)),
        "choices": [(value, *said) for value, said in _choices(reading.opinion).items()],
        "why": reading.opinion.why if reading.opinion else (),
        "question": _question(reading.opinion),
    }
    return show(request, steps.COUNCIL, content, fields, wrong)


def _question(duty: OpinionDuty | None) -> str:
    if _asks_delegates(duty):
        return "Qui a été consulté, et avec quel avis ?"
    return f"Le {duty.body if duty else 'comité social et économique'} a-t-il été consulté ?"


def _file_page(
    request: Request,
    visitor: PresentedCredential,
    reading: DraftReading,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    content = framed(reading.reader, reading.own, reading.window, visitor, steps.COUNCIL, reading)
    content |= {
        "action": f"{base(reading.draft.id)}/opinion",
        "carried": {name: fields[name] for name in ("opinion", "then") if fields.get(name)},
        "back": f"{base(reading.draft.id)}/{steps.COUNCIL}",
        "said": said_of(fields.get("opinion", ""), reading.opinion),
        "key": key_of(fields),
        "stored": fields.get("stored") if "file" not in wrong else None,
        "file": reading.file,
        "most": size_in_french(context_of(request).settings.upload_bytes),
    }
    return show(request, "opinion", content, {"given_on": fields.get("given_on", "")}, wrong)
