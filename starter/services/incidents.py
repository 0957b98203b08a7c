"""Processes parked on a broken dependency: list them, resume them."""

from models.bodies.operator import ExceptionBody, ResumeBody
from models.errors import Unknown
from models.store.operations import exceptional_acts, incidents
from models.store.operations.incidents import IncidentRecord
from starter.auth.caller import as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.request_body import Submission
from starter.services.exceptional_acts import covers


def list_open(context: Context, credential: PresentedCredential) -> list[IncidentRecord]:
    """Return the open incidents within the caller's reach, oldest first."""
    with context.admit(credential, Verb.READ_INCIDENTS) as caller:
        return [each for each in incidents.list_open(caller.connection) if covers(caller, each.workflow_id)]


def resume(
    context: Context, credential: PresentedCredential, incident_id: str, submission: Submission[ResumeBody]
) -> tuple[IncidentRecord, str | None]:
    """Request that a parked process try again, once for a key; returns the incident and the act that awaits approval.

    Under the development profile the act is approved at once. Raises `Unknown`, `InvalidRequest`, `Conflict`.
    """
    with context.admit(credential, Verb.ASK_EXCEPTION) as caller:
        body, connection = submission.read(), caller.connection
        alone = context.settings.profile == "development"
        incident = incidents.get(connection, as_uuid(incident_id))
        if not covers(caller, incident.workflow_id):
            raise Unknown(incident_id)

        def request() -> str:
            asked = ExceptionBody(kind="resume", subject=incident.id, reason=body.reason)
            act = exceptional_acts.request(connection, asked, caller.actor)
            if alone:
                exceptional_acts.approve(connection, act.id, caller.actor, alone=True)
            return act.id

        act_id = caller.once(submission.key, submission.digest if submission.key else b"", request)
        return incident, None if alone else act_id
