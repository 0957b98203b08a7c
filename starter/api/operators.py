"""What operators see and do: processes parked on a broken dependency, and their resuming."""

from datetime import datetime

from fastapi import APIRouter

from law.directory import UnknownDepartment, department
from models.conflicts import Unknown
from models.ruling import ResumeBody
from models.store import incidents
from models.store.incidents import IncidentRecord
from models.values import Message
from models.wire import subject_of
from starter.access import Verb
from starter.house import Inside
from starter.openapi import accepts
from starter.reading import Posted
from starter.security import Caller, Token, as_uuid

router = APIRouter(tags=["Exploitation"])


class IncidentView(Message):
    """A process parked on a dependency."""

    id: str
    process: str
    subject: str
    """Reference of a case, draft, or channel."""
    act: str
    part: str
    opened_at: datetime
    resumed_at: datetime | None
    reason: str | None


class Incidents(Message):
    """Incidents still open, the oldest first."""

    items: tuple[IncidentView, ...]


@router.get("/incidents", summary="Lister les incidents")
def list_incidents(house: Inside, token: Token) -> Incidents:
    """Lister les dossiers arrêtés sur une dépendance ; leur délai légal court toujours."""
    with house.admit(token, Verb.READ_INCIDENTS) as caller:
        found = incidents.open_ones(caller.connection)
        return Incidents(items=tuple(_view(each) for each in found if _charged(caller, each)))


@router.post(
    "/incidents/{incident_id}/resume",
    status_code=202,
    openapi_extra=accepts(ResumeBody),
    summary="Reprendre un dossier",
)
def resume(house: Inside, token: Token, incident_id: str, sent: Posted) -> IncidentView:
    """Faire réessayer un dossier arrêté ; l’incident se clôt de lui-même quand l’acte réussit."""
    with house.admit(token, Verb.ASK_EXCEPTION) as caller:
        wanted = as_uuid(incident_id)
        body = sent.read(ResumeBody)
        found = incidents.resume(caller.connection, wanted, body.reason, caller.actor)
        if not _charged(caller, found):
            raise Unknown(incident_id)
        return _view(found)


def _charged(caller: Caller, found: IncidentRecord) -> bool:
    """An operator without départements has charge of everything, any other of the cases of his own."""
    charged = caller.account.departments
    if not charged:
        return True
    kind, _, subject = found.workflow_id.partition(":")
    try:
        return kind == "authorization" and department(subject[:3]).code in charged
    except UnknownDepartment:
        return False


def _view(found: IncidentRecord) -> IncidentView:
    return IncidentView(
        id=found.id,
        process=found.workflow_id,
        subject=subject_of(found.workflow_id),
        act=found.act,
        part=found.part,
        opened_at=found.opened_at,
        resumed_at=found.resumed_at,
        reason=found.reason,
    )
