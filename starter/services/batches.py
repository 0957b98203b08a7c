"""Several grants of everything that was asked for, taken at once: each is its own decision, checked and signed alone.

Nothing is stored of a batch but its decisions, whose ids are made of the batch's and of the reference: repeating a
batch takes no decision twice, and its result is read from the register at any time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi_problem.error import Problem

from models.bodies.decision import GrantBody, RefusalBody
from models.errors import Conflict, NotAllowed, QuotaReached, Unknown, Unlawful
from models.identifiers import find_reference
from models.store.cases.records import DecisionRecord
from models.store.journal.idempotency import digest
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services import case_acts, decisions
from starter.services.case_acts import CaseForActs

MAX_CASES: Final = 50
"""Most decisions of one batch: what somebody can look at before signing (practice)."""
UNKNOWN: Final = "Rien ne porte cette référence dans vos départements."
_BATCH: Final = re.compile("[A-Za-z0-9-]{1,40}")
_REFUSED: Final = (Conflict, NotAllowed, QuotaReached, Unlawful, Unknown, Problem)


@dataclass(frozen=True, slots=True)
class BatchCase:
    """One case of a batch: its decision if it was taken, else why it cannot be; None and "" when it may be taken."""

    reference: str
    case: CaseForActs | None
    """None for a case that the caller may not see."""
    decision: DecisionRecord | None
    obstacle: str


def read_batch(
    context: Context, credential: PresentedCredential, batch: str, references: Sequence[str]
) -> list[BatchCase]:
    """Return where each case of a batch stands; raises `InvalidRequest` for none or too many, 401, 403, 429."""
    with context.admit(credential, Verb.DECIDE):
        chosen = _chosen(batch, references)
    return [_standing(context, credential, batch, each) for each in chosen]


def grant_all(context: Context, credential: PresentedCredential, batch: str, references: Sequence[str]) -> None:
    """Register the grant of each case that may be granted; the others are left as they are. Raises the same."""
    with context.admit(credential, Verb.DECIDE):
        chosen = _chosen(batch, references)
    for each in chosen:
        try:
            decisions.register(context, credential, each, _grant(batch, each))
        except _REFUSED as refused:
            _raise_if_general(refused)


async def preview(context: Context, credential: PresentedCredential, batch: str, reference: str) -> tuple[str, bytes]:
    """Compose the decision of one case of a batch without taking it; returns the reference and the PDF.

    Raises what `decisions.preview` does.
    """
    [chosen] = _chosen(batch, [reference])
    return await decisions.preview(context, credential, chosen, _grant(batch, chosen))


def decision_id(batch: str, reference: str) -> str:
    """Return the id of a case's decision in a batch."""
    return f"{batch}.{reference}"


def _chosen(batch: str, references: Sequence[str]) -> list[str]:
    if not _BATCH.fullmatch(batch):
        raise Unknown(batch)
    chosen = list(dict.fromkeys(find_reference(each) or each for each in references))
    if not chosen:
        raise fault("/reference", "no-case", "Choisissez au moins un dossier.")
    if len(chosen) > MAX_CASES:
        raise fault("/reference", "too-many-cases", f"Choisissez {MAX_CASES} dossiers au plus à la fois.")
    return chosen


def _standing(context: Context, credential: PresentedCredential, batch: str, reference: str) -> BatchCase:
    case: CaseForActs | None = None
    try:
        case = case_acts.read(context, credential, reference)
        taken = case_acts.find_decision(context, credential, reference, decision_id(batch, reference))
        if taken is None:
            decisions.rehearse(context, credential, reference, _grant(batch, reference))
            if case.power("grant") is None:
                raise NotAllowed("Aucune délégation de signature en vigueur ne vous permet d’autoriser ce dossier.")
        return BatchCase(reference, case, taken, "")
    except _REFUSED as refused:
        _raise_if_general(refused)
        return BatchCase(reference, case, None, sentence(refused))


def _grant(batch: str, reference: str) -> Submission[GrantBody | RefusalBody]:
    act = decision_id(batch, reference)
    body = {"id": act, "outcome": "grant"}
    return Submission(lambda: GrantBody(id=act, outcome="grant"), lambda: digest([reference, body]))


def _raise_if_general(refused: Exception) -> None:
    """Raise what is not about one case: an ended session, a role without the verb, too many calls."""
    if isinstance(refused, Problem) and refused.status not in (403, 404):
        raise refused


def sentence(refused: Exception) -> str:
    """Return why the decision of a case cannot be taken, in French."""
    if isinstance(refused, Conflict | NotAllowed | QuotaReached):
        return refused.detail
    if isinstance(refused, Unlawful):
        return " ".join(each.message for each in refused.objections)
    return str(refused.detail) if isinstance(refused, Problem) else UNKNOWN
