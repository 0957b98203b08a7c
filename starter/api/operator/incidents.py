"""Processes parked on a broken dependency: list them, resume them."""

from datetime import datetime

from fastapi import APIRouter

from models.bodies.operator import ResumeBody
from models.identifiers import Message
from models.store.operations.incidents import IncidentRecord
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.services import incidents

router = APIRouter(tags=["Exploitation"])


class IncidentView(Message):
    """A process parked on a broken dependency."""

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
    """An incident whose resumption was requested."""

    awaits_approval: str | None
    """Id of the exceptional act that another operator must approve; null when the process already tries again."""


class Incidents(Message):
    """Open incidents, oldest first."""

    items: tuple[IncidentView, ...]


@router.get("/incidents", summary="Lister les incidents")
def list_incidents(context: AppContext, credential: Credential) -> Incidents:
    """Lister les dossiers arrêtés par une dépendance en panne ; leur délai légal court toujours."""
    return Incidents(items=tuple(_view(each) for each in incidents.list_open(context, credential)))


@router.post(
    "/incidents/{incident_id}/resume",
    status_code=202,
    openapi_extra=accepts(ResumeBody),
    summary="Reprendre un dossier",
)
def resume(
    context: AppContext, credential: Credential, incident_id: str, body: JsonBody, key: IdempotencyKey = None
) -> Resumed:
    """Demander la reprise d’un dossier arrêté ; un autre exploitant doit l’approuver (`awaits_approval`).

    Sous le profil de développement, la reprise est immédiate. L’incident se clôt de lui-même quand l’acte réussit.
    """
    incident, act_id = incidents.resume(context, credential, incident_id, body.submission(ResumeBody, key))
    return Resumed(**_view(incident).model_dump(), awaits_approval=act_id)


def _view(incident: IncidentRecord) -> IncidentView:
    return IncidentView(
        id=incident.id,
        process=incident.workflow_id,
        subject=incident.subject,
        act=incident.act,
        part=incident.part,
        opened_at=incident.opened_at,
        resumed_at=incident.resumed_at,
        reason=incident.reason,
    )
