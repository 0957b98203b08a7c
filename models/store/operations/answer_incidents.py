"""Incidents about answers of the paying agency: claims of which it says two things, answers that do not come.

They are in the chain of the channel. One about a claim is closed when the agency answers it at last, or once an
operator has said why it may be left (`incidents.resume`); the one about the channel when nothing is overdue.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, text

from models.engine.names import deposit_id
from models.labels import Part
from models.messages.case import Incident
from models.store.database import now
from models.store.journal import events
from models.store.operations import incidents
from models.store.operations.process_subjects import Held

CONTRADICTED: Final = "read_answers"
OVERDUE: Final = "watch_answers"
"""Acts that these incidents name."""


def tell(connection: Connection, channel: str, *, troubled: Sequence[str], answered: Sequence[str]) -> None:
    """Open an incident for each troubled process, and close those of processes that are answered now."""
    held = _held(connection, channel)
    for process in troubled:
        incidents.open_incident(connection, _about(process, CONTRADICTED), held)
    for process in _with_incident(connection, answered):
        incidents.close_incident(connection, _about(process, CONTRADICTED), held)


def watch(connection: Connection, channel: str, *, overdue: bool) -> None:
    """Open or close the incident of a channel whose answers are overdue; close those that an operator has judged."""
    held, late = _held(connection, channel), _about(deposit_id(channel), OVERDUE)
    (incidents.open_incident if overdue else incidents.close_incident)(connection, late, held)
    for process in connection.execute(_JUDGED, {"act": CONTRADICTED}).scalars():
        incidents.close_incident(connection, _about(str(process), CONTRADICTED), held)


def _held(connection: Connection, channel: str) -> Held:
    events.hold_chain(connection, channel)
    return Held(channel, now(connection))


def _about(process: str, act: str) -> Incident:
    return Incident(subject=process, act=act, part=Part.AGENCY)


def _with_incident(connection: Connection, processes: Sequence[str]) -> list[str]:
    rows = connection.execute(_OPEN, {"act": CONTRADICTED, "processes": list(processes)})
    return [str(each) for each in rows.scalars()]


_OPEN: Final = text(
    "SELECT workflow_id FROM incident WHERE act = :act AND closed_at IS NULL AND workflow_id = ANY(:processes)"
    " ORDER BY workflow_id"
)
_JUDGED: Final = text(
    "SELECT workflow_id FROM incident WHERE act = :act AND closed_at IS NULL AND resumed_at IS NOT NULL"
    " ORDER BY workflow_id"
)
