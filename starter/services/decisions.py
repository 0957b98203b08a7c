"""An agent's decision: previewed, taken, cancelled. The register judges it; the process then signs and notifies it."""

from typing import NamedTuple

from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from law.calendar import local
from models.bodies.decision import CancellationBody, DecisionBody, GrantBody, RefusalBody
from models.errors import Conflict, NotAllowed
from models.messages.case import Ref
from models.store.cases import deadlines, decisions, objections, requests
from models.store.cases.decisions import Proposal
from models.store.cases.records import DecisionRecord, RequestRecord
from models.store.database import case_now
from models.store.people import delegations
from models.store.people.delegations import DelegationRecord
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.request_body import Submission
from starter.services import jobs
from starter.services.case_schemas import Decision


class Rehearsal(NamedTuple):
    """A decision as it would be registered, and the delegation under which the caller would sign it."""

    decision: DecisionRecord
    delegation_id: str | None


DECISIONS: TypeAdapter[GrantBody | RefusalBody] = TypeAdapter(DecisionBody)


async def decide(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[GrantBody | RefusalBody],
) -> Decision:
    """Take a decision and return its state: notified, or still being signed.

    Raises `InvalidRequest`, `Unlawful`, 403 without a delegation, and `Conflict` naming what prevents it.
    """
    decision = await run_in_threadpool(register, context, credential, reference, submission)
    if decision.state in ("registered", "signed"):
        await context.engine.check_register("decide", Ref(reference=decision.reference, id=decision.id))
    return await run_in_threadpool(_current, context, decision.id)


def register(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[GrantBody | RefusalBody],
) -> DecisionRecord:
    """Register a decision without waiting for its signature, which follows by itself; raises like `decide`."""
    with context.admit(credential, Verb.DECIDE) as caller:
        case = caller.request(reference)
        in_force = _delegations(caller, case)
        if not in_force:
            raise _no_delegation()
        body = submission.read()
        delegation = _allowing(in_force, body.outcome)
        if delegation is None:
            raise _no_delegation()
        return decisions.register(
            caller.connection,
            case.reference,
            body,
            submission.digest,
            actor=caller.actor,
            delegation_id=delegation.id,
        )


async def preview(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[GrantBody | RefusalBody],
) -> tuple[str, bytes]:
    """Compose a decision without taking it; returns the reference and the PDF. Needs no delegation.

    Raises what `rehearse` would, 429 while too many are being composed, and `EngineUnavailable`.
    """
    proposal, _ = await run_in_threadpool(_rehearse, context, credential, reference, submission)
    return proposal.reference, await jobs.preview(context, proposal)


def rehearse(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[GrantBody | RefusalBody],
) -> Rehearsal:
    """Take a decision in a transaction of which nothing remains: raises what `decide` would, and composes no document.

    Needs no delegation, like a preview.
    """
    proposal, decision = _rehearse(context, credential, reference, submission)
    return Rehearsal(decision, proposal.delegation_id)


def cancel(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    decision_id: str,
    submission: Submission[CancellationBody],
) -> None:
    """Cancel a decision that is not signed yet: its author, or a head with a delegation for its outcome and a reason.

    Raises `NotAllowed`, `Unlawful`, and `Conflict` once it is signed.
    """
    with context.admit(credential, Verb.CANCEL_DECISION) as caller:
        case = caller.request(reference)
        reason = submission.read().reason or ""
        decisions.cancel(caller.connection, case.reference, decision_id, caller.actor, reason)


def _propose(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[GrantBody | RefusalBody],
) -> Proposal:
    with context.admit(credential, Verb.PREVIEW_DECISION) as caller:
        case = caller.request(reference)
        body = submission.read()
        objections.refuse_unlawful(caller.connection, case, body)
        caller.note_reading(case.reference)
        delegation = _allowing(_delegations(caller, case), body.outcome)
        return Proposal(
            reference=case.reference,
            body=body,
            digest=submission.digest.hex(),
            actor=caller.actor,
            delegation_id=delegation.id if delegation else None,
        )


def _rehearse(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[GrantBody | RefusalBody],
) -> tuple[Proposal, DecisionRecord]:
    proposal = _propose(context, credential, reference, submission)
    with context.database.trial() as connection:
        return proposal, decisions.take(connection, proposal)


def _delegations(caller: Caller, case: RequestRecord) -> list[DelegationRecord]:
    """Return the delegations under which the caller may sign decisions of a case today."""
    today = local(case_now(caller.connection, case.reference), case.department).date()
    return delegations.list_in_force(caller.connection, caller.account.id, case.department, today)


def _allowing(in_force: list[DelegationRecord], outcome: str) -> DelegationRecord | None:
    """Return the latest delegation that allows an outcome, or None."""
    return next((each for each in in_force if outcome in each.outcomes), None)


def _no_delegation() -> NotAllowed:
    return NotAllowed("Aucune délégation de signature en vigueur ne vous permet de prendre cette décision.")


def _current(context: Context, decision_id: str) -> Decision:
    """Return a decision unless it is void or cancelled; raises `Conflict` then."""
    with context.database.begin() as connection:
        decision = decisions.get(connection, decision_id)
        case = requests.get(connection, decision.reference)
        if decision.state in ("void", "cancelled"):
            deadlines.refuse_if_over(case, case_now(connection, case.reference))
            raise Conflict("already-decided", "Cette décision a été reprise avant d’être signée.")
    return Decision.of(decision, case.department)
