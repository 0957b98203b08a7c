"""The page of an establishment: its members and the mandates it has given. The API offers the same acts."""

from collections.abc import Callable
from typing import Final, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.texts import in_french
from models.bodies.account import InvitationBody, MandateBody
from models.errors import Conflict
from models.store.people.mandates import MandateRecord
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import beside
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionRequired, redirect, session_form, visitor_fields
from starter.services import establishments, mandates, members
from starter.services.establishments import EstablishmentReading

router = APIRouter(include_in_schema=False)

Body = TypeVar("Body", bound=BaseModel)
FIELDS: Final = {f"/{each}": each for each in ("name", "email", "starts_on", "ends_on", "password")}
INVALID: Final = TITLES["invalid-input"][0]
PATH: Final = "/establishments/{siret}"


@router.get(PATH)
def establishment_page(context: AppContext, request: Request, visitor: SessionRequired, siret: str) -> Response:
    """Show the members and mandates of an establishment."""
    return _view(context, request, visitor, siret)


def _view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    siret: str,
    wrong: dict[str, str] | None = None,
    fields: dict[str, str] | None = None,
    form: str = "",
) -> Response:
    reading = establishments.read_establishment(context, visitor, siret)
    safe = {name: value for name, value in (fields or {}).items() if name != "password"}
    content = visitor_fields(reading.reader, visitor) | _content(reading)
    content |= {"wrong": wrong or {}, "fields": safe, "form": form}
    return page(request, "establishment", content, INVALID if wrong else 200)


def _content(reading: EstablishmentReading) -> dict[str, object]:
    return {
        "establishment": reading.establishment,
        "leads": reading.reader_leads,
        "members": [(each, each.role.label) for each in reading.members],
        "mandates": [(each, *_period_and_state(each)) for each in reading.mandates],
        "own": reading.reader.id,
    }


def _period_and_state(mandate: MandateRecord) -> tuple[str, str]:
    """Return the period and the state of a mandate, in French."""
    period = f"du {in_french(mandate.starts_on)} au {in_french(mandate.ends_on)}"
    if mandate.revoked_at:
        return period, "révoqué"
    if not mandate.accepted_at:
        return period, "en attente d’acceptation"
    return period, "en vigueur" if mandate.in_force else "hors de sa période"


@router.post(f"{PATH}/members")
async def invite(context: AppContext, request: Request, visitor: SessionRequired, siret: str) -> Response:
    """Invite somebody, like `POST /api/v1/members`."""
    return await _perform(context, request, visitor, siret, InvitationBody, members.invite)


@router.post(f"{PATH}/mandates")
async def give(context: AppContext, request: Request, visitor: SessionRequired, siret: str) -> Response:
    """Give a mandate, like `POST /api/v1/mandates`."""
    return await _perform(context, request, visitor, siret, MandateBody, mandates.give_mandate)


async def _perform(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    siret: str,
    model: type[Body],
    act: Callable[[Context, PresentedCredential, Body], object],
) -> Response:
    """Perform the act of a form for an establishment; if it is invalid, show it again, filled in, with its errors."""
    fields = await session_form(request, visitor)
    try:
        body = read(TypeAdapter(model), fields | {"siret": siret})
        await run_in_threadpool(act, context, visitor, body)
    except InvalidRequest as refused:
        wrong, form = beside(refused.faults, FIELDS), model.__name__
        return await run_in_threadpool(_view, context, request, visitor, siret, wrong, fields, form)
    return redirect(PATH.format(siret=siret))


@router.post(f"{PATH}/members/removal")
async def remove(context: AppContext, request: Request, visitor: SessionRequired, siret: str) -> Response:
    """Remove a member, like `DELETE /api/v1/members/{id}`."""
    fields = await session_form(request, visitor)
    try:
        await run_in_threadpool(members.remove, context, visitor, siret, fields.get("id", ""))
    except Conflict as conflict:
        wrong = {"form": conflict.detail}
        return await run_in_threadpool(_view, context, request, visitor, siret, wrong)
    return redirect(PATH.format(siret=siret))


@router.post(f"{PATH}/mandates/revocation")
async def revoke(context: AppContext, request: Request, visitor: SessionRequired, siret: str) -> Response:
    """Revoke a mandate, like `DELETE /api/v1/mandates/{id}`."""
    fields = await session_form(request, visitor)
    await run_in_threadpool(mandates.revoke_mandate, context, visitor, fields.get("id", ""))
    return redirect(PATH.format(siret=siret))
