"""Pages of a unit: the load of its agents and what is at risk; one agent, delegations and absences, past ones too."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Request
from fastapi_problem.error import Problem
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.calendar import local
from law.directory import DEPARTMENTS, PARIS, department
from law.texts import end_in_french, in_french
from models.errors import Unknown
from models.roles import LABELS, UNIT
from models.store.people.accounts import Account
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.pages.components.page_links import list_part
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import units
from starter.services.unit_view import Agent, Delegation, Leave

router = APIRouter(include_in_schema=False)

SIGN_IN: Final = "/agents/sign-in"
DONE: Final = {
    "opened": "Le compte est ouvert.",
    "delegation": "La délégation est inscrite.",
    "absence": "L’absence est inscrite.",
    "change": "Le compte est modifié.",
    "ended": "La délégation a pris fin.",
    "cancelled": "L’absence est annulée.",
    "closed": "Le compte est clos.",
    "reopened": "Le compte est rouvert, sans délégation ni jeton.",
    "tools": "L’agent peut créer des jetons pour ses outils.",
    "no-tools": "L’accès à l’API est retiré, et les jetons de l’agent sont révoqués.",
    "moved": "Les dossiers ont changé de mains.",
}
"""What was just done, by the `done` of the address."""
SHOWN_AGENTS: Final = 60
OUTCOMES: Final = {
    "grant": "autoriser",
    "refusal": "refuser",
    "claim": "agréer les demandes d’indemnisation",
    "claim_refusal": "refuser les demandes d’indemnisation",
    "quota_exception": "inscrire les dépassements du contingent d’heures",
}


@router.get("/unit")
async def unit_page(context: AppContext, request: Request, visitor: SessionOptional, done: str = "") -> Response:
    """Show the unit and its load; without a valid session, redirect to the provider."""
    if visitor is None:
        return redirect(SIGN_IN)
    try:
        return await run_in_threadpool(_show, context, request, visitor, DONE.get(done, ""))
    except Problem as ended:
        if ended.status == 401:
            return redirect(SIGN_IN)
        raise


def _show(context: Context, request: Request, visitor: PresentedCredential, said: str) -> Response:
    reader, unit = units.read(context, visitor)
    part = list_part(unit.items, "/unit", request.query_params, SHOWN_AGENTS, "from")
    content = shown(reader, visitor) | {
        "said": said,
        "role": LABELS[reader.role],
        "departments": department_list(reader.departments),
        "rows": [_row(each, unit.items) for each in part.rows],
        "links": part.links,
        "at_risk": sum(each.at_risk for each in unit.items),
    }
    return page(request, "unit", content)


def shown(reader: Account, visitor: PresentedCredential) -> dict[str, object]:
    """Return what every page of a unit shows."""
    return visitor_fields(reader, visitor) | {"manages": Verb.MANAGE_UNIT.rule.scope(reader.role) is not None}


def _row(agent: Agent, colleagues: Sequence[Agent]) -> dict[str, object]:
    return {
        "id": agent.id,
        "name": agent.name,
        "role": LABELS[agent.role],
        "closed": agent.closed_at is not None,
        "open": agent.open_requests,
        "at_risk": agent.at_risk,
        "nearest": end_in_french(agent.deadline_at) if agent.deadline_at else "aucune",
        "absences": [_absence(each, colleagues) for each in agent.leaves],
    }


def _absence(leave: Leave, colleagues: Sequence[Agent]) -> str:
    names = {each.id: each.name for each in colleagues}
    replacement = names.get(leave.replacement_id or "")
    by = f"avec {replacement} pour remplacer" if replacement else "sans remplaçant"
    return f"du {in_french(leave.from_on)} au {in_french(leave.until_on)}, {by}"


@router.get("/unit/agents/{agent_id}")
def agent_page(
    context: AppContext, request: Request, visitor: SessionRequired, agent_id: str, done: str = ""
) -> Response:
    """Show one agent of the unit, and what its head may do."""
    reader, agent, colleagues = agent_of(context, visitor, agent_id)
    content = shown(reader, visitor) | {
        "said": DONE.get(done, ""),
        "agent": agent,
        "managed": agent.role in UNIT,
        "role": LABELS[agent.role],
        "departments": department_list(agent.departments),
        "delegations": [_delegation(each) for each in agent.delegations],
        "absences": [(each.id, _absence(each, colleagues)) for each in agent.leaves],
        "nearest": end_in_french(agent.deadline_at) if agent.deadline_at else "",
    }
    return page(request, "unit_agent", content)


def agent_of(context: Context, visitor: PresentedCredential, agent_id: str) -> tuple[Account, Agent, Sequence[Agent]]:
    """Return the reader, an agent of the unit, and everybody in it; raises `Unknown`."""
    reader, unit = units.read(context, visitor)
    agent = next((each for each in unit.items if each.id == agent_id), None)
    if agent is None:
        raise Unknown(agent_id)
    return reader, agent, unit.items


def _delegation(given: Delegation) -> dict[str, object]:
    from_on, until_on = in_french(given.from_on), given.until_on
    return {
        "id": given.id,
        "act": given.act,
        "outcomes": ", ".join(OUTCOMES[each] for each in given.outcomes),
        "period": f"du {from_on} au {in_french(until_on)}" if until_on else f"à partir du {from_on}, sans date de fin",
        "departments": department_list(given.departments),
        "certificate": given.certificate,
        "ended_on": in_french(local(given.revoked_at, PARIS).date()) if given.revoked_at else "",
        "past": given.over,
    }


def department_list(codes: Sequence[str]) -> str:
    """Return départements by their names."""
    if {each.code for each in DEPARTMENTS} <= set(codes):
        return "tous les départements"
    return ", ".join(f"{department(code).name} ({code})" for code in codes)
