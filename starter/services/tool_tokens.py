"""Tokens for the tools of an agent: a head allows them, and the agent makes them in a session that is strong enough.

A session is strong enough by a one-time code, a passkey, or a provider of identities whose level is required.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from law.calendar import local, midnight
from law.directory import PARIS
from law.texts import in_french
from models.bodies.unit import ToolTokenBody
from models.errors import NotAllowed
from models.labels import TokenScope
from models.roles import INSTRUCTING, SIGNING
from models.store.database import now
from models.store.people import agents, sessions, tokens, tool_access
from models.store.people.accounts import Account
from models.store.people.tokens import TokenRecord
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services.tokens import IssuedToken, TokenTerms, issue_once


class ToolsReading(NamedTuple):
    """What an agent may make for their tools, and the tokens in force."""

    reader: Account
    allowed: bool
    """Whether a head allows it."""
    strong: bool
    """Whether this session is strong enough."""
    scopes: tuple[TokenScope, ...]
    tokens: tuple[TokenRecord, ...]
    latest_on: str
    """Last day that a token may be given, in ISO."""


def allow(context: Context, credential: PresentedCredential, agent_id: str) -> str:
    """Allow an agent of the unit to make tokens; raises `Unknown`."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        agent = agents.get_managed(caller.connection, as_uuid(agent_id), caller.account.departments)
        tool_access.allow(caller.connection, agent.id, caller.actor)
    return agent.id


def end_access(context: Context, credential: PresentedCredential, agent_id: str) -> str:
    """End the access of an agent of the unit, and every token of theirs; raises `Unknown`."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        agent = agents.get_managed(caller.connection, as_uuid(agent_id), caller.account.departments)
        tool_access.revoke(caller.connection, agent.id, caller.actor)
    return agent.id


def read(context: Context, credential: PresentedCredential) -> ToolsReading:
    """Return the tokens of one’s tools, and what may be made."""
    with context.admit(credential, Verb.MANAGE_TOOLS) as caller:
        return ToolsReading(
            reader=caller.account,
            allowed=tool_access.is_allowed(caller.connection, caller.account.id),
            strong=_is_strong(context, caller),
            scopes=_scopes(caller.account),
            tokens=tuple(tokens.list_of(caller.connection, caller.account.id)),
            latest_on=(_today(caller) + timedelta(days=context.settings.tool_token_days)).isoformat(),
        )


def issue(context: Context, credential: PresentedCredential, submission: Submission[ToolTokenBody]) -> IssuedToken:
    """Issue a token, once for an idempotency key; its secret is shown in this answer only.

    Raises `NotAllowed` without the access or a strong session, `InvalidRequest`, and `QuotaReached`.
    """
    with context.admit(credential, Verb.MANAGE_TOOLS) as caller:
        body = submission.read()
        if not _is_strong(context, caller):
            raise NotAllowed("Connectez-vous par votre fournisseur d’identité ou avec un second facteur.")
        if not tool_access.is_allowed(caller.connection, caller.account.id):
            raise NotAllowed("Votre chef d’unité ne vous a pas ouvert l’accès à l’API pour vos outils.")
        terms = TokenTerms(body.label, body.scope, _end(context, caller, body))
        if body.scope not in _scopes(caller.account):
            raise fault("/scope", "scope-beyond-role", "Votre rôle ne donne pas ces droits.")
        return issue_once(context, caller, terms, submission.key)


def revoke(context: Context, credential: PresentedCredential, token_id: str) -> None:
    """Revoke a token of one’s own, at once; raises `Unknown`."""
    with context.admit(credential, Verb.MANAGE_TOOLS) as caller:
        tokens.revoke(caller.connection, caller.account.id, as_uuid(token_id), caller.actor)


def _scopes(account: Account) -> tuple[TokenScope, ...]:
    """Return what tokens of an account may give: no more than its role."""
    found = [TokenScope.READ]
    found += [TokenScope.INSTRUCT] if account.role in INSTRUCTING else []
    found += [TokenScope.DECIDE] if account.role in SIGNING else []
    return tuple(found)


def _is_strong(context: Context, caller: Caller) -> bool:
    method = sessions.find_method(caller.connection, caller.session or "")
    return method in ("totp", "passkey") or (method == "oidc" and bool(context.settings.oidc_acr))


def _end(context: Context, caller: Caller, body: ToolTokenBody) -> datetime:
    """Return the end of a token, at midnight after its last day; raises `InvalidRequest` beyond the longest life."""
    today = _today(caller)
    if body.until_on < today:
        raise fault("/until_on", "already-past", "Ce jour est déjà passé.")
    latest = today + timedelta(days=context.settings.tool_token_days)
    if body.until_on > latest:
        raise fault("/until_on", "too-late", f"Choisissez au plus tard le {in_french(latest)}.")
    return midnight(body.until_on + timedelta(days=1), PARIS)


def _today(caller: Caller) -> date:
    return local(now(caller.connection), PARIS).date()
