"""Pages to enrol, request another code, correct an address and activate: plain forms, without scripts."""

from collections.abc import Callable
from datetime import date
from functools import partial
from secrets import token_urlsafe
from typing import Final, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.calendar import local
from law.directory import DEPARTMENTS, department
from law.texts import in_french, instant_in_french
from models.bodies.enrolment import ActivationBody, EnrolmentBody, ReaddressBody, ResendBody
from models.errors import Unknown
from models.identifiers import Message as Body
from models.identifiers import Siret
from starter.auth import cookies, passwords, rate_limits
from starter.auth.caller import as_uuid
from starter.context import AppContext, Context
from starter.http.heads import ActingRoute
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import MISSING, beside, form_fields, kept_code
from starter.pages.components.rendering import page
from starter.pages.components.visitor import redirect
from starter.services import activation, enrolment, proposals
from starter.services.proposals import Proposal

router = APIRouter(include_in_schema=False)
acting = APIRouter(include_in_schema=False, route_class=ActingRoute)

Message = TypeVar("Message", bound=BaseModel)
Answer = TypeVar("Answer")


class NamedEstablishment(Body):
    """The first question of an enrolment."""

    siret: Siret


ENROLMENT_FIELDS: Final = {
    "/siret": "siret",
    "/name": "name",
    "/address": "address",
    "/department": "department",
    "/person/name": "person",
    "/person/quality": "quality",
    "/email": "email",
    "/terms/version": "accepted",
    "/terms/accepted": "accepted",
}
"""Pointer of a fault → field of the form beside which it appears."""
SIMPLE_FIELDS: Final = {f"/{name}": name for name in ("siret", "email", "code", "password", "one_time")}
RECEIVED: Final = "/enrolment/received"
SENT: Final = "/enrolment/sent"
COOKIE: Final = "-enrolment"
"""Ends the name of the cookie of somebody who has just enrolled."""
RECEIVED_SECONDS: Final = 3600
INVALID: Final = TITLES["invalid-input"][0]


@acting.get("/enrolment")
async def enrolment_form(context: AppContext, request: Request, siret: str | None = None) -> Response:
    """Ask for the SIRET; then show the form, with what the register of establishments says of it."""
    if siret is None:
        return page(request, "enrolment_siret", {"fields": {}, "wrong": {}})
    try:
        named = read(TypeAdapter(NamedEstablishment), {"siret": siret.strip()}).siret
    except InvalidRequest as refused:
        wrong = {"siret": MISSING["siret"] if not siret.strip() else refused.faults[0].message}
        return page(request, "enrolment_siret", {"fields": {"siret": siret[:40]}, "wrong": wrong}, INVALID)
    proposal = await proposals.propose(context, named, context.origin(request))
    proposed = {"name": proposal.name, "address": proposal.address, "department": proposal.department}
    fields = {"siret": named} | {name: value for name, value in proposed.items() if value}
    return await run_in_threadpool(_enrolment_form, context, request, fields, {}, proposal)


@router.post("/enrolment")
async def enrol(context: AppContext, request: Request) -> Response:
    """Enrol, like `POST /api/v1/enrolments`; if the form is invalid, show it again, filled in, with its errors."""
    fields = await form_fields(request)
    body = {name: fields[name] for name in ("siret", "name", "address", "email") if name in fields}
    person = {"name": fields.get("person"), "quality": fields.get("quality")}
    accepted = {"version": fields.get("version"), "accepted": "accepted" in fields}
    place = {"department": fields["department"]} if fields.get("department") else {}
    stated = (
        body
        | place
        | {
            "person": {name: value for name, value in person.items() if value},
            "terms": {name: value for name, value in accepted.items() if value},
        }
    )
    try:
        act = partial(enrolment.enrol, key=fields.get("rendering"))
        enrolled = await _perform(context, request, EnrolmentBody, stated, act)
    except InvalidRequest as wrong:
        sentences = beside(wrong.faults, ENROLMENT_FIELDS)
        if sentences.keys() & {"accepted"}:
            sentences["accepted"] = "Lisez les conditions en vigueur et acceptez-les."
        return await run_in_threadpool(_enrolment_form, context, request, fields, sentences)
    answer = redirect(RECEIVED)
    _remember(answer, context, f"{enrolled.id}.{enrolled.key}", RECEIVED_SECONDS)
    return answer


def _remember(answer: Response, context: Context, value: str, seconds: int) -> None:
    """Let the browser that enrolled find its enrolment again, for a while: its key corrects the address."""
    name, secure = cookies.name(context.settings.site) + COOKIE, cookies.is_secure(context.settings.site)
    answer.set_cookie(name, value, seconds, path="/", secure=secure, httponly=True, samesite="lax")


@router.get(RECEIVED)
def received_page(context: AppContext, request: Request) -> Response:
    """Say that an enrolment is received, to the browser that sent it; reloading sends nothing again."""
    held = request.cookies.get(cookies.name(context.settings.site) + COOKIE, "")
    enrolment_id, _, key = held.partition(".")
    try:
        enrolled, email = enrolment.read_requested(context, as_uuid(enrolment_id), key)
    except Unknown:
        return redirect("/enrolment")
    own = department(enrolled.department)
    content = {
        "enrolment": enrolled,
        "requested_at": instant_in_french(local(enrolled.requested_at, own.code)),
        "due_at": instant_in_french(local(enrolled.credentials_due_at, own.code)),
        "legal_time": own.legal_time,
        "email": email,
        "terms_of": in_french(date.fromisoformat(enrolled.terms)),
    }
    return page(request, "enrolled", content)


@router.get(SENT)
async def sent_page(request: Request) -> Response:
    """Say that a mail leaves; the same for everybody."""
    return page(request, "enrolment_advice", {"advice": enrolment.ADVICE})


@router.get("/enrolment/code")
async def code_form(request: Request) -> Response:
    """Show the form that requests another code."""
    return page(request, "code", {"fields": {}, "wrong": {}})


@router.post("/enrolment/code")
async def resend(context: AppContext, request: Request) -> Response:
    """Request another code, like `POST /api/v1/enrolments/resend`."""
    fields = await form_fields(request)
    try:
        await _perform(context, request, ResendBody, _only(fields, "siret", "email"), enrolment.resend)
    except InvalidRequest as wrong:
        content = {"fields": fields, "wrong": beside(wrong.faults, SIMPLE_FIELDS)}
        return page(request, "code", content, INVALID)
    return redirect(SENT)


@router.post("/enrolment/address")
async def readdress(context: AppContext, request: Request) -> Response:
    """Correct an address, like `POST /api/v1/enrolments/email`."""
    fields = await form_fields(request)
    try:
        await _perform(context, request, ReaddressBody, _only(fields, "id", "key", "email"), enrolment.readdress)
    except InvalidRequest as wrong:
        content = {name: fields.get(name, "") for name in ("id", "key", "email")}
        return page(request, "address", content | {"wrong": wrong.faults[0].message}, INVALID)
    return redirect(SENT)


@router.get("/activation")
async def activation_form(request: Request, code: str = "") -> Response:
    """Show the activation form; the link in the mail fills in the code."""
    return page(request, "activation", _activation({"code": code[:100]}, {}))


@router.post("/activation")
async def activate(context: AppContext, request: Request) -> Response:
    """Activate, like `POST /api/v1/enrolments/activation`, and enter the space at once; no token is made."""
    fields = await form_fields(request)
    stated = _only(fields, "code", "password", "one_time")
    try:
        entered = await _perform(context, request, ActivationBody, stated, activation.enter)
    except InvalidRequest as wrong:
        content = _activation(fields, beside(wrong.faults, SIMPLE_FIELDS))
        return page(request, "activation", content, INVALID)
    answer = redirect(f"/establishments/{entered.siret}/welcome")
    cookies.write(answer, context.settings.site, entered.session)
    _remember(answer, context, "", 0)
    return answer


async def _perform(
    context: Context,
    request: Request,
    model: type[Message],
    stated: dict[str, object],
    act: Callable[[Context, Message, bytes], Answer],
) -> Answer:
    """Validate a form and perform its act, in a thread and in constant time."""
    return await rate_limits.in_constant_time(act, context, read(TypeAdapter(model), stated), context.origin(request))


def _enrolment_form(
    context: Context,
    request: Request,
    fields: dict[str, str],
    wrong: dict[str, str],
    proposal: Proposal | None = None,
) -> Response:
    content = {
        "proposal": proposal,
        "fields": fields,
        "wrong": wrong,
        "terms": enrolment.read_terms(context),
        "rendering": fields.get("rendering") or token_urlsafe(24),
        "departments": [(each.code, f"{each.code} · {each.name}") for each in DEPARTMENTS],
    }
    return page(request, "enrolment", content, INVALID if wrong else 200)


def _activation(fields: dict[str, str], wrong: dict[str, str]) -> dict[str, object]:
    return {"fields": kept_code(fields, wrong), "wrong": wrong, "least": passwords.MIN_LENGTH}


def _only(fields: dict[str, str], *names: str) -> dict[str, object]:
    return {name: fields[name] for name in names if name in fields}


router.include_router(acting)
