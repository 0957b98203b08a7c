"""What waits for an employer: in its cases, the months to claim, and the mandates that it may accept."""

from datetime import date
from typing import NamedTuple

from models.store.cases import to_do
from models.store.cases.to_do import ToDo
from models.store.claims import claimable
from models.store.claims.claimable import ClaimableMonth
from models.store.people import waiting_mandates
from models.store.people.accounts import Account
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context


class ToDoReading(NamedTuple):
    """What waits for an account, and how many mandates wait for it."""

    reader: Account
    items: tuple[ToDo | ClaimableMonth, ...]
    mandates: int


def read(context: Context, credential: PresentedCredential) -> ToDoReading:
    """Return what waits for the caller, the nearest last day first."""
    with context.admit(credential, Verb.LIST_REQUESTS) as caller:
        sirets = [each.siret for each in caller.establishments()]
        waits = to_do.list_of_employer(caller.connection, caller.account.id, sirets)
        months = claimable.list_of_employer(caller.connection, caller.account.id, sirets)
        waiting = waiting_mandates.list_waiting(caller.connection, caller.account.id)
    items: list[ToDo | ClaimableMonth] = [*waits, *months]
    items.sort(key=lambda each: (each.due_on or date.max, each.reference))
    return ToDoReading(caller.account, tuple(items), len(waiting))
