"""An agent decides, or asks for pieces: registered first, then the process is told to look."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from law.calendar import local
from law.completion import PieceAsked, completion_refusals
from law.decision import Terms, grant_refusals, is_partial, reasons_refusals
from law.request import Ground, opinion_duty
from law.texts import Refusal
from models.authorization import Ref
from models.conflicts import Conflict
from models.ruling import CompletionRequestBody, DecisionBody, GrantBody, RefusalBody
from models.store import completions, decisions, moments, requests
from models.store.records import CompletionRecord, DecisionRecord, RequestRecord
from models.store.register import case_now
from models.values import Message
from starter import answers
from starter.answers import Decision
from starter.house import House, Inside
from starter.openapi import accepts
from starter.problems import Wrong, of_law
from starter.reading import Posted, Sent, read
from starter.security import AGENTS, Caller, Token

router = APIRouter(tags=["Agent"])

DECISIONS: TypeAdapter[GrantBody | RefusalBody] = TypeAdapter(DecisionBody)
SIGNING = {202: {"description": "Enregistrée, en cours de signature : le même appel peut être répété."}}
ActPath = Annotated[str, Path(alias="id", description="Identifiant choisi par l’agent.")]


class Taken(Message):
    """An act taken back before it took effect."""

    id: str
    state: Literal["cancelled"] = "cancelled"


@router.post(
    "/requests/{reference}/decision",
    openapi_extra=accepts(DECISIONS),
    responses={202: SIGNING[202] | {"model": Decision}},
    summary="Décider",
)
async def decide(house: Inside, token: Token, reference: str, sent: Posted, response: Response) -> Decision:
    """Autoriser ou refuser (R. 5122-4) : 200 une fois notifiée, 202 tant qu’elle se signe."""
    found = await run_in_threadpool(_register, house, token, reference, sent)
    if found.state in ("registered", "signed"):
        await house.cases.look("decide", Ref(reference=found.reference, id=found.id))
    found, place = await run_in_threadpool(_standing, house, found.id)
    response.status_code = 200 if found.state == "notified" else 202
    return Decision.of(found, place)


def _register(house: House, token: str, reference: str, sent: Sent) -> DecisionRecord:
    with house.admit(token, *AGENTS) as caller:
        asked = caller.request(reference)
        body = read(DECISIONS, sent.value)
        if faults := of_law(_refusals(asked, body)):
            raise Wrong(faults)
        partial = isinstance(body, GrantBody) and is_partial(_asked(asked), _granted(asked, body))
        return decisions.register(
            caller.connection, asked.reference, body, sent.digest, partial=partial, actor=caller.actor
        )


def _standing(house: House, decision_id: str) -> tuple[DecisionRecord, str]:
    """Return a decision that stands; raises `Conflict` naming what stands instead."""
    with house.register.begin() as connection:
        found = decisions.load(connection, decision_id)
        asked = requests.get(connection, found.reference)
        if found.state in ("void", "cancelled"):
            moments.refuse_if_over(asked, case_now(connection, found.reference))
            raise Conflict("already-decided", "Cette décision a été reprise avant d’être signée.")
    return found, asked.department


def _refusals(asked: RequestRecord, body: GrantBody | RefusalBody) -> Iterator[Refusal]:
    statement = "\n".join(body.grounds)
    received_on = asked.law_on or local(asked.received_at, asked.department).date()
    if isinstance(body, RefusalBody):
        yield from reasons_refusals(statement, (), received_on)
        return
    granted = _granted(asked, body)
    yield from grant_refusals(_asked(asked), granted, statement)
    if is_partial(_asked(asked), granted) and statement.strip():
        yield from reasons_refusals(statement, (), received_on)


def _asked(asked: RequestRecord) -> Terms:
    return Terms(asked.start_on, asked.end_on, asked.employees, asked.hours)


def _granted(asked: RequestRecord, body: GrantBody) -> Terms:
    return Terms(
        start_on=body.period.start_on if body.period else asked.start_on,
        end_on=body.period.end_on if body.period else asked.end_on,
        employees=body.employees or asked.employees,
        hours=body.hours or asked.hours,
    )


@router.delete("/requests/{reference}/decision/{id}", summary="Reprendre une décision")
def take_decision_back(house: Inside, token: Token, reference: str, act_id: ActPath) -> Taken:
    """Reprendre une décision qui n’est pas encore signée."""
    with house.admit(token, *AGENTS) as caller:
        found = caller.request(reference)
        decisions.cancel(caller.connection, found.reference, _printable(act_id), caller.actor)
    return Taken(id=act_id)


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
    house: Inside, token: Token, reference: str, sent: Posted, response: Response
) -> CompletionRequested:
    """Demander des pièces indispensables (CRPA L. 114-5) : notifiée, la demande arrête le délai."""
    found = await run_in_threadpool(_register_completion, house, token, reference, sent)
    if found.state == "registered":
        await house.cases.look("request_completion", Ref(reference=found.reference, id=found.id))
    found, place = await run_in_threadpool(_standing_completion, house, found.id)
    response.status_code = 202 if found.state == "registered" else 200
    return CompletionRequested(
        id=found.id,
        state=found.state,
        due_on=found.due_on,
        registered_at=local(found.registered_at, place),
        notified_at=answers.here(found.notified_at, place),
    )


def _register_completion(house: House, token: str, reference: str, sent: Sent) -> CompletionRecord:
    with house.admit(token, *AGENTS) as caller:
        asked = caller.request(reference)
        body = sent.read(CompletionRequestBody)
        if faults := of_law(_completion_refusals(caller, asked, body)):
            raise Wrong(faults)
        return completions.register(caller.connection, asked.reference, body, sent.digest, caller.actor)


def _completion_refusals(
    caller: Caller, asked: RequestRecord, body: CompletionRequestBody
) -> tuple[Refusal, ...]:
    filed_on = local(asked.received_at, asked.department).date()
    return completion_refusals(
        [PieceAsked(piece.code, piece.label, piece.text_reference) for piece in body.pieces],
        body.reasons,
        body.due_on,
        local(case_now(caller.connection, asked.reference), asked.department).date(),
        opinion_duty(Ground[asked.ground.upper()], filed_on, asked.headcount, law_on=asked.law_on),
    )


def _standing_completion(house: House, completion_id: str) -> tuple[CompletionRecord, str]:
    with house.register.begin() as connection:
        found = completions.load(connection, completion_id)
        asked = requests.get(connection, found.reference)
        if found.state in ("void", "cancelled"):
            moments.refuse_if_over(asked, case_now(connection, found.reference))
            raise Conflict("nothing-pending", "Cette demande de pièces n’est plus en cours.")
    return found, asked.department


@router.delete("/requests/{reference}/completion-requests/{id}", summary="Annuler une demande de pièces")
def take_completion_back(house: Inside, token: Token, reference: str, act_id: ActPath) -> Taken:
    """Annuler une demande de pièces : le délai reprend jusqu’à l’instant fixé par le récépissé."""
    with house.admit(token, *AGENTS) as caller:
        found = caller.request(reference)
        completions.cancel(caller.connection, found.reference, _printable(act_id), caller.actor)
    return Taken(id=act_id)


def _printable(act_id: str) -> str:
    """PostgreSQL keeps no NUL; such an id names nothing."""
    return act_id.replace("\0", "")
