"""What agents say of claims: visas, several in one call, and refusals."""

from collections.abc import Mapping, Sequence
from typing import Literal

from starlette.concurrency import run_in_threadpool

from models.bodies.claims_review import ClaimRefusalBody, VisasBody
from models.claim_labels import ClaimState
from models.errors import NotAllowed, Unknown
from models.identifiers import Message
from models.store.cases import requests
from models.store.claims import records, visas
from models.store.claims.proposals import ClaimRefusalProposal, take_claim_refusal
from models.store.people.accounts import Account
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services import claim_desk, jobs

VisaResult = Literal["agreed", "already", "refused", "not-under-review", "signals-changed", "not-allowed", "not-found"]
SENTENCES: dict[VisaResult, str] = {
    "agreed": "Accord enregistré.",
    "already": "L’accord était déjà donné.",
    "refused": "Un refus est déjà enregistré.",
    "not-under-review": "Cette demande d’indemnisation n’attend pas d’accord.",
    "signals-changed": "Ses signaux ont changé depuis que vous l’avez regardée : elle n’est pas agréée.",
    "not-allowed": "Aucune délégation en vigueur ne vous permet d’agréer cette demande d’indemnisation.",
    "not-found": "Aucune demande d’indemnisation de vos départements ne porte cet identifiant.",
}


class GivenVisa(Message):
    """What became of one claim of a batch."""

    id: str
    result: VisaResult
    message: str
    """The same in French."""


class RegisteredRefusal(Message):
    """A refusal that is registered; its signature and its notification follow."""

    id: str
    state: ClaimState
    grounds: tuple[str, ...]


async def agree_all(
    context: Context, credential: PresentedCredential, submission: Submission[VisasBody]
) -> list[GivenVisa]:
    """Agree to each of these claims that the caller may agree to, and return what became of each, in order.

    A claim agreed to before is `already`: repeating a call doubles nothing; one whose signals are not those that the
    caller says they were shown is `signals-changed`. Raises `InvalidRequest` for more than
    `visa_batch`, 429 while another batch of the account is under way.
    """
    account, ids, seen = await run_in_threadpool(_admit, context, credential, submission)
    with context.slow_calls.visas(account.id):
        return await run_in_threadpool(_agree_each, context, account, ids, seen)


def _admit(
    context: Context, credential: PresentedCredential, submission: Submission[VisasBody]
) -> tuple[Account, list[str], dict[str, str]]:
    with context.admit(credential, Verb.AGREE_CLAIM) as caller:
        body = submission.read()
        ids = list(dict.fromkeys(body.ids))
        most = context.settings.visa_batch
        if len(ids) > most:
            raise fault("/ids", "too-many", f"Pas plus de {most} demandes d’indemnisation à la fois.")
        return caller.account, ids, body.seen or {}


def _agree_each(context: Context, account: Account, ids: Sequence[str], seen: Mapping[str, str]) -> list[GivenVisa]:
    """Agree to claims one after the other.

    Each in a transaction of its own, which judges the power anew: one that waits for its employer's correction does
    not hold the others, and a power that ends meanwhile agrees to nothing more.
    """
    results = [(each, _agree(context, account, each, seen.get(each))) for each in ids]
    return [GivenVisa(id=each, result=result, message=SENTENCES[result]) for each, result in results]


def _agree(context: Context, account: Account, claim_id: str, seen: str | None) -> VisaResult:
    try:
        with context.database.begin() as connection:
            case = requests.get(connection, records.get(connection, claim_id).reference)
            if case.department not in account.departments:
                return "not-found"
            answer = visas.agree(connection, claim_id, account.actor, seen)
            return "agreed" if answer == "done" else answer
    except Unknown:
        return "not-found"
    except NotAllowed:
        return "not-allowed"


def refuse(
    context: Context, credential: PresentedCredential, claim_id: str, submission: Submission[ClaimRefusalBody]
) -> RegisteredRefusal:
    """Register the refusal of a claim; the same again by the same agent answers the same.

    Raises `Unknown`, `InvalidRequest`, `Unlawful`, 403 without a delegation, and `Conflict` naming what stands.
    """
    with context.admit(credential, Verb.REFUSE_CLAIM) as caller:
        record, _ = claim_desk.find(caller, claim_id)
        grounds = submission.read().grounds
        answer = visas.register_refusal(caller.connection, record.id, grounds, caller.actor)
        if answer not in ("done", "already"):
            raise visas.settled(answer)
        return RegisteredRefusal(id=record.id, state=record.state, grounds=grounds)


def check_refusal(
    context: Context, credential: PresentedCredential, claim_id: str, submission: Submission[ClaimRefusalBody]
) -> tuple[str, ...]:
    """Return the grounds of a refusal that may be registered, registering nothing; raises what `refuse` does."""
    return _rehearse(context, credential, claim_id, submission).grounds


async def preview_refusal(
    context: Context, credential: PresentedCredential, claim_id: str, submission: Submission[ClaimRefusalBody]
) -> tuple[str, bytes]:
    """Compose a refusal without registering it; returns the reference of the case and the PDF.

    Raises what `refuse` does, 429 while too many are being composed, and `EngineUnavailable`.
    """
    proposal = await run_in_threadpool(_rehearse, context, credential, claim_id, submission)
    return proposal.reference, await jobs.preview(context, proposal)


def _rehearse(
    context: Context, credential: PresentedCredential, claim_id: str, submission: Submission[ClaimRefusalBody]
) -> ClaimRefusalProposal:
    """Register a refusal in a transaction of which nothing remains."""
    with context.admit(credential, Verb.REFUSE_CLAIM) as caller:
        record, _ = claim_desk.find(caller, claim_id)
        grounds = submission.read().grounds
        caller.note_reading(record.reference)
        stated = {"reference": record.reference, "claim_id": record.id, "grounds": grounds, "actor": caller.actor}
    proposal = ClaimRefusalProposal.model_validate(stated)
    with context.database.trial() as connection:
        take_claim_refusal(connection, proposal)
    return proposal
