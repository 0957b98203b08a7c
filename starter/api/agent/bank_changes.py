"""Deciding on a change of bank account."""

from fastapi import APIRouter, Response

from models.bodies.bank_change import BankDecisionBody
from starter.api.agent.agent_acts import SIGNING
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody
from starter.services import bank_changes
from starter.services.bank_changes import BankChangeDecided

router = APIRouter(tags=["Agent"])


@router.post(
    "/requests/{reference}/bank-changes/{number}/decision",
    openapi_extra=accepts(BankDecisionBody),
    responses={202: SIGNING | {"model": BankChangeDecided}},
    summary="Décider d’un changement de compte",
)
async def decide_bank_change(
    context: AppContext, credential: Credential, reference: str, number: str, body: JsonBody, response: Response
) -> BankChangeDecided:
    """Accorder ou refuser un changement de compte bancaire : 200 une fois signé, 202 pendant sa signature."""
    decided = await bank_changes.decide(context, credential, reference, number, body.submission(BankDecisionBody))
    response.status_code = 200 if decided.effective_at else 202
    return decided
