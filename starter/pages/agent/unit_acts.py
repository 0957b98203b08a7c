"""Forms of a head of unit: an account opened or changed, a delegation, an absence; and what is asked before an end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.directory import department
from models.bodies.unit import AgentChange
from models.errors import Conflict, Unknown, Unlawful
from models.roles import LABELS, UNIT
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest, of_law, problem
from starter.pages.agent.acts import STALE
from starter.pages.agent.decision_forms import new_id
from starter.pages.agent.unit import OUTCOMES, agent_of, shown
from starter.pages.agent.unit_forms import FORMS, OPEN, UnitForm, submission, wrong
from starter.pages.components.forms import form_submission
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.services import tool_tokens, units

router = APIRouter(include_in_schema=False)

INVALID: Final = TITLES["invalid-input"][0]
AGENT: Final = "/unit/agents/{agent_id}"


@dataclass(frozen=True, slots=True)
class Question:
    """An act that is asked about before it is done: what it does to an agent, and what is said once it is done."""

    title: str
    consequence: str
    button: str
    act: Callable[[Context, PresentedCredential, str], str]
    done: str
    kind: str = "danger"
    """Look of the button: acts that take something away are red."""


QUESTIONS: Final[Mapping[str, Question]] = {
    "closing": Question(
        "Clore le compte de {name} ?",
        "Ses sessions, ses jetons et ses délégations prennent fin aussitôt et ne reviennent pas si le compte est "
        "rouvert. Ce qui est signé reste valable. Ses dossiers restent à son nom : redistribuez-les.",
        "Clore ce compte",
        lambda context, session, agent: units.change_agent(
            context, session, agent, form_submission(AgentChange, {"closed": True})
        ),
        "closed",
    ),
    "reopening": Question(
        "Rouvrir le compte de {name} ?",
        "L’agent se connecte de nouveau, sans délégation ni jeton.",
        "Rouvrir ce compte",
        lambda context, session, agent: units.change_agent(
            context, session, agent, form_submission(AgentChange, {"closed": False})
        ),
        "reopened",
        kind="",
    ),
    "tools": Question(
        "Ouvrir l’API aux outils de {name} ?",
        "L’agent pourra créer, en session, des jetons pour ses outils, dans les limites de son rôle. Vous pouvez "
        "retirer cet accès à tout moment.",
        "Ouvrir cet accès",
        tool_tokens.allow,
        "tools",
        kind="",
    ),
    "tools-end": Question(
        "Retirer l’accès à l’API des outils de {name} ?",
        "Tous ses jetons sont révoqués aussitôt.",
        "Retirer cet accès",
        tool_tokens.end_access,
        "no-tools",
    ),
}
"""Questions about one agent, by the last part of their address."""


@router.get("/unit/opening")
def opening_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show the form that opens an agent's account."""
    return _form(context, request, visitor, OPEN, "", TypedForm((("key", new_id()),)))


@router.post("/unit/opening")
async def open_agent(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Open an agent's account, like `POST /api/v1/unit/agents`."""
    return await resumable(request, visitor, partial(_perform, context, request, OPEN, "", "opened"))


@router.get(f"{AGENT}/{{act}}")
def act_page(context: AppContext, request: Request, visitor: SessionRequired, agent_id: str, act: str) -> Response:
    """Show the form of an act about one agent, or what is asked before it."""
    if act in QUESTIONS:
        return _question(context, request, visitor, agent_id, QUESTIONS[act])
    if act not in FORMS:
        raise Unknown(act)
    return _form(context, request, visitor, FORMS[act], agent_id, TypedForm((("key", new_id()),)))


@router.post(f"{AGENT}/{{act}}")
async def act(context: AppContext, request: Request, visitor: SessionOptional, agent_id: str, act: str) -> Response:
    """Do it, like the call of the API that bears its name."""
    if act in QUESTIONS:
        return await resumable(request, visitor, partial(_answer, context, request, agent_id, QUESTIONS[act]))
    if act not in FORMS:
        raise Unknown(act)
    return await resumable(request, visitor, partial(_perform, context, request, FORMS[act], agent_id, act))


async def _perform(
    context: Context,
    request: Request,
    form: UnitForm,
    agent_id: str,
    done: str,
    typed: TypedForm,
    session: PresentedCredential,
) -> Response:
    show = partial(_form, context, request, session, form, agent_id, typed)
    if not typed.fresh:
        return await run_in_threadpool(show)
    try:
        changed = await run_in_threadpool(form.act, context, session, agent_id, submission(form, typed, agent_id))
    except (InvalidRequest, Unlawful) as refused:
        faults = of_law(refused.objections) if isinstance(refused, Unlawful) else refused.faults
        return await run_in_threadpool(show, wrong(form, typed, faults))
    except Conflict as conflict:
        field = "subject" if conflict.slug == "identity-taken" else "form"
        return await run_in_threadpool(show, {field: conflict.detail})
    return redirect(f"{AGENT.format(agent_id=agent_id or changed)}?done={done}")


def _form(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    form: UnitForm,
    agent_id: str,
    typed: TypedForm,
    told: Mapping[str, str] | None = None,
) -> Response:
    if agent_id:
        reader, agent, colleagues = agent_of(context, visitor, agent_id)
        charge = reader.departments if form is FORMS["change"] else agent.departments
        first = {"role": agent.role, "email": agent.email}
    else:
        reader, unit = units.read(context, visitor)
        agent, colleagues, charge, first = None, unit.items, reader.departments, {}
    require_head(reader.role)
    started = typed.pairs and set(typed.fields) != {"key"}
    content = shown(reader, visitor) | {
        "form": form,
        "agent": agent,
        "fields": typed.fields if started else first | typed.fields,
        "chosen": typed.values("departments") if started else list(agent.departments if agent else ()),
        "chosen_outcomes": typed.values("outcomes") if started else list(OUTCOMES),
        "outcomes": [(code, label.capitalize()) for code, label in OUTCOMES.items()],
        "roles": [(each, LABELS[each].capitalize()) for each in UNIT],
        "departments": [(code, f"{department(code).name} ({code})") for code in charge],
        "colleagues": [(each.id, each.name) for each in colleagues if each.id != agent_id and not each.closed_at],
        "wrong": told or {},
        "stale": "" if typed.fresh else STALE,
    }
    return page(request, "unit_form", content, INVALID if told else 200)


def require_head(role: str) -> None:
    """Raise 403 for a role that manages no unit."""
    if Verb.MANAGE_UNIT.rule.scope(role) is None:
        raise problem("forbidden", "Votre compte ne permet pas cette action.")


def _question(
    context: Context, request: Request, visitor: PresentedCredential, agent_id: str, question: Question
) -> Response:
    reader, agent, _ = agent_of(context, visitor, agent_id)
    require_head(reader.role)
    content = shown(reader, visitor) | {
        "title": question.title.format(name=agent.name),
        "consequence": question.consequence,
        "button": question.button,
        "kind": question.kind,
        "back": AGENT.format(agent_id=agent.id),
    }
    return page(request, "unit_question", content)


async def _answer(
    context: Context,
    request: Request,
    agent_id: str,
    question: Question,
    typed: TypedForm,
    session: PresentedCredential,
) -> Response:
    if not typed.fresh:
        return await run_in_threadpool(_question, context, request, session, agent_id, question)
    changed = await run_in_threadpool(question.act, context, session, agent_id)
    return redirect(f"{AGENT.format(agent_id=changed)}?done={question.done}")
