"""Examining a case: reading it, assigning it, attesting its validity."""

from fastapi import APIRouter

from models.bodies.decision import AssignmentBody, ChecklistBody, HandOverBody, OpinionWaiverBody
from models.identifiers import Message
from models.labels import HoldReason
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.services import case_review, opinions
from starter.services.case_review import DeskCase
from starter.services.opinions import OpinionWaived

router = APIRouter(tags=["Agent"])


class Assigned(Message):
    """A case and the agent in charge of it."""

    reference: str
    assigned_to: str | None


class ChecklistVersion(Message):
    """The version of a checklist; the latest one goes with the decision."""

    reference: str
    version: int


class AllowedHandOver(Message):
    """A case and what no longer holds its hand-over."""

    reference: str
    released: tuple[HoldReason, ...]


@router.get("/desk/requests/{reference}", summary="Instruire un dossier")
def read_case(context: AppContext, credential: Credential, reference: str) -> DeskCase:
    """Lire un dossier avec ses contrôles, ses signaux et l’historique des décisions."""
    return case_review.read(context, credential, reference)


@router.post("/requests/{reference}/assignment", openapi_extra=accepts(AssignmentBody), summary="Attribuer un dossier")
def assign(context: AppContext, credential: Credential, reference: str, body: JsonBody) -> Assigned:
    """Confier un dossier à un agent de son département (`me` : soi-même), ou annuler son attribution."""
    case, agent = case_review.assign(context, credential, reference, body.submission(AssignmentBody))
    return Assigned(reference=case, assigned_to=agent)


@router.post("/requests/{reference}/checklist", openapi_extra=accepts(ChecklistBody), summary="Attester")
def attest(
    context: AppContext, credential: Credential, reference: str, body: JsonBody, key: IdempotencyKey = None
) -> ChecklistVersion:
    """Attester la validité de la demande, point par point ; la liste est conservée avec la décision."""
    case, version = case_review.attest(context, credential, reference, body.submission(ChecklistBody, key))
    return ChecklistVersion(reference=case, version=version)


@router.post(
    "/requests/{reference}/hand-over",
    openapi_extra=accepts(HandOverBody),
    summary="Autoriser une transmission suspendue",
)
def allow_hand_over(
    context: AppContext, credential: Credential, reference: str, body: JsonBody, key: IdempotencyKey = None
) -> AllowedHandOver:
    """Transmettre à l’ASP une acceptation au-delà des limites, ou une demande papier, après examen."""
    case, released = case_review.allow_hand_over(context, credential, reference, body.submission(HandOverBody, key))
    return AllowedHandOver(reference=case, released=tuple(released))


@router.post(
    "/requests/{reference}/opinion-waiver",
    openapi_extra=accepts(OpinionWaiverBody),
    summary="Lever l’attente d’un avis du CSE",
)
def waive_opinion(
    context: AppContext, credential: Credential, reference: str, body: JsonBody, key: IdempotencyKey = None
) -> OpinionWaived:
    """Ne plus retenir l’indemnisation pour un avis du CSE qui n’est pas parvenu à temps (R. 5122-2), avec un motif."""
    return opinions.waive_opinion(context, credential, reference, body.submission(OpinionWaiverBody, key))
