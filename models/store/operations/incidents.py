"""Incidents: a process parked on a broken dependency, listed until it goes on."""

from sqlalchemy import Connection, cast, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.engine.names import subject_of
from models.errors import Conflict, Unknown
from models.identifiers import Instant
from models.messages.case import Incident
from models.store.journal import events, outbox
from models.store.journal.events import Actor
from models.store.operations.process_subjects import Held
from models.store.records import Record
from models.store.schema.enrolments import enrolment
from models.store.schema.journal import incident


class IncidentRecord(Record):
    """What is broken, since when, and who resumed it."""

    id: str
    workflow_id: str
    act: str
    part: str
    opened_at: Instant
    resumed_at: Instant | None
    reason: str | None
    closed_at: Instant | None
    siret: str | None = None
    """Establishment of an enrolment: operators know it by its SIRET, its process has an id."""

    @property
    def subject(self) -> str:
        """What operators call the process: a reference, a draft, a SIRET, a channel."""
        return self.siret or subject_of(self.workflow_id)


_OF_ENROLMENT = cast(func.substring(incident.c.workflow_id, "^enrolment:([0-9a-f-]{36})$"), enrolment.c.id.type)
_SIRET = select(enrolment.c.siret).where(enrolment.c.id == _OF_ENROLMENT).scalar_subquery().label("siret")


def open_incident(connection: Connection, broken: Incident, held: Held) -> None:
    """Open an incident for a process and an act, once; the caller holds the subject."""
    row = {"workflow_id": broken.subject, "act": broken.act, "part": broken.part}
    opened = connection.execute(
        insert(incident)
        .values(row)
        .on_conflict_do_nothing(index_elements=["workflow_id", "act"], index_where=text("closed_at IS NULL"))
        .returning(incident.c.id)
    ).scalar()
    if opened:
        details = {"incident": opened, "act": broken.act, "part": broken.part}
        events.append(connection, held.subject, "incident_opened", held.at, **details)


def close_incident(connection: Connection, broken: Incident, held: Held) -> None:
    """Close the incident of a process and an act, because the act succeeded; the caller holds the subject."""
    closed = connection.execute(
        update(incident)
        .where(
            incident.c.workflow_id == broken.subject,
            incident.c.act == broken.act,
            incident.c.closed_at.is_(None),
        )
        .values(closed_at=text("clock_timestamp()"))
        .returning(incident.c.id)
    ).scalar()
    if closed:
        events.append(connection, held.subject, "incident_closed", held.at, incident=closed)


def list_open(connection: Connection) -> list[IncidentRecord]:
    """Return the open incidents, oldest first."""
    rows = connection.execute(
        select(incident, _SIRET).where(incident.c.closed_at.is_(None)).order_by(incident.c.opened_at, incident.c.id)
    )
    return [IncidentRecord.of(row) for row in rows.mappings()]


def get(connection: Connection, incident_id: str) -> IncidentRecord:
    """Return an incident that exists; raises `Unknown`."""
    record = IncidentRecord.first(connection, select(incident, _SIRET).where(incident.c.id == incident_id))
    if record is None:
        raise Unknown(incident_id)
    return record


def resume(connection: Connection, incident_id: str, reason: str, actor: Actor) -> IncidentRecord:
    """Have a parked process try again; raises `Unknown`, or `Conflict` when it is no longer parked."""
    connection.execute(select(incident.c.id).where(incident.c.id == incident_id).with_for_update())
    parked = get(connection, incident_id)
    if parked.closed_at is not None:
        raise Conflict("not-parked", "Cet incident est déjà clos.")
    connection.execute(
        update(incident)
        .where(incident.c.id == incident_id)
        .values(resumed_at=text("clock_timestamp()"), resumed_by=actor.account_id, reason=reason)
    )
    outbox.enqueue(connection, parked.workflow_id, "resume")
    return parked


def list_of_subject(connection: Connection, subject: str) -> list[IncidentRecord]:
    """Return the open incidents of a reference, draft or channel, or of every enrolment of a SIRET."""
    return [each for each in list_open(connection) if subject in (each.subject, subject_of(each.workflow_id))]
