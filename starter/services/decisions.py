"""An agent's decision: previewed, taken, cancelled. The register judges it; the process then signs and notifies it."""

from fastapi_problem.error import Problem
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from law.calendar import local
from models.bodies.decision import DecisionBody, GrantBody, RefusalBody
from models.errors import Conflict
from models.messages.case import Ref
from models.store.cases import deadlines, decisions, requests
from models.store.cases.decisions import Proposal
from models.store.cases.records import DecisionRecord, RequestRecord
from models.store.database import case_now
from models.store.people import delegations
from models.store.people.delegations import DelegationRecord
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import problem
from starter.http.request_body import Submission
from starter.services import jobs
from starter.services.case_schemas import Decision

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
    decision = await run_in_threadpool(_register, context, credential, reference, submission)
    if decision.state in ("registered", "signed"):
        await context.engine.check_register("decide", Ref(reference=decision.reference, id=decision.id))
    return await run_in_threadpool(_current, context, decision.id)


async def preview(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[GrantBody | RefusalBody],
) -> tuple[str, bytes]:
    """Compose a decision without taking it; returns the reference and the PDF. Needs no delegation."""
    proposal = await run_in_threadpool(_propose, context, credential, reference, submission)
    return proposal.reference, await jobs.preview(context, proposal)


def cancel(context: Context, credential: PresentedCredential, reference: str, decision_id: str) -> None:
    """Cancel a decision that is not signed yet; raises `Conflict` once it is."""
    with context.admit(credential, Verb.DECIDE) as caller:
        case = caller.request(reference)
        decisions.cancel(caller.connection, case.reference, decision_id, caller.actor)


def _register(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[GrantBody | RefusalBody],
) -> DecisionRecord:
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


def _propose(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[GrantBody | RefusalBody],
) -> Proposal:
    with context.admit(credential, Verb.PREVIEW_DECISION) as caller:
        case = caller.request(reference)
        body = submission.read()
        decisions.refuse_unlawful(case, body)
        caller.note_reading(case.reference)
        delegation = _allowing(_delegations(caller, case), body.outcome)
        return Proposal(
            reference=case.reference,
            body=body,
            digest=submission.digest.hex(),
            actor=caller.actor,
            delegation_id=delegation.id if delegation else None,
        )


def _delegations(caller: Caller, case: RequestRecord) -> list[DelegationRecord]:
    """Return the delegations under which the caller may sign decisions of a case today."""
    today = local(case_now(caller.connection, case.reference), case.department).date()
    return delegations.list_in_force(caller.connection, caller.account.id, case.department, today)


def _allowing(in_force: list[DelegationRecord], outcome: str) -> DelegationRecord | None:
    """Return the latest delegation that allows an outcome, or None."""
    return next((each for each in in_force if outcome in each.outcomes), None)


def _no_delegation() -> Problem:
    detail = "Aucune délégation de signature en vigueur ne vous permet de prendre cette décision."
    return problem("forbidden", detail)


def _current(context: Context, decision_id: str) -> Decision:
    """Return a decision unless it is void or cancelled; raises `Conflict` then."""
    with context.database.begin() as connection:
        decision = decisions.get(connection, decision_id)
        case = requests.get(connection, decision.reference)
        if decision.state in ("void", "cancelled"):
            deadlines.refuse_if_over(case, case_now(connection, case.reference))
            raise Conflict("already-decided", "Cette décision a été reprise avant d’être signée.")
    return Decision.of(decision, case.department)
