"""Pages of the channels to the paying agency: what waits and what was answered, freezes, files that were set aside."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final, Literal

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from law.calendar import legal_zone
from law.directory import PARIS
from models.agency_advice import advise
from models.bodies.channel import FreezeBody
from models.bodies.operator import ANSWER_KINDS, ResumeBody, Why
from models.claim_labels import AnswerFileState
from models.identifiers import Day, Message, TimeOfDay
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, fault
from starter.http.request_body import read
from starter.pages.components.form_keys import key_of, keyed_submission
from starter.pages.components.forms import french_days
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.pages.operator import words
from starter.pages.operator.operations import HOME, TABS
from starter.services import channel_review, channels

router = APIRouter(include_in_schema=False)

PATH: Final = f"{HOME}/channels"
FILES: Final = f"{HOME}/quarantine"
DONE: Final = {
    "gele": "Le flux est gelé : rien n’est plus déposé ni lu, ce qui attend reste en file.",
    "repris": "Le flux est repris : ce qui attend part dans les heures de dépôt.",
    "rejoue": "Le fichier est appliqué.",
    "ecarte": "Le fichier est écarté.",
}
"""What was just done, said once after a form."""
FIELDS: Final = {
    "/reason": "reason",
    "/until_at": "until_on",
    "/until_on": "until_on",
    "/until_time": "until_time",
    "/kind": "kind",
}
INVALID: Final = TITLES["invalid-input"][0]
MAX_FAULTS: Final = 50
"""Lines of a file of answers at which what is wrong is shown."""


class _FreezeEnd(Message):
    """The end of a freeze, as a form states it; in legal time of Paris."""

    until_on: Day | None = None
    until_time: TimeOfDay | None = None


END: Final[TypeAdapter[_FreezeEnd]] = TypeAdapter(_FreezeEnd)


class _Proposal(Message):
    """What an operator proposes to do with a file of answers."""

    kind: Literal["replay_answers", "discard_answers"]
    reason: Why


PROPOSAL: Final[TypeAdapter[_Proposal]] = TypeAdapter(_Proposal)


@router.get(PATH)
def overview(context: AppContext, request: Request, visitor: SessionRequired, fait: str = "") -> Response:
    """Show the state of every channel, and the files of answers that are set aside."""
    content = {
        "said": DONE.get(fait, ""),
        "reviews": channel_review.list_channels(context, visitor),
        "set_aside": channels.list_set_aside(context, visitor),
    }
    return _page(request, "channels", content)


@router.get(f"{PATH}/{{channel}}")
def channel_page(
    context: AppContext, request: Request, visitor: SessionRequired, channel: str, fait: str = ""
) -> Response:
    """Show one channel: its state, codes of rejections with advice, who froze and resumed it."""
    reading = channel_review.read_channel(context, visitor, channel)
    advised = [(each, advise(each.code, of_people=each.of_people)) for each in reading.rejections]
    return _page(request, "channel", {"said": DONE.get(fait, ""), "reading": reading, "advised": advised})


@router.get(f"{PATH}/{{channel}}/freeze")
def freeze_page(context: AppContext, request: Request, visitor: SessionRequired, channel: str) -> Response:
    """Show the form that freezes a channel, or changes its freeze."""
    return _form(context, request, visitor, "freeze", channel, {}, {})


@router.post(f"{PATH}/{{channel}}/freeze")
async def freeze(context: AppContext, request: Request, visitor: SessionOptional, channel: str) -> Response:
    """Freeze a channel, like `POST /api/v1/channels/{name}/freeze`."""
    return await _serve(context, request, visitor, "freeze", channel)


@router.get(f"{PATH}/{{channel}}/resumption")
def resumption_page(context: AppContext, request: Request, visitor: SessionRequired, channel: str) -> Response:
    """Show the form that resumes a channel."""
    return _form(context, request, visitor, "resumption", channel, {}, {})


@router.post(f"{PATH}/{{channel}}/resumption")
async def resume(context: AppContext, request: Request, visitor: SessionOptional, channel: str) -> Response:
    """Resume a channel, like `POST /api/v1/channels/{name}/resume`."""
    return await _serve(context, request, visitor, "resumption", channel)


@router.get(f"{FILES}/{{answers_id}}")
def file_page(context: AppContext, request: Request, visitor: SessionRequired, answers_id: str) -> Response:
    """Show a file of answers: what is wrong and at which lines, what was asked about it; never what it holds."""
    return _file(context, request, visitor, answers_id, {}, {})


@router.post(f"{FILES}/{{answers_id}}")
async def propose(context: AppContext, request: Request, visitor: SessionOptional, answers_id: str) -> Response:
    """Ask to replay or discard a file, like `POST /api/v1/quarantine/{id}/replay`; another operator approves it."""

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        chosen = {"kind": "Choisissez ce qui est à faire du fichier."} if "kind" in wrong else {}
        return _file(context, request, session, answers_id, form.fields, wrong | chosen)

    return await session_form(request, visitor, partial(_propose, context, answers_id), again, FIELDS)


async def _serve(
    context: Context, request: Request, visitor: PresentedCredential | None, name: str, channel: str
) -> Response:
    acts = {"freeze": _freeze, "resumption": _resume}

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _form(context, request, session, name, channel, form.fields, wrong)

    return await session_form(request, visitor, partial(acts[name], context, channel), again, FIELDS)


def _freeze(context: Context, channel: str, form: TypedForm, visitor: PresentedCredential) -> Response:
    stated = {**_stated(form, "reason"), **_until(form)}
    address = f"{PATH}/{channel}/freeze"
    channels.freeze(context, visitor, channel, keyed_submission(FreezeBody, address, stated, form.fields))
    return redirect(f"{PATH}/{channel}?fait=gele")


def _resume(context: Context, channel: str, form: TypedForm, visitor: PresentedCredential) -> Response:
    address = f"{PATH}/{channel}/resumption"
    submission = keyed_submission(ResumeBody, address, _stated(form, "reason"), form.fields)
    channels.resume(context, visitor, channel, submission)
    return redirect(f"{PATH}/{channel}?fait=repris")


def _propose(context: Context, answers_id: str, form: TypedForm, visitor: PresentedCredential) -> Response:
    kind = read(PROPOSAL, _stated(form, "kind", "reason")).kind
    submission = keyed_submission(ResumeBody, f"{FILES}/{answers_id}/{kind}", _stated(form, "reason"), form.fields)
    _, act_id = channels.request_act(context, visitor, kind, answers_id, submission)
    if act_id is not None:
        return redirect(f"{HOME}/acts/{act_id}?fait=demande")
    return redirect(f"{PATH}?fait={'rejoue' if kind == 'replay_answers' else 'ecarte'}")


def _stated(form: TypedForm, *names: str) -> dict[str, str]:
    return {name: form.fields[name] for name in names if name in form.fields}


def _until(form: TypedForm) -> dict[str, object]:
    """Return the end of a freeze as the API takes it; raises `InvalidRequest` for half of one."""
    end = read(END, french_days(_stated(form, "until_on", "until_time"), ("until_on",)))
    if end.until_on is None and end.until_time is None:
        return {}
    if end.until_on is None:
        raise fault("/until_on", "day-needed", "Indiquez le jour où le gel prend fin.")
    if end.until_time is None:
        raise fault("/until_time", "time-needed", "Indiquez l’heure à laquelle le gel prend fin.")
    return {"until_at": _in_paris(datetime.combine(end.until_on, end.until_time)).isoformat()}


def _in_paris(at: datetime) -> datetime:
    """Return an instant of the legal time of Paris; one that the clock skips is the one an hour later."""
    zone = legal_zone(PARIS)
    return at.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def _form(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    name: str,
    channel: str,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    review = channel_review.read_channel(context, visitor, channel).review
    content = {"review": review, "fields": fields, "wrong": wrong, "key": key_of(fields)}
    return _page(request, f"channel_{name}", content, INVALID if wrong else 200)


def _file(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    answers_id: str,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    reading = channel_review.read_answer_file(context, visitor, answers_id)
    content = {
        "reading": reading,
        "faults": reading.faults[:MAX_FAULTS],
        "waits": reading.file.state is AnswerFileState.QUARANTINED,
        "kinds": [(kind, words.ACTS[kind], words.CONSEQUENCES[kind]) for kind in ANSWER_KINDS],
        "fields": fields,
        "wrong": wrong,
        "key": key_of(fields),
    }
    return _page(request, "answer_file", content, INVALID if wrong else 200)


def _page(request: Request, name: str, content: Mapping[str, object], status: int = 200) -> Response:
    return page(request, f"operator/{name}", {"words": words, "tabs": TABS, **content}, status)
