"""What an auditor reads: who was refused what, and who read what names people."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from law.calendar import local
from models.identifiers import Day, Message
from models.store.journal import events
from models.store.people import access_log
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.request_body import ListParameters

router = APIRouter(tags=["Audit"])


class Wanted(ListParameters):
    """Which day, and after which line of it."""

    on: Day
    after: Annotated[int, Query(ge=0, lt=2**62)] = 0


class Access(Message):
    """One line of the chain: ids and references, never what was read."""

    position: int
    type: str
    at: datetime
    actor_role: str
    account_id: str | None
    data: dict[str, str]


class Accesses(Message):
    """Lines of a day in their order; `next` is the `after` of the following ones."""

    on: date
    broken_links: tuple[int, ...]
    """Numbers of the lines whose digest does not follow from what precedes them; empty when the chain is whole."""
    items: tuple[Access, ...]
    next: int | None


@router.get("/accesses", summary="Lire les accès")
def list_accesses(
    context: AppContext, credential: Credential, wanted: Annotated[Wanted, Query()]
) -> Accesses:
    """Lire les refus, les lectures de données nominatives et les actes exceptionnels d’une date."""
    with context.admit(credential, Verb.READ_AUDIT) as caller:
        found = access_log.list_page(caller.connection, wanted.on, wanted.after)
        broken = events.broken_links(caller.connection, access_log.subject(wanted.on))
        caller.read.append(wanted.on.isoformat())
    items = tuple(
        Access(
            **each.model_dump(include={"position", "type", "actor_role", "data"}),
            at=local(each.at, access_log.HOME),
            account_id=each.actor_id,
        )
        for each in found
    )
    following = found[-1].position if len(found) == access_log.PAGE else None
    return Accesses(on=wanted.on, broken_links=tuple(broken), items=items, next=following)
