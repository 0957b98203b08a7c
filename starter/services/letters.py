"""Letters to print, as operators see and order them: never with a code."""

from typing import Annotated, NamedTuple

from pydantic import Field

from models.bodies.authority import PrintingBody
from models.identifiers import UUID
from models.store.paging import PAGE_SIZE
from models.store.people import accounts, letters
from models.store.people.letters import WaitingLetter
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import problem, unknown
from starter.http.request_body import ListParameters, Submission


class LetterListing(ListParameters):
    """Which page of the letters."""

    cursor: Annotated[str, Field(pattern=f"^{UUID.pattern}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = PAGE_SIZE


class LetterPage(NamedTuple):
    """Letters to print, and where the next page begins."""

    items: list[WaitingLetter]
    next: str | None


def list_waiting(context: Context, credential: PresentedCredential, listing: LetterListing) -> LetterPage:
    """Return a page of the letters to print in the operator's départements, oldest first."""
    with context.admit(credential, Verb.READ_LETTERS) as caller:
        own, size = caller.account.departments, listing.limit
        found = letters.list_waiting(caller.connection, own or None, after=listing.cursor, limit=size + 1)
        return LetterPage(found[:size], found[size - 1].id if len(found) > size else None)


def order_printing(
    context: Context, credential: PresentedCredential, letter_id: str, submission: Submission[PrintingBody]
) -> WaitingLetter:
    """Order the printing of a letter, or, with a reason, a new printing; raises `Unknown`, `Conflict`, 403."""
    with context.admit(credential, Verb.PRINT_LETTERS) as caller:
        letter = letters.get_living(caller.connection, as_uuid(letter_id))
        if not caller.covers(letter.department):
            raise unknown()
        _refuse_own(caller, letter)
        letters.order(caller.connection, letter.id, caller.actor, submission.read().reason or "")
        return letters.get_living(caller.connection, letter.id)


def _refuse_own(caller: Caller, letter: WaitingLetter) -> None:
    """An operator who has an employer's account besides does not print its letter."""
    requester = accounts.get(caller.connection, letter.account_id)
    if requester.email.lower() == caller.account.email.lower():
        raise problem("forbidden", "Cette lettre a été demandée par vous : un autre exploitant doit l’imprimer.")
