"""The accounts of an installation and their tokens, for operators: looked for, and revoked."""

from typing import Annotated, NamedTuple

from models.roles import Role
from models.store.people import account_lists, agents, tokens
from models.store.people.account_lists import ListedAccount
from models.store.people.accounts import Account
from models.store.people.tokens import TokenInForce
from models.texts import TextForm
from starter.auth.caller import as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.request_body import ListParameters


class AccountSearch(ListParameters):
    """Which accounts: of a role, or found by some words."""

    role: Role | None = None
    q: Annotated[str, TextForm("line", 100)] | None = None


class AccountPage(NamedTuple):
    """Accounts, and whether there are more than are shown."""

    items: list[ListedAccount]
    more: bool


class AccountTokens(NamedTuple):
    """An account and its tokens in force."""

    account: Account
    tokens: list[TokenInForce]


def list_accounts(context: Context, credential: PresentedCredential, search: AccountSearch) -> AccountPage:
    """Return the accounts that a search finds, by name; the reading is logged."""
    with context.admit(credential, Verb.READ_ACCOUNTS) as caller:
        caller.note_reading("accounts")
        found = account_lists.list_accounts(caller.connection, search.role, search.q)
        return AccountPage(found[: account_lists.MAX_ROWS], len(found) > account_lists.MAX_ROWS)


def list_tokens(context: Context, credential: PresentedCredential, account_id: str) -> AccountTokens:
    """Return an account and its tokens in force, newest first; raises `Unknown`. The reading is logged."""
    identity = as_uuid(account_id)
    with context.admit(credential, Verb.READ_ACCOUNTS) as caller:
        account = agents.get(caller.connection, identity)
        caller.note_reading(account.id)
        return AccountTokens(account, tokens.list_in_force(caller.connection, account.id))


def revoke_token(context: Context, credential: PresentedCredential, account_id: str, token_id: str) -> None:
    """Revoke one token of an account at once; raises `Unknown`."""
    owner, token = as_uuid(account_id), as_uuid(token_id)
    with context.admit(credential, Verb.REVOKE_TOKENS) as caller:
        tokens.revoke(caller.connection, owner, token, caller.actor)


def revoke_all(context: Context, credential: PresentedCredential, account_id: str) -> int:
    """Revoke every token of an account at once; returns how many. Raises `Unknown` for an account that is none."""
    owner = as_uuid(account_id)
    with context.admit(credential, Verb.REVOKE_TOKENS) as caller:
        account = agents.get(caller.connection, owner)
        return tokens.revoke_all(caller.connection, account.id, caller.actor)
