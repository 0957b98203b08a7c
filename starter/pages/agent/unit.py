"""The page of a unit: its agents, what they may sign, when they are away; its head changes them by plain forms."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from fastapi import APIRouter, Request
from fastapi_problem.error import Problem
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.directory import DEPARTMENTS
from law.texts import in_french
from models.roles import LABELS, UNIT
from starter.api.agent import units
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import InvalidRequest, unknown
from starter.http.request_body import RequestBody
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionOptional, me, posted, see

router = APIRouter(include_in_schema=False)

LISTS: Final = ("departments", "outcomes")
"""Members that a form writes as words between spaces or commas."""
SIGN_IN: Final = "/agents/sign-in"
ACTS: Final[Mapping[str, Callable[[Context, PresentedCredential, str, RequestBody], object]]] = {
    "open": lambda context, token, _, sent: units.open_agent(context, token, sent),
    "change": units.change_agent,
    "delegate": units.give_delegation,
    "absent": units.write_leave,
    "revoke": lambda context, token, about, _: units.revoke_delegation(context, token, about),
    "cancel": lambda context, token, about, _: units.cancel_leave(context, token, about),
}
"""What a form asks for → the door that does it."""


@router.get("/unit")
async def read(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Show the unit; somebody who has not signed in, or not lately, is sent to the provider."""
    if visitor is None:
        return see(SIGN_IN)
    try:
        return await run_in_threadpool(_shown, context, request, visitor)
    except Problem as ended:
        if ended.status == 401:
            return see(SIGN_IN)
        raise


@router.post("/unit")
async def write(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Do what a form asks for, and show the unit again, with what is wrong if something is."""
    if visitor is None:
        return see(SIGN_IN)
    return await run_in_threadpool(_written, context, request, visitor, await posted(request, visitor))


def _written(
    context: Context, request: Request, visitor: PresentedCredential, told: dict[str, str]
) -> Response:
    act, about = ACTS.get(told.pop("do", "")), told.pop("about", "")
    if act is None:
        raise unknown()
    try:
        act(context, visitor, about, RequestBody(json.dumps(_body(told)).encode(), request.url.path))
    except InvalidRequest as wrong:
        return _shown(context, request, visitor, [each.message for each in wrong.faults])
    return see("/unit")


def _shown(
    context: Context, request: Request, visitor: PresentedCredential, faults: list[str] | None = None
) -> Response:
    with context.admit(visitor, Verb.READ_UNIT) as caller:
        account = caller.account
        told = me(account, visitor) | {
            "role": LABELS[account.role],
            "manages": Verb.MANAGE_UNIT.rule.scope(account.role) is not None,
            "departments": account.departments,
            "agents": units.unit_of(caller).items,
        }
    words = {"labels": LABELS, "unit": UNIT, "day": in_french, "places": _places, "faults": faults or []}
    return page(request, "unit", told | words, 422 if faults else 200)


def _places(codes: Sequence[str]) -> str:
    return "tous les départements" if {each.code for each in DEPARTMENTS} <= set(codes) else ", ".join(codes)


def _body(told: dict[str, str]) -> dict[str, object]:
    """What a door takes, from what a form sends."""
    body: dict[str, object] = dict(told)
    for name in LISTS:
        if name in told:
            body[name] = told[name].replace(",", " ").split()
    if "closed" in told:
        body["closed"] = told["closed"] == "yes"
    return body
