"""The page of a unit: its agents, their delegations and leaves; the head of unit changes them by plain forms."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from fastapi import APIRouter, Request
from fastapi_problem.error import Problem
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.directory import DEPARTMENTS
from law.texts import in_french
from models.bodies.unit import AgentBody, AgentChange, DelegationBody, LeaveBody
from models.roles import LABELS, UNIT
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import InvalidRequest, unknown
from starter.pages.components.forms import form_submission
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionOptional, redirect, session_form, visitor_fields
from starter.services import units

router = APIRouter(include_in_schema=False)

Fields = dict[str, str]

LIST_MEMBERS: Final = ("departments", "outcomes")
"""Members that a form writes as words separated by spaces or commas."""
SIGN_IN: Final = "/agents/sign-in"
ACTS: Final[Mapping[str, Callable[[Context, PresentedCredential, str, Fields], object]]] = {
    "open": lambda context, credential, _, fields: units.open_agent(
        context, credential, form_submission(AgentBody, _members(fields))
    ),
    "change": lambda context, credential, subject, fields: units.change_agent(
        context, credential, subject, form_submission(AgentChange, _members(fields))
    ),
    "delegate": lambda context, credential, subject, fields: units.give_delegation(
        context, credential, subject, form_submission(DelegationBody, _members(fields))
    ),
    "absent": lambda context, credential, subject, fields: units.record_leave(
        context, credential, subject, form_submission(LeaveBody, _members(fields))
    ),
    "revoke": lambda context, credential, subject, _: units.revoke_delegation(context, credential, subject),
    "cancel": lambda context, credential, subject, _: units.cancel_leave(context, credential, subject),
}
"""Act by field `do` of the form; field `about` is the id of what it changes."""


@router.get("/unit")
async def read(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Show the unit; without a valid session, redirect to the provider."""
    if visitor is None:
        return redirect(SIGN_IN)
    try:
        return await run_in_threadpool(_show, context, request, visitor)
    except Problem as ended:
        if ended.status == 401:
            return redirect(SIGN_IN)
        raise


@router.post("/unit")
async def write(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Perform the act of a form, and show the unit again, with any faults."""
    if visitor is None:
        return redirect(SIGN_IN)
    return await run_in_threadpool(_act, context, request, visitor, await session_form(request, visitor))


def _act(context: Context, request: Request, visitor: PresentedCredential, fields: Fields) -> Response:
    act, subject = ACTS.get(fields.pop("do", "")), fields.pop("about", "")
    if act is None:
        raise unknown()
    try:
        act(context, visitor, subject, fields)
    except InvalidRequest as wrong:
        return _show(context, request, visitor, [each.message for each in wrong.faults])
    return redirect("/unit")


def _show(
    context: Context, request: Request, visitor: PresentedCredential, faults: list[str] | None = None
) -> Response:
    account, unit = units.read(context, visitor)
    content = visitor_fields(account, visitor) | {
        "role": LABELS[account.role],
        "manages": Verb.MANAGE_UNIT.rule.scope(account.role) is not None,
        "departments": account.departments,
        "agents": unit.items,
    }
    helpers = {"labels": LABELS, "unit": UNIT, "day": in_french, "department_list": _departments}
    return page(request, "unit", content | helpers | {"faults": faults or []}, 422 if faults else 200)


def _departments(codes: Sequence[str]) -> str:
    return "tous les départements" if {each.code for each in DEPARTMENTS} <= set(codes) else ", ".join(codes)


def _members(fields: Fields) -> dict[str, object]:
    """Convert the fields of a form to the members of a body."""
    members: dict[str, object] = dict(fields)
    for name in LIST_MEMBERS:
        if name in fields:
            members[name] = fields[name].replace(",", " ").split()
    if "closed" in fields:
        members["closed"] = fields["closed"] == "yes"
    return members
