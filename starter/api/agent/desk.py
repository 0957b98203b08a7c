"""The desk of an agent: the requests of the agent's départements."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from law.calendar import local
from models.identifiers import Message
from models.store.cases.lists import ListedRequest
from starter.context import AppContext, Credential
from starter.services import case_schemas, desk
from starter.services.desk import DeskFilter

router = APIRouter(tags=["Agent"])


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
    rows, following = desk.list_requests(context, credential, parameters)
    return Desk(items=tuple(_item(row) for row in rows), next=following)


def _item(row: ListedRequest) -> DeskItem:
    instants = {
        "received_at": local(row.received_at, row.department),
        "tacit_acceptance_at": case_schemas.here(row.tacit_acceptance_at, row.department),
    }
    return DeskItem.model_validate(row.model_dump(exclude={"outcome", "partial"}) | instants)
