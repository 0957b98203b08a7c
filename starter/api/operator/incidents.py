"""Processes parked on a broken dependency, as operators list and resume them."""

from datetime import datetime

from fastapi import APIRouter

from models.bodies.operator import ResumeBody
from models.engine.names import subject_of
from models.identifiers import Message
from models.store.operations.incidents import IncidentRecord
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody
from starter.services import incidents

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


class Resumed(IncidentView):
    """A process that tries again; or will, once another operator has approved the exceptional act of this id."""

    awaits_approval: str | None


class Incidents(Message):
    """Incidents still open, the oldest first."""

    items: tuple[IncidentView, ...]


@router.get("/incidents", summary="Lister les incidents")
def list_incidents(context: AppContext, credential: Credential) -> Incidents:
    """Lister les dossiers arrêtés sur une dépendance ; leur délai légal court toujours."""
    return Incidents(items=tuple(_view(each) for each in incidents.list_open(context, credential)))


@router.post(
    "/incidents/{incident_id}/resume",
    status_code=202,
    openapi_extra=accepts(ResumeBody),
    summary="Reprendre un dossier",
)
def resume(context: AppContext, credential: Credential, incident_id: str, sent: JsonBody) -> Resumed:
    """Demander de faire réessayer un dossier arrêté : un autre exploitant l’approuve (`awaits_approval`).

    Sous le profil de développement, la reprise est immédiate. L’incident se clôt de lui-même quand l’acte réussit.
    """
    incident, act_id = incidents.resume(context, credential, incident_id, sent.submission(ResumeBody))
    return Resumed(**_view(incident).model_dump(), awaits_approval=act_id)


def _view(incident: IncidentRecord) -> IncidentView:
    return IncidentView(
        id=incident.id,
        process=incident.workflow_id,
        subject=subject_of(incident.workflow_id),
        act=incident.act,
        part=incident.part,
        opened_at=incident.opened_at,
        resumed_at=incident.resumed_at,
        reason=incident.reason,
    )
