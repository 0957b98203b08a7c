"""The agents' desk: requests of their départements, what runs first, the nearest deadline first."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from law.calendar import local
from models.identifiers import Department, Message, Moment
from models.labels import Status
from models.store.cases import lists
from models.store.database import now
from models.store.paging import PAGE, Cursor
from models.store.people import leaves
from models.store.people.access_log import HOME
from starter.auth.caller import Caller, as_uuid
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.request_body import ListParameters
from starter.services import case_schemas

router = APIRouter(tags=["Agent"])


class Wanted(ListParameters):
    """Which requests of one's départements."""

    department: Department | None = None
    status: Status | None = None
    before: Moment | None = None
    """Deadline strictly before this instant."""
    assigned_to: Annotated[str | None, Query(pattern=r"^(me|[0-9a-fA-F-]{36})$")] = None
    """`me` (with those whom one replaces), or the id of an account."""
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
    """Id of the account that has it in charge."""
    assigned_name: str | None


class Desk(Message):
    """A page of the desk; `next` is the cursor of the following one."""

    items: tuple[DeskItem, ...]
    next: str | None


@router.get("/desk", summary="Lister les demandes à instruire")
def list_desk(context: AppContext, credential: Credential, wanted: Annotated[Wanted, Query()]) -> Desk:
    """Lister les demandes de ses départements : d’abord celles qui courent, la prochaine échéance en tête."""
    with context.admit(credential, Verb.READ_DESK) as caller:
        charged = caller.account.departments
        rows = lists.list_for_agent(
            caller.connection,
            tuple(code for code in charged if wanted.department in (None, code)),
            status=wanted.status,
            before=wanted.before,
            assigned_to=_agents(caller, wanted.assigned_to),
            after=wanted.cursor,
        )
    items = tuple(
        DeskItem.model_validate(
            row.model_dump(exclude={"outcome"})
            | {
                "received_at": local(row.received_at, row.department),
                "tacit_acceptance_at": case_schemas.here(row.tacit_acceptance_at, row.department),
            }
        )
        for row in rows
    )
    return Desk(items=items, next=rows[-1].cursor if len(rows) == PAGE else None)


def _agents(caller: Caller, asked: str | None) -> list[str]:
    """`me` has the cases of those whom I replace too."""
    if asked is None:
        return []
    if asked == "me":
        today = local(now(caller.connection), HOME).date()
        return leaves.list_replaced(caller.connection, caller.account.id, today)
    return [as_uuid(asked)]
