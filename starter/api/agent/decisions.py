"""An agent decides: registered first, then the process is told to look."""

from fastapi import APIRouter, Response
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
from starter.api.agent.agent_acts import SIGNING, ActPath, Taken, printable
from starter.auth.caller import Caller
from starter.auth.permissions import Verb
from starter.context import AppContext, Context, Credential
from starter.http.openapi import accepts
from starter.http.problems import problem
from starter.http.request_body import JsonBody, RequestBody, read
from starter.services import jobs
from starter.services.case_schemas import Decision

router = APIRouter(tags=["Agent"])

DECISIONS: TypeAdapter[GrantBody | RefusalBody] = TypeAdapter(DecisionBody)


@router.post(
    "/requests/{reference}/decision",
    openapi_extra=accepts(DECISIONS),
    responses={202: SIGNING[202] | {"model": Decision}},
    summary="Décider",
)
async def decide(
    context: AppContext, credential: Credential, reference: str, sent: JsonBody, response: Response
) -> Decision:
    """Autoriser ou refuser (R. 5122-4) : 200 une fois notifiée, 202 tant qu’elle se signe."""
    found = await run_in_threadpool(_register, context, credential, reference, sent)
    if found.state in ("registered", "signed"):
        await context.engine.check_register("decide", Ref(reference=found.reference, id=found.id))
    found, place = await run_in_threadpool(_standing, context, found.id)
    response.status_code = 200 if found.state == "notified" else 202
    return Decision.of(found, place)


@router.post(
    "/requests/{reference}/decision/preview",
    response_class=Response,
    openapi_extra=accepts(DECISIONS),
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
    summary="Voir une décision avant de la prendre",
)
async def preview(context: AppContext, credential: Credential, reference: str, sent: JsonBody) -> Response:
    """Composer la décision telle qu’elle serait signée, marquée « PROJET » ; rien n’est enregistré."""
    proposed = await run_in_threadpool(_proposed, context, credential, reference, sent)
    drawn = await jobs.preview(context, proposed)
    headers = {"Content-Disposition": f'inline; filename="{proposed.reference}-projet.pdf"'}
    return Response(drawn, media_type="application/pdf", headers=headers)


def _register(context: Context, credential: Credential, reference: str, sent: RequestBody) -> DecisionRecord:
    with context.admit(credential, Verb.DECIDE) as caller:
        return decisions.take(caller.connection, _stated(caller, reference, sent))


def _proposed(context: Context, credential: Credential, reference: str, sent: RequestBody) -> Proposal:
    with context.admit(credential, Verb.PREVIEW_DECISION) as caller:
        proposed = _stated(caller, reference, sent)
        caller.read.append(proposed.reference)
        return proposed


def _stated(caller: Caller, reference: str, sent: RequestBody) -> Proposal:
    """Read a decision that the law admits; raises `InvalidRequest` with every fault."""
    asked = caller.request(reference)
    body = read(DECISIONS, sent.value)
    under = _delegation(caller, asked, body.outcome)
    decisions.refuse_unlawful(asked, body)
    return Proposal(
        reference=asked.reference,
        body=body,
        digest=sent.digest.hex(),
        actor=caller.actor,
        delegation_id=under.id if under else None,
    )


def _delegation(caller: Caller, asked: RequestRecord, outcome: str) -> DelegationRecord | None:
    """Return what the caller may sign this decision by; raises 403 unless it is only to be previewed."""
    db, place = caller.connection, asked.department
    today = local(case_now(db, asked.reference), place).date()
    found = delegations.find_in_force(db, caller.account.id, outcome, place, today)
    if found is None and caller.verb is Verb.DECIDE:
        raise problem(
            "forbidden",
            "Aucune délégation de signature en vigueur ne vous permet de prendre cette décision.",
        )
    return found


def _standing(context: Context, decision_id: str) -> tuple[DecisionRecord, str]:
    """Return a decision that stands; raises `Conflict` naming what stands instead."""
    with context.database.begin() as connection:
        found = decisions.get(connection, decision_id)
        asked = requests.get(connection, found.reference)
        if found.state in ("void", "cancelled"):
            deadlines.refuse_if_over(asked, case_now(connection, found.reference))
            raise Conflict("already-decided", "Cette décision a été reprise avant d’être signée.")
    return found, asked.department


@router.delete("/requests/{reference}/decision/{id}", summary="Reprendre une décision")
def take_decision_back(context: AppContext, credential: Credential, reference: str, act_id: ActPath) -> Taken:
    """Reprendre une décision qui n’est pas encore signée."""
    with context.admit(credential, Verb.DECIDE) as caller:
        found = caller.request(reference)
        decisions.cancel(caller.connection, found.reference, printable(act_id), caller.actor)
    return Taken(id=act_id)
