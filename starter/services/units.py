"""Management of a unit by its head: accounts of agents, delegations of signature, absences.

Every act returns the id of what was created or changed, and is written to the access log.
"""

import json
from typing import NamedTuple

from models.bodies.unit import AgentBody, AgentChange, DelegationBody, LeaveBody
from models.store.people import access_log, agents, delegations, leaves
from models.store.people.accounts import Account
from models.store.people.agents import AgentRecord
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services import unit_view
from starter.services.unit_view import Unit


class UnitReading(NamedTuple):
    """A unit, and the account that reads it."""

    reader: Account
    unit: Unit


def read(context: Context, credential: PresentedCredential) -> UnitReading:
    """Return the agents of the caller's départements."""
    with context.admit(credential, Verb.READ_UNIT) as caller:
        return UnitReading(caller.account, unit_view.unit(caller))


def open_agent(context: Context, credential: PresentedCredential, submission: Submission[AgentBody]) -> str:
    """Open an agent's account in the unit's départements; raises `InvalidRequest`, `Conflict`."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:

        def create() -> str:
            body = submission.read()
            _check_departments(caller, body.departments, caller.account.departments)
            return agents.open_account(caller.connection, body, context.settings.oidc_issuer, caller.actor)

        return caller.once(submission.key, submission.digest, create)


def change_agent(
    context: Context, credential: PresentedCredential, agent_id: str, submission: Submission[AgentChange]
) -> str:
    """Change an agent's role, address or départements, close the account or reopen it; raises `Unknown`."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        agent = _managed(caller, agent_id)
        change = submission.read()
        if change.departments:
            _check_departments(caller, change.departments, caller.account.departments)
        agents.change(caller.connection, agent.id, change, caller.actor)
        members = change.model_dump(mode="json", exclude_none=True)
        if change.email:
            members["email"] = "changed"  # an event is never deleted: it names no address
        _log(caller, "account_changed", agent.id, agent.id, changed=json.dumps(members, sort_keys=True))
    return agent.id


def give_delegation(
    context: Context, credential: PresentedCredential, agent_id: str, submission: Submission[DelegationBody]
) -> str:
    """Give a signatory a delegation of signature; raises `Unknown`, `InvalidRequest`."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        agent = _managed(caller, agent_id)

        def create() -> str:
            body = submission.read()
            if agent.role != "signatory":
                raise fault("", "not-a-signatory", "Seul un signataire reçoit une délégation.")
            _check_departments(caller, body.departments, agent.departments)
            return delegations.give(caller.connection, agent.id, body, caller.account.id).id

        return caller.once(submission.key, submission.digest, create)


def revoke_delegation(context: Context, credential: PresentedCredential, delegation_id: str) -> str:
    """End a delegation now; what was signed under it remains valid. Raises `Unknown`."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        delegation = delegations.get(caller.connection, as_uuid(delegation_id))
        _managed(caller, delegation.account_id)
        delegations.revoke(caller.connection, delegation.id, caller.actor)
    return delegation.id


def record_leave(
    context: Context, credential: PresentedCredential, agent_id: str, submission: Submission[LeaveBody]
) -> str:
    """Record an agent's absence: reminders and cases go to the replacement; raises `Unknown`, `InvalidRequest`."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        agent = _managed(caller, agent_id)

        def create() -> str:
            body = submission.read()
            _check_replacement(caller, agent, body.replacement_id)
            leave = leaves.write(caller.connection, agent.id, body, caller.account.id)
            return _log(caller, "leave_written", agent.id, leave.id)

        return caller.once(submission.key, submission.digest, create)


def cancel_leave(context: Context, credential: PresentedCredential, leave_id: str) -> str:
    """Cancel an absence: reminders and cases go to the agent again; raises `Unknown`."""
    with context.admit(credential, Verb.MANAGE_UNIT) as caller:
        leave = leaves.get(caller.connection, as_uuid(leave_id))
        _managed(caller, leave.account_id)
        leaves.cancel(caller.connection, leave.id)
        return _log(caller, "leave_cancelled", leave.account_id, leave.id)


def _managed(caller: Caller, agent_id: str) -> AgentRecord:
    return agents.get_managed(caller.connection, as_uuid(agent_id), caller.account.departments)


def _log(caller: Caller, kind: str, account_id: str, changed_id: str, /, **data: str) -> str:
    """Log a change, last in the transaction; returns the id of what was changed."""
    access_log.append(caller.connection, kind, caller.account, account=account_id, about=changed_id, **data)
    return changed_id


def _check_departments(caller: Caller, departments: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    if not set(departments) <= set(allowed) & set(caller.account.departments):
        message = "Un de ces départements n’est pas de l’unité, ou pas de l’agent."
        raise fault("/departments", "department-not-charged", message)


def _check_replacement(caller: Caller, absent: AgentRecord, replacement_id: str | None) -> None:
    if replacement_id is None:
        return
    colleagues = agents.list_agents(caller.connection, absent.departments)
    open_accounts = {each.id for each in colleagues if not each.closed_at}
    if replacement_id == absent.id or replacement_id not in open_accounts:
        message = "Aucun collègue de cet agent ne porte cet identifiant."
        raise fault("/replacement_id", "agent-unknown", message)
