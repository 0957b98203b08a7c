"""An agent asks for pieces: registered first, then the process is told to look."""

from datetime import date, datetime

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from law.calendar import local
from models.bodies.completion import CompletionRequestBody
from models.errors import Conflict
from models.identifiers import Message
from models.messages.case import Ref
from models.store.cases import completions, deadlines, requests
from models.store.cases.records import CompletionRecord
from models.store.database import case_now
from starter.api.agent.agent_acts import SIGNING, ActPath, Taken, printable
from starter.auth.permissions import Verb
from starter.context import AppContext, Context, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody, RequestBody
from starter.services import case_schemas

router = APIRouter(tags=["Agent"])


class CompletionRequested(Message):
    """A request for pieces and where it stands."""

    id: str
    state: str
    due_on: date
    registered_at: datetime
    notified_at: datetime | None


@router.post(
    "/requests/{reference}/completion-requests",
    openapi_extra=accepts(CompletionRequestBody),
    responses={202: SIGNING[202] | {"model": CompletionRequested}},
    summary="Demander des pièces",
)
async def request_completion(
    context: AppContext, credential: Credential, reference: str, sent: JsonBody, response: Response
) -> CompletionRequested:
    """Demander des pièces indispensables (CRPA L. 114-5) : notifiée, la demande arrête le délai."""
    found = await run_in_threadpool(_register_completion, context, credential, reference, sent)
    if found.state == "registered":
        await context.engine.check_register("request_completion", Ref(reference=found.reference, id=found.id))
    found, place = await run_in_threadpool(_standing_completion, context, found.id)
    response.status_code = 202 if found.state == "registered" else 200
    return CompletionRequested(
        id=found.id,
        state=found.state,
        due_on=found.due_on,
        registered_at=local(found.registered_at, place),
        notified_at=case_schemas.here(found.notified_at, place),
    )


def _register_completion(
    context: Context, credential: Credential, reference: str, sent: RequestBody
) -> CompletionRecord:
    with context.admit(credential, Verb.ASK_PIECES) as caller:
        asked = caller.request(reference)
        body = sent.read(CompletionRequestBody)
        return completions.register(caller.connection, asked.reference, body, sent.digest, caller.actor)


def _standing_completion(context: Context, completion_id: str) -> tuple[CompletionRecord, str]:
    with context.database.begin() as connection:
        found = completions.get(connection, completion_id)
        asked = requests.get(connection, found.reference)
        if found.state in ("void", "cancelled"):
            deadlines.refuse_if_over(asked, case_now(connection, found.reference))
            raise Conflict("nothing-pending", "Cette demande de pièces n’est plus en cours.")
    return found, asked.department


@router.delete("/requests/{reference}/completion-requests/{id}", summary="Annuler une demande de pièces")
def take_completion_back(
    context: AppContext, credential: Credential, reference: str, act_id: ActPath
) -> Taken:
    """Annuler une demande de pièces : le délai reprend jusqu’à l’instant fixé par le récépissé."""
    with context.admit(credential, Verb.ASK_PIECES) as caller:
        found = caller.request(reference)
        completions.cancel(caller.connection, found.reference, printable(act_id), caller.actor)
    return Taken(id=act_id)
