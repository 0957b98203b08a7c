"""The page of operators: what is late or parked, what to do about it, and acts that two of them do together."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from law.directory import DEPARTMENTS
from models.bodies.operator import ANSWER_KINDS, ExceptionBody, ResumeBody
from models.engine.pages import process_address, view_addresses
from models.errors import Conflict
from models.remedies import remedy
from models.store.journal.idempotency import digest
from models.store.operations import answer_incidents
from models.store.operations.exceptional_acts import ExceptionRecord
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, unknown
from starter.http.request_body import Submission
from starter.pages.components.form_keys import KEY_FIELD, key_of
from starter.pages.components.forms import form_submission
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import session_act, session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.pages.operator import words
from starter.services import exceptional_acts, incidents, operations

router = APIRouter(include_in_schema=False)

HOME: Final = "/operations"
TABS: Final = (
    ("État du service", HOME, None),
    ("Flux vers l’ASP", f"{HOME}/channels", None),
    ("Comptes et jetons", f"{HOME}/accounts", None),
)
DONE: Final = {
    "reprise": "La reprise a été demandée.",
    "attente": "La reprise est demandée : un autre exploitant doit l’approuver.",
    "demande": "L’acte est demandé : un autre exploitant doit l’approuver.",
    "approuve": "L’acte est approuvé et exécuté.",
    "refuse": "L’acte est refusé.",
}
"""What was just done, said once after a form."""
FIELDS: Final = {f"/{name}": name for name in ("kind", "subject", "reason", "siret", "department")}
MAX_PARKED: Final = 30
"""Parked processes that are shown: the others come up as these are resumed."""
MAX_ACTS: Final = 30
"""Exceptional acts that are shown: those that wait for approval, oldest first, then the latest."""
ELSEWHERE: Final = ("resume", "resend_deposit", *ANSWER_KINDS)
"""Acts that are asked for on the page of what they are about."""
INVALID: Final = TITLES["invalid-input"][0]
DEPARTMENT_OPTIONS: Final = tuple((each.code, f"{each.code} · {each.name}") for each in DEPARTMENTS)


@router.get("/operations")
def overview(context: AppContext, request: Request, visitor: SessionRequired, fait: str = "") -> Response:
    """Show what waits, what is parked, and what awaits approval."""
    found = operations.read_overview(context, visitor)
    acts = exceptional_acts.list_named(context, visitor)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    content = {
        "said": DONE.get(fait, ""),
        "overview": found,
        "parked": found.parked[:MAX_PARKED],
        "acts": acts.items[:MAX_ACTS],
        "waiting": sum(not _is_judged(each) for each in acts.items),
        "names": acts.names,
        "claims": acts.claims,
        "views": view_addresses(context.settings, tomorrow),
        "engine": {
            each.incident.id: process_address(context.settings, each.incident.workflow_id)
            for each in found.parked[:MAX_PARKED]
        },
    }
    return _page(request, "operations", content)


def _is_judged(act: ExceptionRecord) -> bool:
    return bool(act.approved_at or act.refused_at)


@router.get("/operations/incidents/{incident_id}")
def incident_page(context: AppContext, request: Request, visitor: SessionRequired, incident_id: str) -> Response:
    """Show what a process waits for, until when, and the form that resumes it."""
    return _incident(context, request, visitor, incident_id)


@router.post("/operations/incidents/{incident_id}")
async def resume(context: AppContext, request: Request, visitor: SessionOptional, incident_id: str) -> Response:
    """Ask that a parked process try again, like `POST /api/v1/incidents/{id}/resume`."""

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _incident(context, request, session, incident_id, form.fields, wrong)

    return await session_form(request, visitor, partial(_resume, context, incident_id), again, FIELDS)


@router.get("/operations/acts/new")
def new_act(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show the form that asks for an exceptional act."""
    return _new_act(context, request, visitor, {}, {})


@router.post("/operations/acts/new")
async def ask(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Ask for an exceptional act, like `POST /api/v1/exceptional-acts`."""

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        chosen = {"kind": "Choisissez l’acte."} if "kind" in wrong else {}
        return _new_act(context, request, session, form.fields, wrong | chosen)

    return await session_form(request, visitor, partial(_ask, context), again, FIELDS)


@router.get("/operations/acts/{act_id}")
def act_page(context: AppContext, request: Request, visitor: SessionRequired, act_id: str) -> Response:
    """Show an act, its consequence, and the buttons that approve or refuse it."""
    return _act(context, request, visitor, act_id)


@router.post("/operations/acts/{act_id}")
async def judge(context: AppContext, request: Request, visitor: SessionOptional, act_id: str) -> Response:
    """Approve or refuse an act that another operator asked for; its author may only withdraw it."""
    return await session_act(request, visitor, partial(_judge, context, request, act_id))


def _incident(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    incident_id: str,
    fields: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    found = operations.read_incident(context, visitor, incident_id)
    content = {
        "parked": found,
        "remedy": remedy(found.incident.part),
        "unanswered": found.incident.act in (answer_incidents.OVERDUE, answer_incidents.CONTRADICTED),
        "engine": process_address(context.settings, found.incident.workflow_id),
        "fields": fields or {},
        "wrong": wrong or {},
    }
    return _page(request, "incident", content, INVALID if wrong else 200)


def _resume(context: Context, incident_id: str, form: TypedForm, visitor: PresentedCredential) -> Response:
    stated = {name: form.fields[name] for name in ("reason",) if name in form.fields}
    _, awaited = incidents.resume(context, visitor, incident_id, form_submission(ResumeBody, stated))
    return redirect(f"{HOME}?fait={'attente' if awaited else 'reprise'}")


def _new_act(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    exceptional_acts.list_latest(context, visitor)
    content = {
        "fields": fields,
        "wrong": wrong,
        "key": key_of(fields),
        "kinds": [
            (kind, label, words.CONSEQUENCES[kind]) for kind, label in words.ACTS.items() if kind not in ELSEWHERE
        ],
        "departments": DEPARTMENT_OPTIONS,
    }
    return _page(request, "new_act", content, INVALID if wrong else 200)


def _ask(context: Context, form: TypedForm, visitor: PresentedCredential) -> Response:
    stated = {name: value for name, value in form.fields.items() if name != KEY_FIELD}
    submission = form_submission(ExceptionBody, stated)
    keyed = Submission(submission.read, lambda: digest([HOME, stated]), key_of(form.fields))
    act = exceptional_acts.request_act(context, visitor, keyed)
    return redirect(f"{HOME}/acts/{act.id}?fait=demande")


def _act(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    act_id: str,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    found = exceptional_acts.read_named(context, visitor, act_id)
    content = {
        "act": found.items[0],
        "names": found.names,
        "claims": found.claims,
        "own": found.items[0].asked_by == found.reader,
        "said": DONE.get(request.query_params.get("fait", ""), ""),
        "wrong": wrong or {},
    }
    return _page(request, "act", content, 409 if wrong else 200)


def _judge(context: Context, request: Request, act_id: str, form: TypedForm, visitor: PresentedCredential) -> Response:
    acts, do = {"approve": exceptional_acts.approve, "refuse": exceptional_acts.refuse}, form.fields.get("do", "")
    if do not in acts:
        raise unknown()
    try:
        acts[do](context, visitor, act_id)
    except Conflict as refused:
        return _act(context, request, visitor, act_id, {"form": refused.detail})
    return redirect(f"{HOME}?fait={'approuve' if do == 'approve' else 'refuse'}")


def _page(request: Request, name: str, content: Mapping[str, object], status: int = 200) -> Response:
    return page(request, f"operator/{name}", {"words": words, "tabs": TABS, **content}, status)
