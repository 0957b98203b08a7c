"""The access log, for auditors: who was refused what, and who read nominal data."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from law.calendar import local
from law.directory import PARIS
from models.identifiers import Day, Message
from models.store.people.access_log import AccessRecord
from starter.context import AppContext, Credential
from starter.http.problems import unknown
from starter.http.request_body import ListParameters
from starter.services import access_log
from starter.services.access_log import AccessSearch

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


class FoundAccesses(Message):
    """Une page de lignes ; `next` est le `after` de la suivante."""

    items: tuple[Access, ...]
    next: int | None


class Finding(Message):
    """Une rupture : de quel sujet, à quel numéro, et ce qui ne va pas."""

    subject: str
    seq: int
    what: str


class VerdictView(Message):
    """Le dernier verdict de l’audit du registre ; `whole` si rien n’a été changé."""

    whole: bool
    everything: bool
    ended_at: datetime
    events: int
    anchors: int
    broken: tuple[Finding, ...]


@router.get("/accesses/search", summary="Chercher des accès")
def search_accesses(
    context: AppContext, credential: Credential, search: Annotated[AccessSearch, Query()]
) -> FoundAccesses:
    """Chercher, sur quelques jours, ce qu’un compte a lu ou fait, ou qui a lu un dossier."""
    found = access_log.search(context, credential, search)
    return FoundAccesses(items=tuple(_access(each) for each in found.records), next=found.next)


@router.get("/audits/latest", summary="Lire le dernier audit du registre")
def read_last_audit(context: AppContext, credential: Credential) -> VerdictView:
    """Lire le verdict du dernier audit de nuit : chaîne des événements, ancrages, horodatages, lignes du registre."""
    found = access_log.find_verdict(context, credential)
    if found is None:
        raise unknown()
    return VerdictView(
        whole=not found.broken,
        broken=tuple(Finding.model_validate(each.model_dump()) for each in found.broken),
        **found.model_dump(include={"everything", "ended_at", "events", "anchors"}),
    )


def _access(record: AccessRecord) -> Access:
    return Access(
        **record.model_dump(include={"position", "type", "actor_role", "data"}),
        at=local(record.at, PARIS),
        account_id=record.actor_id,
    )
