"""The page of a unit: its agents, what they may sign, when they are away; its head changes them by plain forms."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi_problem.error import Problem
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from models.roles import LABELS, UNIT
from starter import cookies
from starter.access import Verb, scope
from starter.api import units
from starter.house import House, Inside
from starter.pages.rendering import page
from starter.passes import Pass, presented
from starter.problems import Wrong, unknown
from starter.reading import Sent, limited

router = APIRouter(include_in_schema=False)

MOST: Final = 16 * 1024
"""Bytes of a form."""
LISTS: Final = ("departments", "outcomes")
"""Members that a form writes as words between spaces or commas."""
ACTS: Final[Mapping[str, Callable[[House, Pass, str, Sent], object]]] = {
    "open": lambda house, token, _, sent: units.open_agent(house, token, sent),
    "change": units.change_agent,
    "delegate": units.give_delegation,
    "absent": units.write_leave,
    "revoke": lambda house, token, about, _: units.revoke_delegation(house, token, about),
    "cancel": lambda house, token, about, _: units.cancel_leave(house, token, about),
}
"""What a form asks for → the door that does it."""


async def _session(house: Inside, request: Request) -> Pass | None:
    known = cookies.name(house.settings.site) in request.cookies
    return await presented(request, None) if known else None


Session = Annotated[Pass | None, Depends(_session)]
"""The session of a browser, None when it has none."""


@router.get("/unit")
async def read(house: Inside, request: Request, session: Session) -> Response:
    """Show the unit; somebody who has not signed in, or not lately, is sent to the provider."""
    if session is None:
        return RedirectResponse("/agents/sign-in", 303)
    try:
        return await run_in_threadpool(_shown, house, request, session)
    except Problem as ended:
        if ended.status == 401:
            return RedirectResponse("/agents/sign-in", 303)
        raise


@router.post("/unit")
async def write(house: Inside, request: Request, session: Session) -> Response:
    """Do what a form asks for, and show the unit again, with what is wrong if something is."""
    if session is None:
        return RedirectResponse("/agents/sign-in", 303)
    return await run_in_threadpool(_written, house, request, session, await _form(request))


def _written(house: House, request: Request, session: Pass, form: dict[str, str]) -> Response:
    told = {name: value.strip() for name, value in form.items() if value.strip()}
    cookies.check_form(session.session or "", told.pop(cookies.FIELD, None))
    act, about = ACTS.get(told.pop("do", "")), told.pop("about", "")
    if act is None:
        raise unknown()
    try:
        act(
            house,
            session,
            about,
            Sent(json.dumps(_body(told)).encode(), request.url.path),
        )
    except Wrong as wrong:
        return _shown(house, request, session, [each.message for each in wrong.faults])
    return RedirectResponse("/unit", 303)


def _shown(house: House, request: Request, session: Pass, faults: list[str] | None = None) -> Response:
    with house.admit(session, Verb.READ_UNIT) as caller:
        told: dict[str, object] = {
            "who": caller.account.name,
            "role": LABELS[caller.account.role],
            "manages": scope(caller.account.role, Verb.MANAGE_UNIT) is not None,
            "departments": ", ".join(caller.account.departments),
            "agents": units.unit_of(caller).items,
        }
    told |= {
        "labels": LABELS,
        "unit": UNIT,
        "token": cookies.form_token(session.session or ""),
        "faults": faults or [],
    }
    return page(request, "unit", told, 422 if faults else 200)


def _body(told: dict[str, str]) -> dict[str, object]:
    """What a door takes, from what a form sends."""
    body: dict[str, object] = dict(told)
    for name in LISTS:
        if name in told:
            body[name] = told[name].replace(",", " ").split()
    if "closed" in told:
        body["closed"] = told["closed"] == "yes"
    return body


async def _form(request: Request) -> dict[str, str]:
    raw = b"".join([chunk async for chunk in limited(request, MOST)])
    return dict(parse_qsl(raw.decode("utf-8", "replace")))
