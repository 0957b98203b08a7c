"""An agent's request for pieces: previewed, made, cancelled; the process seals and notifies what is admitted."""

from starlette.concurrency import run_in_threadpool

from models.bodies.completion import CompletionRequestBody
from models.errors import Conflict
from models.messages.case import Ref
from models.store.cases import completions, deadlines, requests
from models.store.cases.records import CompletionRecord
from models.store.claims.proposals import CompletionProposal, take_completion
from models.store.database import case_now
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.request_body import Submission
from starter.services import jobs
from starter.services.case_schemas import CompletionRequested


async def request_completion(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[CompletionRequestBody],
) -> CompletionRequested:
    """Request pieces and return the state of the request; once notified, it stops the clock (CRPA L. 114-5).

    Raises `InvalidRequest`, `Unlawful`, and `Conflict` naming what prevents it.
    """
    completion = await run_in_threadpool(_register, context, credential, reference, submission)
    if completion.state == "registered":
        ref = Ref(reference=completion.reference, id=completion.id)
        await context.engine.check_register("request_completion", ref)
    return await run_in_threadpool(_current, context, completion.id)


async def preview(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[CompletionRequestBody],
) -> tuple[str, bytes]:
    """Compose a request for pieces without making it; returns the reference and the PDF.

    Raises what `request_completion` would, and `EngineUnavailable`.
    """
    record, proposal = await run_in_threadpool(_rehearse, context, credential, reference, submission)
    return record.reference, await jobs.preview(context, proposal)


def rehearse(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[CompletionRequestBody],
) -> CompletionRecord:
    """Make a request for pieces in a transaction of which nothing remains; raises what `request_completion` would."""
    return _rehearse(context, credential, reference, submission)[0]


def _rehearse(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[CompletionRequestBody],
) -> tuple[CompletionRecord, CompletionProposal]:
    with context.admit(credential, Verb.ASK_PIECES) as caller:
        case = caller.request(reference)
        body = submission.read()
        caller.note_reading(case.reference)
        digest, actor = submission.digest.hex(), caller.actor
    proposal = CompletionProposal(reference=case.reference, body=body, digest=digest, actor=actor)
    with context.database.trial() as connection:
        return take_completion(connection, proposal), proposal


def cancel(context: Context, credential: PresentedCredential, reference: str, completion_id: str) -> None:
    """Cancel a request for pieces: the clock runs again, to the instant fixed by the receipt.

    Raises `NotAllowed` without a delegation to grant, and `Conflict`.
    """
    with context.admit(credential, Verb.CANCEL_PIECES) as caller:
        case = caller.request(reference)
        completions.cancel(caller.connection, case.reference, completion_id, caller.actor)


def _register(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    submission: Submission[CompletionRequestBody],
) -> CompletionRecord:
    with context.admit(credential, Verb.ASK_PIECES) as caller:
        case = caller.request(reference)
        body = submission.read()
        return completions.register(caller.connection, case.reference, body, submission.digest, caller.actor)


def _current(context: Context, completion_id: str) -> CompletionRequested:
    """Return a request for pieces unless it is void or cancelled; raises `Conflict` then."""
    with context.database.begin() as connection:
        completion = completions.get(connection, completion_id)
        case = requests.get(connection, completion.reference)
        if completion.state in ("void", "cancelled"):
            deadlines.refuse_if_over(case, case_now(connection, case.reference))
            raise Conflict("nothing-pending", "Cette demande de pièces n’est plus en cours.")
    return CompletionRequested.of(completion, case.department)
