"""A head manages its unit: agents of its départements, what they may sign, when they are away."""

import json
from collections.abc import Callable
from datetime import date, datetime

from fastapi import APIRouter

from models.bodies.unit import AgentBody, AgentChange, DelegationBody, LeaveBody
from models.identifiers import Message
from models.store.people import access_log, agents, delegations, leaves
from models.store.people.agents import AgentRecord
from models.store.people.delegations import DelegationRecord
from models.store.people.leaves import LeaveRecord
from starter.auth.caller import Caller, as_uuid
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.problems import fault
from starter.http.request_body import IdempotencyKey, JsonBody, RequestBody

router = APIRouter(tags=["Agent"])


class Delegation(Message):
    """A delegation of signature; `certificate` is an id of `signatories.json`."""

    id: str
    outcomes: tuple[str, ...]
    departments: tuple[str, ...]
    from_on: date
    until_on: date | None
    certificate: str
    act: str
    revoked_at: datetime | None


class Leave(Message):
    """Days away, both included, and who answers meanwhile."""

    id: str
    from_on: date
    until_on: date
    replacement_id: str | None


class Agent(Message):
    """An agent of the unit, with what it may sign and when it is away."""

    id: str
    role: str
    name: str
    email: str
    departments: tuple[str, ...]
    closed_at: datetime | None
    delegations: tuple[Delegation, ...]
    leaves: tuple[Leave, ...]


class Unit(Message):
    """Agents and heads who share a département with the caller."""

    items: tuple[Agent, ...]


class Made(Message):
    """The id of what was made, or changed."""

    id: str


@router.get("/unit", summary="Lire son unité")
def read_unit(context: AppContext, credential: Credential) -> Unit:
    """Lire les agents de ses départements, leurs délégations de signature et leurs absences."""
    with context.admit(credential, Verb.READ_UNIT) as caller:
        return unit_of(caller)


def unit_of(caller: Caller) -> Unit:
    """Return the agents of a caller's départements."""
    found = agents.list_agents(caller.connection, caller.account.departments)
    ids = [each.id for each in found]
    given = delegations.list_of(caller.connection, ids)
    absent = leaves.list_of(caller.connection, ids)
    return Unit(items=tuple(_agent(each, given, absent) for each in found))


def _agent(found: AgentRecord, given: list[DelegationRecord], absent: list[LeaveRecord]) -> Agent:
    return Agent(
        **found.model_dump(),
        delegations=tuple(_delegation(each) for each in given if each.account_id == found.id),
        leaves=tuple(_leave(each) for each in absent if each.account_id == found.id),
    )


def _delegation(found: DelegationRecord) -> Delegation:
    return Delegation.model_validate(found.model_dump(exclude={"account_id", "given_at"}))


def _leave(found: LeaveRecord) -> Leave:
    return Leave.model_validate(found.model_dump(exclude={"account_id", "cancelled_at"}))


@router.post(
    "/unit/agents", status_code=201, openapi_extra=accepts(AgentBody), summary="Ouvrir le compte d’un agent"
)
def open_agent(
    context: AppContext, credential: Credential, sent: JsonBody, key: IdempotencyKey = None
) -> Made:
    """Ouvrir le compte d’un agent de ses départements ; il se connecte par le fournisseur d’identité."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:

        def make() -> str:
            body = sent.read(AgentBody)
            _within(caller, body.departments, caller.account.departments)
            made = agents.open_account(caller.connection, body, context.settings.oidc_issuer)
            return _told(caller, "account_opened", made, made)

        return _once(caller, key, sent, make)


@router.patch("/unit/agents/{agent_id}", openapi_extra=accepts(AgentChange), summary="Modifier un agent")
def change_agent(context: AppContext, credential: Credential, agent_id: str, sent: JsonBody) -> Made:
    """Changer le rôle ou les départements d’un agent, clore son compte ou le rouvrir."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        found = _managed(caller, agent_id)
        body = sent.read(AgentChange)
        if body.departments:
            _within(caller, body.departments, caller.account.departments)
        agents.change(caller.connection, found.id, body)
        stated = body.model_dump(mode="json", exclude_none=True)
        _told(caller, "account_changed", found.id, found.id, changed=json.dumps(stated, sort_keys=True))
    return Made(id=found.id)


@router.post(
    "/unit/agents/{agent_id}/delegations",
    status_code=201,
    openapi_extra=accepts(DelegationBody),
    summary="Donner une délégation de signature",
)
def give_delegation(
    context: AppContext, credential: Credential, agent_id: str, sent: JsonBody, key: IdempotencyKey = None
) -> Made:
    """Inscrire une délégation de signature : quelles décisions, où, de quand à quand, sous quel acte."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        found = _managed(caller, agent_id)

        def make() -> str:
            body = sent.read(DelegationBody)
            if found.role != "signatory":
                raise fault("", "not-a-signatory", "Seul un signataire reçoit une délégation.")
            _within(caller, body.departments, found.departments)
            made = delegations.give(caller.connection, found.id, body, caller.account.id)
            return _told(caller, "delegation_given", found.id, made.id)

        return _once(caller, key, sent, make)


@router.delete("/unit/delegations/{delegation_id}", summary="Mettre fin à une délégation")
def revoke_delegation(context: AppContext, credential: Credential, delegation_id: str) -> Made:
    """Mettre fin à une délégation dès maintenant ; ce qui a été signé sous elle demeure."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        found = delegations.get(caller.connection, as_uuid(delegation_id))
        _managed(caller, found.account_id)
        delegations.revoke(caller.connection, found.id, caller.account.id)
        _told(caller, "delegation_revoked", found.account_id, found.id)
    return Made(id=found.id)


@router.post(
    "/unit/agents/{agent_id}/leaves",
    status_code=201,
    openapi_extra=accepts(LeaveBody),
    summary="Inscrire une absence",
)
def write_leave(
    context: AppContext, credential: Credential, agent_id: str, sent: JsonBody, key: IdempotencyKey = None
) -> Made:
    """Inscrire l’absence d’un agent et qui répond à sa place ; rappels et dossiers vont au remplaçant."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        found = _managed(caller, agent_id)

        def make() -> str:
            body = sent.read(LeaveBody)
            _replacement(caller, found, body.replacement_id)
            made = leaves.write(caller.connection, found.id, body, caller.account.id)
            return _told(caller, "leave_written", found.id, made.id)

        return _once(caller, key, sent, make)


@router.delete("/unit/leaves/{leave_id}", summary="Annuler une absence")
def cancel_leave(context: AppContext, credential: Credential, leave_id: str) -> Made:
    """Annuler une absence : l’agent répond de nouveau lui-même."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        found = leaves.get(caller.connection, as_uuid(leave_id))
        _managed(caller, found.account_id)
        leaves.cancel(caller.connection, found.id)
        _told(caller, "leave_cancelled", found.account_id, found.id)
    return Made(id=found.id)


def _once(caller: Caller, key: str | None, sent: RequestBody, make: Callable[[], str]) -> Made:
    """Make something, or find what the same key made before."""
    made = caller.remembered(key, sent.digest)
    if made is None:
        made = make()
        caller.remember(key, made)
    return Made(id=made)


def _told(caller: Caller, kind: str, account_id: str, made: str, **data: str) -> str:
    """Keep who changed what of whom, last in the transaction; returns the id of what was changed."""
    access_log.append(caller.connection, kind, caller.account, account=account_id, about=made, **data)
    return made


def _managed(caller: Caller, agent_id: str) -> AgentRecord:
    return agents.get_managed(caller.connection, as_uuid(agent_id), caller.account.departments)


def _within(caller: Caller, asked: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    if not set(asked) <= set(allowed) & set(caller.account.departments):
        message = "Un de ces départements n’est pas de l’unité, ou pas de l’agent."
        raise fault("/departments", "department-not-charged", message)


def _replacement(caller: Caller, absent: AgentRecord, replacement_id: str | None) -> None:
    if replacement_id is None:
        return
    colleagues = agents.list_agents(caller.connection, absent.departments)
    if replacement_id == absent.id or replacement_id not in {
        each.id for each in colleagues if not each.closed_at
    }:
        message = "Aucun collègue de cet agent ne porte cet identifiant."
        raise fault("/replacement_id", "agent-unknown", message)
