"""The desk of an agent: the requests of the agent's départements, running ones first, by deadline."""

from typing import Annotated, NamedTuple

from pydantic import Field

from law.calendar import local
from law.directory import PARIS
from law.grounds import Ground
from models.identifiers import Day, Department
from models.labels import Status
from models.roles import INSTRUCTING
from models.store.cases import lists, workload
from models.store.cases.lists import ListPage, Sort
from models.store.cases.workload import Workload
from models.store.database import now
from models.store.people import accounts, leaves
from models.store.people.accounts import Account
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.services.listings import QueryMoment, SearchParameters


class DeskFilter(SearchParameters):
    """Which requests of the desk."""

    department: Department | None = None
    status: Status | None = None
    before: QueryMoment | None = None
    """Deadline strictly before this instant."""
    until_on: Day | None = None
    """Last local day to notify a decision on or before this one."""
    ground: Ground | None = None
    assigned_to: Annotated[str | None, Field(pattern=r"^(me|[0-9a-fA-F-]{36})$")] = None
    """`me` (including the agents whom the caller replaces), or the id of an account."""
    unassigned: bool = False
    """Only requests that nobody has in charge."""
    sort: Sort = Sort.DEADLINE


class DeskReading(NamedTuple):
    """A page of the desk, who reads it, and the colleagues by whom it may be filtered."""

    reader: Account
    page: ListPage
    colleagues: list[Account]


class LoadReading(NamedTuple):
    """What each agent of the reader’s départements has in charge, and who reads it."""

    reader: Account
    load: list[Workload]
    unassigned: int
    """Open requests that nobody has in charge."""


def list_requests(context: Context, credential: PresentedCredential, wanted: DeskFilter) -> ListPage:
    """Return the page of the desk that follows a cursor."""
    with context.admit(credential, Verb.READ_DESK) as caller:
        return _list(caller, wanted)


def read(context: Context, credential: PresentedCredential, wanted: DeskFilter) -> DeskReading:
    """Return the same, with its reader and the colleagues of the reader’s départements."""
    with context.admit(credential, Verb.READ_DESK) as caller:
        colleagues = accounts.list_charged(caller.connection, caller.account.departments, *INSTRUCTING)
        return DeskReading(caller.account, _list(caller, wanted), colleagues)


def read_load(context: Context, credential: PresentedCredential) -> LoadReading:
    """Return what each agent of the caller’s départements has in charge."""
    with context.admit(credential, Verb.READ_DESK) as caller:
        departments = caller.account.departments
        load = workload.list_of(caller.connection, departments)
        return LoadReading(caller.account, load, workload.count_unassigned(caller.connection, departments))


def _list(caller: Caller, wanted: DeskFilter) -> ListPage:
    return lists.list_for_agent(
        caller.connection,
        tuple(code for code in caller.account.departments if wanted.department in (None, code)),
        wanted.searched(wanted.status, wanted.ground),
        before=wanted.before,
        until_on=wanted.until_on,
        assigned_to=_assignees(caller, wanted.assigned_to),
        unassigned=wanted.unassigned,
        sort=wanted.sort,
    )


def _assignees(caller: Caller, assigned_to: str | None) -> list[str]:
    """Return the accounts to filter by; `me` includes the agents whom the caller replaces."""
    if assigned_to is None:
        return []
    if assigned_to == "me":
        today = local(now(caller.connection), PARIS).date()
        return leaves.list_replaced(caller.connection, caller.account.id, today)
    return [as_uuid(assigned_to)]
