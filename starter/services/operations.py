"""What operators look at: what waits and since when, how late silence was, parked processes, the last deposits."""

from datetime import datetime
from typing import NamedTuple

from models.errors import Unknown
from models.store.agency import answer_files, channel_states
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.channel_states import ChannelState
from models.store.operations import incidents, measures, overview
from models.store.operations.incidents import IncidentRecord
from models.store.operations.measures import Backlog
from models.store.operations.overview import DepositRecord, Lateness
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.services.exceptional_acts import covers


class ParkedProcess(NamedTuple):
    """An open incident, and until when its process may wait: None when no legal clock runs."""

    incident: IncidentRecord
    deadline_at: datetime | None


class Overview(NamedTuple):
    """The state of the service within an operator's reach; backlogs and deposits are those of the installation."""

    backlogs: dict[str, Backlog]
    lateness: Lateness
    parked: list[ParkedProcess]
    """The nearest deadline first, then the oldest."""
    deposits: list[DepositRecord]
    channels: list[ChannelState]
    set_aside: list[AnswerFileRecord]
    """Files of answers of the agency that nobody could apply, the oldest first."""


def read_overview(context: Context, credential: PresentedCredential) -> Overview:
    """Return what waits, how late silence was, what is parked and what was deposited."""
    with context.admit(credential, Verb.READ_INCIDENTS) as caller:
        connection = caller.connection
        return Overview(
            measures.count_waiting(connection),
            overview.measure_lateness(connection),
            _parked(caller, incidents.list_open(connection)),
            overview.list_deposits(connection),
            channel_states.list_all(connection),
            answer_files.list_quarantined(connection),
        )


def read_incident(context: Context, credential: PresentedCredential, incident_id: str) -> ParkedProcess:
    """Return one incident and until when its process may wait; raises `Unknown`."""
    with context.admit(credential, Verb.READ_INCIDENTS) as caller:
        found = _parked(caller, [incidents.get(caller.connection, as_uuid(incident_id))])
        if not found:
            raise Unknown(incident_id)
        return found[0]


def _parked(caller: Caller, open_incidents: list[IncidentRecord]) -> list[ParkedProcess]:
    own = [each for each in open_incidents if covers(caller, each.workflow_id)]
    deadlines = overview.find_deadlines(caller.connection, (each.workflow_id for each in own))
    parked = [ParkedProcess(each, deadlines.get(each.workflow_id)) for each in own]
    return sorted(parked, key=lambda each: (each.deadline_at is None, each.deadline_at or each.incident.opened_at))
