"""The desk of an agent: the requests of the agent's départements, running ones first, by deadline."""

from datetime import datetime

from law.calendar import local
from law.directory import PARIS
from models.store.cases import lists
from models.store.cases.lists import ListedRequest
from models.store.database import now
from models.store.people import leaves
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context


def list_requests(
    context: Context,
    credential: PresentedCredential,
    *,
    department: str | None = None,
    status: str | None = None,
    before: datetime | None = None,
    assigned_to: str | None = None,
    after: str | None = None,
) -> list[ListedRequest]:
    """Return the page of the desk that follows a cursor."""
    with context.admit(credential, Verb.READ_DESK) as caller:
        return lists.list_for_agent(
            caller.connection,
            tuple(code for code in caller.account.departments if department in (None, code)),
            status=status,
            before=before,
            assigned_to=_assignees(caller, assigned_to),
            after=after,
        )


def _assignees(caller: Caller, assigned_to: str | None) -> list[str]:
    """Return the accounts to filter by; `me` includes the agents whom the caller replaces."""
    if assigned_to is None:
        return []
    if assigned_to == "me":
        today = local(now(caller.connection), PARIS).date()
        return leaves.list_replaced(caller.connection, caller.account.id, today)
    return [as_uuid(assigned_to)]
