"""What a head of unit ends: a delegation, after a question; an absence, which can be recorded again."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.errors import Unknown
from models.identifiers import find_uuid
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.pages.agent.unit import shown
from starter.pages.agent.unit_acts import AGENT, require_head
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.services import units

router = APIRouter(include_in_schema=False)


@router.get("/unit/delegations/{delegation_id}/end")
def end_page(context: AppContext, request: Request, visitor: SessionRequired, delegation_id: str) -> Response:
    """Ask before a delegation ends."""
    return _end_question(context, request, visitor, delegation_id)


@router.post("/unit/delegations/{delegation_id}/end")
async def end_delegation(
    context: AppContext, request: Request, visitor: SessionOptional, delegation_id: str
) -> Response:
    """End it, like `DELETE /api/v1/unit/delegations/{id}`."""

    async def end(typed: TypedForm, session: PresentedCredential) -> Response:
        if not typed.fresh:
            return await run_in_threadpool(_end_question, context, request, session, delegation_id)
        await run_in_threadpool(units.revoke_delegation, context, session, delegation_id)
        return redirect(f"{_origin(typed)}?done=ended")

    return await resumable(request, visitor, end)


def _end_question(context: Context, request: Request, visitor: PresentedCredential, delegation_id: str) -> Response:
    reader, unit = units.read(context, visitor)
    require_head(reader.role)
    found = [(each, given) for each in unit.items for given in each.delegations if given.id == delegation_id]
    if not found:
        raise Unknown(delegation_id)
    agent, given = found[0]
    content = shown(reader, visitor) | {
        "title": f"Mettre fin à la délégation de {agent.name} ?",
        "consequence": f"« {given.act} » : l’agent ne signe plus rien en vertu de cet acte dès maintenant. Ce qui est "
        "signé reste valable. Une nouvelle délégation peut être inscrite.",
        "button": "Mettre fin à cette délégation",
        "back": AGENT.format(agent_id=agent.id),
    }
    return page(request, "unit_question", content)


@router.post("/unit/leaves/{leave_id}/cancellation")
async def cancel_leave(context: AppContext, request: Request, visitor: SessionOptional, leave_id: str) -> Response:
    """Cancel an absence, like `DELETE /api/v1/unit/leaves/{id}`; it can be recorded again."""

    async def cancel(typed: TypedForm, session: PresentedCredential) -> Response:
        if not typed.fresh:
            return redirect("/unit")
        await run_in_threadpool(units.cancel_leave, context, session, leave_id)
        return redirect(f"{_origin(typed)}?done=cancelled")

    return await resumable(request, visitor, cancel)


def _origin(typed: TypedForm) -> str:
    """Return the page of the agent that a form says it comes from, or of the unit; no other address is followed."""
    start, _, agent_id = typed.fields.get("back", "").rpartition("/")
    return f"{start}/{agent_id}" if start == "/unit/agents" and find_uuid(agent_id) else "/unit"
