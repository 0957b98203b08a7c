"""Accounts and their tokens, for operators: looked for, and revoked after a page that asks."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from models.roles import LABELS
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest, unknown
from starter.http.request_body import read
from starter.pages.components.forms import beside
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import session_act
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.pages.operator import words
from starter.pages.operator.operations import TABS
from starter.services import account_lists
from starter.services.account_lists import AccountSearch

router = APIRouter(include_in_schema=False)

SEARCH: Final[TypeAdapter[AccountSearch]] = TypeAdapter(AccountSearch)
ROLE_OPTIONS: Final = tuple(LABELS.items())
NAMES: Final = ("role", "q")
FIELDS: Final = {f"/{name}": name for name in NAMES}
INVALID: Final = TITLES["invalid-input"][0]
ALL: Final = "all"
"""In place of the id of a token: all those of the account."""


@router.get("/operations/accounts")
def accounts(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Look for accounts by role, name, address or id."""
    fields = {name: value.strip() for name in NAMES if (value := request.query_params.get(name, "")).strip()}
    wrong: dict[str, str] = {}
    try:
        search = read(SEARCH, fields)
    except InvalidRequest as refused:
        wrong, search = beside(refused.faults, FIELDS), AccountSearch()
    found = account_lists.list_accounts(context, visitor, search)
    content = {"found": found, "fields": fields, "wrong": wrong, "roles": ROLE_OPTIONS}
    return _page(request, "accounts", content, INVALID if wrong else 200)


@router.get("/operations/accounts/{account_id}")
def account(
    context: AppContext, request: Request, visitor: SessionRequired, account_id: str, fait: str = ""
) -> Response:
    """Show an account and its tokens in force."""
    found = account_lists.list_tokens(context, visitor, account_id)
    said = "Révoqué : ce jeton n’ouvre plus rien." if fait else ""
    return _page(request, "account_tokens", {"account": found.account, "tokens": found.tokens, "said": said})


@router.get("/operations/accounts/{account_id}/revocation")
def confirm(
    context: AppContext, request: Request, visitor: SessionRequired, account_id: str, token: str = ALL
) -> Response:
    """Ask before tokens are revoked."""
    found = account_lists.list_tokens(context, visitor, account_id)
    chosen = [each for each in found.tokens if token in (ALL, each.id)]
    if not chosen:
        raise unknown()
    return _page(request, "revocation", {"account": found.account, "chosen": chosen, "token": token})


@router.post("/operations/accounts/{account_id}/revocation")
async def revoke(context: AppContext, request: Request, visitor: SessionOptional, account_id: str) -> Response:
    """Revoke a token, or all those of an account, like the API."""
    return await session_act(request, visitor, partial(_revoke, context, account_id))


def _revoke(context: Context, account_id: str, form: TypedForm, visitor: PresentedCredential) -> Response:
    token = form.fields.get("token", "")
    if token == ALL:
        account_lists.revoke_all(context, visitor, account_id)
    else:
        account_lists.revoke_token(context, visitor, account_id, token)
    return redirect(f"/operations/accounts/{account_id}?fait=revoque")


def _page(request: Request, name: str, content: Mapping[str, object], status: int = 200) -> Response:
    return page(request, f"operator/{name}", {"words": words, "labels": LABELS, "tabs": TABS, **content}, status)
