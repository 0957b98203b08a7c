"""Pages to enrol, request another code, correct an address and activate: plain forms, without scripts."""

from collections.abc import Callable
from typing import Final, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.calendar import local
from law.directory import DEPARTMENTS, PARIS, department
from law.texts import instant_in_french
from models.bodies.enrolment import ActivationBody, EnrolmentBody, ReaddressBody, ResendBody
from starter.auth import passwords, rate_limits
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import beside, form_fields
from starter.pages.components.rendering import page
from starter.services import activation, enrolment

router = APIRouter(include_in_schema=False)

Message = TypeVar("Message", bound=BaseModel)
Answer = TypeVar("Answer")
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
INVALID: Final = TITLES["invalid-input"][0]


@router.get("/enrolment")
def enrolment_form(context: AppContext, request: Request) -> Response:
    """Show the enrolment form, with the terms of use."""
    return _enrolment_form(context, request, {}, {})


@router.post("/enrolment")
async def enrol(context: AppContext, request: Request) -> Response:
    """Enrol, like `POST /api/v1/enrolments`; if the form is invalid, show it again, filled in, with its errors."""
    fields = await form_fields(request)
    body = {name: fields[name] for name in ("siret", "name", "address", "department", "email") if name in fields}
    person = {"name": fields.get("person"), "quality": fields.get("quality")}
    accepted = {"version": fields.get("version"), "accepted": "accepted" in fields}
    stated = body | {
        "person": {name: value for name, value in person.items() if value},
        "terms": {name: value for name, value in accepted.items() if value},
    }
    try:
        enrolled = await _perform(context, request, EnrolmentBody, stated, enrolment.enrol)
    except InvalidRequest as wrong:
        sentences = beside(wrong.faults, ENROLMENT_FIELDS)
        if sentences.keys() & {"accepted"}:
            sentences["accepted"] = "Lisez les conditions en vigueur et acceptez-les."
        return await run_in_threadpool(_enrolment_form, context, request, fields, sentences)
    own = department(str(fields.get("department", PARIS)))
    content = {
        "enrolment": enrolled,
        "requested_at": instant_in_french(local(enrolled.requested_at, own.code)),
        "due_at": instant_in_french(local(enrolled.credentials_due_at, own.code)),
        "legal_time": own.legal_time,
        "email": fields["email"],
    }
    return page(request, "enrolled", content)


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
    return page(request, "enrolment_advice", {"advice": enrolment.ADVICE})


@router.post("/enrolment/address")
async def readdress(context: AppContext, request: Request) -> Response:
    """Correct an address, like `POST /api/v1/enrolments/email`."""
    fields = await form_fields(request)
    try:
        await _perform(context, request, ReaddressBody, _only(fields, "id", "key", "email"), enrolment.readdress)
    except InvalidRequest as wrong:
        content = {name: fields.get(name, "") for name in ("id", "key", "email")}
        return page(request, "address", content | {"wrong": wrong.faults[0].message}, INVALID)
    return page(request, "enrolment_advice", {"advice": enrolment.ADVICE})


@router.get("/activation")
async def activation_form(request: Request, code: str = "") -> Response:
    """Show the activation form; the link in the mail fills in the code."""
    return page(request, "activation", _activation({"code": code[:100]}, {}))


@router.post("/activation")
async def activate(context: AppContext, request: Request) -> Response:
    """Activate, like `POST /api/v1/enrolments/activation`, and show the token this once."""
    fields = await form_fields(request)
    try:
        activated = await _perform(
            context,
            request,
            ActivationBody,
            _only(fields, "code", "password", "one_time"),
            activation.activate,
        )
    except InvalidRequest as wrong:
        content = _activation(fields, beside(wrong.faults, SIMPLE_FIELDS))
        return page(request, "activation", content, INVALID)
    return page(request, "activated", {"activated": activated})


async def _perform(
    context: Context,
    request: Request,
    model: type[Message],
    stated: dict[str, object],
    act: Callable[[Context, Message, bytes], Answer],
) -> Answer:
    """Validate a form and perform its act, in a thread and in constant time."""
    return await rate_limits.in_constant_time(act, context, read(TypeAdapter(model), stated), context.origin(request))


def _enrolment_form(context: Context, request: Request, fields: dict[str, str], wrong: dict[str, str]) -> Response:
    content = {
        "fields": fields,
        "wrong": wrong,
        "terms": enrolment.read_terms(context),
        "departments": [(each.code, each.name) for each in DEPARTMENTS],
    }
    return page(request, "enrolment", content, INVALID if wrong else 200)


def _activation(fields: dict[str, str], wrong: dict[str, str]) -> dict[str, object]:
    return {"fields": {"code": fields.get("code", "")}, "wrong": wrong, "least": passwords.MIN_LENGTH}


def _only(fields: dict[str, str], *names: str) -> dict[str, object]:
    return {name: fields[name] for name in names if name in fields}
