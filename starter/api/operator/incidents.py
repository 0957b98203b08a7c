"""What operators see and do: processes parked on a broken dependency, and their resuming."""

from datetime import datetime

from fastapi import APIRouter

from models.bodies.operator import ExceptionBody, ResumeBody
from models.engine.names import subject_of
from models.errors import Unknown
from models.identifiers import Message
from models.store.operations import exceptional_acts, incidents
from models.store.operations.incidents import IncidentRecord
from starter.api.operator.exceptional_acts import charged
from starter.auth.caller import as_uuid
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody

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
    with context.admit(credential, Verb.READ_INCIDENTS) as caller:
        found = incidents.list_open(caller.connection)
        return Incidents(items=tuple(_view(each) for each in found if charged(caller, each.workflow_id)))


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
    with context.admit(credential, Verb.ASK_EXCEPTION) as caller:
        body, db = sent.read(ResumeBody), caller.connection
        found = incidents.get(db, as_uuid(incident_id))
        if not charged(caller, found.workflow_id):
            raise Unknown(incident_id)
        asked = exceptional_acts.ask(
            db, ExceptionBody(kind="resume", subject=found.id, reason=body.reason), caller.actor
        )
        if context.settings.profile == "development":
            exceptional_acts.approve(db, asked.id, caller.actor, alone=True)
            return _resumed(found, None)
        return _resumed(found, asked.id)


def _resumed(found: IncidentRecord, awaits_approval: str | None) -> Resumed:
    return Resumed(**_view(found).model_dump(), awaits_approval=awaits_approval)


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
