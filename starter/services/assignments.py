"""Cases given to a colleague in one act, with the reason: some, or all that an agent has in charge."""

from collections.abc import Sequence
from typing import NamedTuple

from models.bodies.unit import ReassignmentBody
from models.errors import Unknown
from models.roles import INSTRUCTING
from models.store.cases import requests, workload
from models.store.people import access_log, accounts, agents
from models.store.people.accounts import Account
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission


class ReassignmentReading(NamedTuple):
    """What a reassignment starts from: who asks, the open cases, the colleagues who may have them in charge."""

    reader: Account
    from_agent: Account | None
    references: tuple[str, ...]
    colleagues: tuple[Account, ...]


def read(
    context: Context, credential: PresentedCredential, references: Sequence[str] = (), from_agent: str = ""
) -> ReassignmentReading:
    """Return the cases that were chosen, or all open ones of an agent, and who may have them; raises `Unknown`."""
    with context.admit(credential, Verb.REASSIGN) as caller:
        agent = _agent(caller, from_agent) if from_agent else None
        chosen = _open_cases(caller, agent) if agent else _visible(caller, references)
        colleagues = accounts.list_charged(caller.connection, caller.account.departments, *INSTRUCTING)
        others = tuple(each for each in colleagues if agent is None or each.id != agent.id)
        return ReassignmentReading(caller.account, agent, tuple(chosen), others)


def reassign(context: Context, credential: PresentedCredential, submission: Submission[ReassignmentBody]) -> list[str]:
    """Give cases to a colleague, with the reason in the access log; returns their references.

    Raises `Unknown`, and `InvalidRequest` for none, or for a colleague of other départements.
    """
    with context.admit(credential, Verb.REASSIGN) as caller:
        body = submission.read()
        agent = _agent(caller, body.from_agent) if body.from_agent else None
        chosen = _open_cases(caller, agent) if agent else _visible(caller, body.references)
        if not chosen:
            raise fault("/references", "no-case", "Aucun dossier ouvert n’est à confier.")
        _refuse_stranger(caller, chosen, body.to_agent)
        for each in chosen:
            requests.assign(caller.connection, each, body.to_agent)
        access_log.append(
            caller.connection,
            "cases_reassigned",
            caller.account,
            to=body.to_agent,
            about=",".join(chosen),
            reason=body.reason,
            **({"account": agent.id} if agent else {}),
        )
    return chosen


def _agent(caller: Caller, agent_id: str) -> Account:
    """Return an agent of the caller’s départements, even closed; raises `Unknown`."""
    agent = agents.get(caller.connection, as_uuid(agent_id))
    if not set(agent.departments) & set(caller.account.departments):
        raise Unknown(agent_id)
    return agent


def _open_cases(caller: Caller, agent: Account) -> list[str]:
    return workload.list_open(caller.connection, agent.id, caller.account.departments)


def _visible(caller: Caller, references: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(caller.request(each).reference for each in references))


def _refuse_stranger(caller: Caller, references: Sequence[str], to_agent: str) -> None:
    """Refuse a colleague who does not instruct in the département of each case."""
    for department in {requests.get(caller.connection, each).department for each in references}:
        colleagues = accounts.list_in_charge(caller.connection, department, *INSTRUCTING)
        if to_agent not in {each.id for each in colleagues}:
            message = "Cet agent n’instruit pas dans tous les départements de ces dossiers."
            raise fault("/to_agent", "agent-unknown", message)
