"""The page of an establishment: its members and the mandates it has given. The API offers the same acts."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from law.texts import in_french
from models.bodies.account import InvitationBody, MandateBody, RoleBody
from models.errors import Conflict
from models.identifiers import NamedSiret
from models.store.people.mandates import MandateRecord
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.http.request_body import read
from starter.pages.components.form_keys import KEY_FIELD, key_of, new_key
from starter.pages.components.forms import form_submission, french_days
from starter.pages.components.page_links import list_part
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying, said
from starter.pages.components.session_forms import session_act, session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, visitor_fields
from starter.services import establishments, mandates, members
from starter.services.establishments import EstablishmentReading

router = APIRouter(include_in_schema=False)

Body = TypeVar("Body", bound=BaseModel)
FIELDS: Final = {f"/{each}": each for each in ("name", "email", "starts_on", "ends_on", "password")}
INVALID: Final = TITLES["invalid-input"][0]
PATH: Final = "/establishments/{siret}"
SHOWN_ROWS: Final = 20
"""Members shown at once, and mandates."""


@router.get(PATH)
def establishment_page(context: AppContext, request: Request, visitor: SessionRequired, siret: NamedSiret) -> Response:
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
    content = visitor_fields(reading.reader, visitor) | _content(reading, request.query_params)
    content |= {"wrong": wrong or {}, "fields": safe, "form": form, "said": said(request, visitor), "new_key": new_key}
    return page(request, "establishment", content, INVALID if wrong else 200)


def _content(reading: EstablishmentReading, stated: Mapping[str, str]) -> dict[str, object]:
    path = PATH.format(siret=reading.establishment.siret)
    people = list_part(reading.members, path, stated, SHOWN_ROWS, "members", ("mandates",))
    given = list_part(reading.mandates, path, stated, SHOWN_ROWS, "mandates", ("members",))
    return {
        "establishment": reading.establishment,
        "leads": reading.reader_leads,
        "members": [(each, each.role.label) for each in people.rows],
        "other_members": people.links,
        "mandates": [(each, *_period_and_state(each)) for each in given.rows],
        "other_mandates": given.links,
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
async def invite(context: AppContext, request: Request, visitor: SessionOptional, siret: NamedSiret) -> Response:
    """Invite somebody, like `POST /api/v1/members`."""
    return await _perform(context, request, visitor, siret, InvitationBody, members.invite)


@router.post(f"{PATH}/mandates")
async def give(context: AppContext, request: Request, visitor: SessionOptional, siret: NamedSiret) -> Response:
    """Give a mandate, like `POST /api/v1/mandates`."""
    return await _perform(context, request, visitor, siret, MandateBody, mandates.give_mandate)


async def _perform(
    context: Context,
    request: Request,
    visitor: PresentedCredential | None,
    siret: str,
    model: type[Body],
    perform: Callable[[Context, PresentedCredential, Body, str], object],
) -> Response:
    """Perform the act of a form for an establishment; if it is invalid, show it again, filled in, with its errors."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        fields = french_days(form.fields, ("starts_on", "ends_on"))
        stated = {name: value for name, value in fields.items() if name != KEY_FIELD}
        perform(context, session, read(TypeAdapter(model), stated | {"siret": siret}), key_of(fields))
        done = "mandate" if model is MandateBody else "invited"
        return redirect_saying(PATH.format(siret=siret), done, session)

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _view(context, request, session, siret, wrong, form.fields, model.__name__)

    return await session_form(request, visitor, act, again, FIELDS)


@router.post(f"{PATH}/members/removal")
async def remove(context: AppContext, request: Request, visitor: SessionOptional, siret: NamedSiret) -> Response:
    """Remove a member, like `DELETE /api/v1/members/{id}`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        try:
            own = members.remove(context, session, siret, form.fields.get("id", ""))
        except Conflict as conflict:
            return _view(context, request, session, siret, {"form": conflict.detail})
        if own:
            return redirect_saying("/account", "left", session)
        return redirect_saying(PATH.format(siret=siret), "removed", session)

    return await session_act(request, visitor, act)


@router.post(f"{PATH}/members/role")
async def change_role(context: AppContext, request: Request, visitor: SessionOptional, siret: NamedSiret) -> Response:
    """Change the role of a member, like `PATCH /api/v1/members/{id}`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        role = form_submission(RoleBody, {"role": form.fields.get("role", "")})
        try:
            members.change_role(context, session, siret, form.fields.get("id", ""), role)
        except Conflict as conflict:
            return _view(context, request, session, siret, {"form": conflict.detail})
        return redirect_saying(PATH.format(siret=siret), "role", session)

    return await session_act(request, visitor, act, PATH.format(siret=siret))


@router.post(f"{PATH}/members/invitation")
async def invite_again(context: AppContext, request: Request, visitor: SessionOptional, siret: NamedSiret) -> Response:
    """Send an invitation again, like `POST /api/v1/members/{id}/invitation`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        members.invite_again(context, session, siret, form.fields.get("id", ""))
        return redirect_saying(PATH.format(siret=siret), "invited", session)

    return await session_act(request, visitor, act, PATH.format(siret=siret))


@router.post(f"{PATH}/mandates/invitation")
async def offer_again(context: AppContext, request: Request, visitor: SessionOptional, siret: NamedSiret) -> Response:
    """Offer a mandate again, like `POST /api/v1/mandates/{id}/invitation`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        mandates.offer_again(context, session, form.fields.get("id", ""))
        return redirect_saying(PATH.format(siret=siret), "mandate", session)

    return await session_act(request, visitor, act, PATH.format(siret=siret))


@router.post(f"{PATH}/mandates/revocation")
async def revoke(context: AppContext, request: Request, visitor: SessionOptional, siret: NamedSiret) -> Response:
    """Revoke a mandate, like `DELETE /api/v1/mandates/{id}`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        mandates.revoke_mandate(context, session, form.fields.get("id", ""))
        return redirect_saying(PATH.format(siret=siret), "revoked", session)

    return await session_act(request, visitor, act)
