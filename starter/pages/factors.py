"""Pages of one-time codes and passkeys; passkeys themselves are made by a script, through the API."""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.access import ConfirmedBody, OneTimeBody
from starter import factors, passkeys
from starter.access import Verb
from starter.house import House, Inside
from starter.pages.account import INVALID, shown
from starter.pages.forms import beside
from starter.pages.rendering import SCRIPTED, page
from starter.pages.visiting import Visitor, me, posted, see
from starter.passes import Pass
from starter.problems import Wrong
from starter.reading import read

router = APIRouter(include_in_schema=False)

PASSWORD: Final = {"/password": "totp"}
CODE: Final = {"/code": "code"}


@router.post("/account/totp")
async def begin(house: Inside, request: Request, visitor: Visitor) -> Response:
    """Draw the secret of one-time codes, as `POST /api/v1/account/totp` makes it."""
    fields = await posted(request, visitor)
    try:
        body = read(TypeAdapter(ConfirmedBody), fields)
        begun = await run_in_threadpool(factors.begin_codes, house, visitor, body.password)
    except Wrong as wrong:
        return await run_in_threadpool(shown, house, request, visitor, wrong=beside(wrong.faults, PASSWORD))
    return await run_in_threadpool(_drawn, house, request, visitor, begun, {})


def _drawn(
    house: House, request: Request, visitor: Pass, begun: factors.Begun, wrong: dict[str, str]
) -> Response:
    with house.admit(visitor, Verb.PROTECT_ACCOUNT) as caller:
        told = me(caller) | {"begun": begun, "wrong": wrong}
    return page(request, "totp", told, INVALID if wrong else 200, SCRIPTED)


@router.post("/account/totp/confirmation")
async def confirm(house: Inside, request: Request, visitor: Visitor) -> Response:
    """Ask for codes from now on; the secret is drawn again when the code was wrong."""
    fields = await posted(request, visitor)
    try:
        body = read(TypeAdapter(OneTimeBody), fields)
        await run_in_threadpool(factors.confirm_codes, house, visitor, body.code)
    except Wrong as wrong:
        begun = await run_in_threadpool(factors.begun, house, visitor)
        return await run_in_threadpool(_drawn, house, request, visitor, begun, beside(wrong.faults, CODE))
    return see("/account")


@router.post("/account/totp/removal")
async def drop(house: Inside, request: Request, visitor: Visitor) -> Response:
    """Ask for no code any more."""
    fields = await posted(request, visitor)
    try:
        body = read(TypeAdapter(ConfirmedBody), fields)
        await run_in_threadpool(factors.drop_codes, house, visitor, body.password)
    except Wrong as wrong:
        return await run_in_threadpool(shown, house, request, visitor, wrong=beside(wrong.faults, PASSWORD))
    return see("/account")


@router.post("/account/passkeys/removal")
async def drop_passkey(house: Inside, request: Request, visitor: Visitor) -> Response:
    """Drop a passkey, as `DELETE /api/v1/account/passkeys/{id}` does."""
    fields = await posted(request, visitor)
    await run_in_threadpool(passkeys.drop, house, visitor, fields.get("id", ""))
    return see("/account")
