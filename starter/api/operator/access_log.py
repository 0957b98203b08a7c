"""The access log, for auditors: who was refused what, and who read nominal data."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from law.calendar import local
from law.directory import PARIS
from models.identifiers import Day, Message
from models.store.people.access_log import AccessRecord
from starter.context import AppContext, Credential
from starter.http.request_body import ListParameters
from starter.services import access_log

router = APIRouter(tags=["Audit"])


class LogFilter(ListParameters):
    """A day, and the position of the last line already read."""

    on: Day
    after: Annotated[int, Query(ge=0, lt=2**62)] = 0


class Access(Message):
    """One line of the log: ids and references, never the data that was read."""

    position: int
    type: str
    at: datetime
    actor_role: str
    account_id: str | None
    data: dict[str, str]


class Accesses(Message):
    """A page of a day’s lines, in order; `next` is the `after` of the following page."""

    on: date
    broken_links: tuple[int, ...]
    """Positions of the lines whose digest does not match the preceding ones; empty when the chain is intact."""
    items: tuple[Access, ...]
    next: int | None


@router.get("/accesses", summary="Lire les accès")
def list_accesses(context: AppContext, credential: Credential, parameters: Annotated[LogFilter, Query()]) -> Accesses:
    """Lire les refus, les lectures de données nominatives et les actes exceptionnels d’une date."""
    page = access_log.read_page(context, credential, parameters.on, parameters.after)
    return Accesses(
        on=parameters.on,
        broken_links=tuple(page.broken_links),
        items=tuple(_access(each) for each in page.records),
        next=page.next,
    )


def _access(record: AccessRecord) -> Access:
    return Access(
        **record.model_dump(include={"position", "type", "actor_role", "data"}),
        at=local(record.at, PARIS),
        account_id=record.actor_id,
    )
