"""The desk of an agent: the requests of the agent's départements."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from law.calendar import local
from models.identifiers import Department, Message, Moment
from models.labels import Status
from models.store.cases.lists import ListedRequest
from models.store.paging import PAGE_SIZE, Cursor
from starter.context import AppContext, Credential
from starter.http.request_body import ListParameters
from starter.services import case_schemas, desk

router = APIRouter(tags=["Agent"])


class DeskFilter(ListParameters):
    """Which requests of the desk."""

    department: Department | None = None
    status: Status | None = None
    before: Moment | None = None
    """Deadline strictly before this instant."""
    assigned_to: Annotated[str | None, Query(pattern=r"^(me|[0-9a-fA-F-]{36})$")] = None
    """`me` (including the agents whom the caller replaces), or the id of an account."""
    cursor: Cursor | None = None


class DeskItem(Message):
    """One request of the desk."""

    reference: str
    siret: str
    name: str
    department: str
    ground: str
    status: str
    employees: int
    hours: str
    received_at: datetime
    tacit_acceptance_at: datetime | None
    seconds_left: float | None
    signals: tuple[str, ...]
    assigned_to: str | None
    """Id of the account in charge."""
    assigned_name: str | None


class Desk(Message):
    """A page of the desk; `next` is the cursor of the following page."""

    items: tuple[DeskItem, ...]
    next: str | None


@router.get("/desk", summary="Lister les demandes à instruire")
def list_desk(context: AppContext, credential: Credential, parameters: Annotated[DeskFilter, Query()]) -> Desk:
    """Lister les demandes de ses départements : d’abord celles dont le délai court, par échéance."""
    rows = desk.list_requests(
        context,
        credential,
        department=parameters.department,
        status=parameters.status,
        before=parameters.before,
        assigned_to=parameters.assigned_to,
        after=parameters.cursor,
    )
    items = tuple(_item(row) for row in rows)
    return Desk(items=items, next=rows[-1].cursor if len(rows) == PAGE_SIZE else None)


def _item(row: ListedRequest) -> DeskItem:
    instants = {
        "received_at": local(row.received_at, row.department),
        "tacit_acceptance_at": case_schemas.here(row.tacit_acceptance_at, row.department),
    }
    return DeskItem.model_validate(row.model_dump(exclude={"outcome"}) | instants)
