"""Works-council opinions: stated at filing, or sent afterwards (R. 5122-2)."""

from datetime import date

from sqlalchemy import Connection, bindparam, select

from models.bodies.filing import Opinion
from models.engine.names import authorization_id
from models.errors import Conflict
from models.labels import CaseEvent
from models.store.cases import waiting_claims
from models.store.cases.records import OpinionRecord
from models.store.cases.requests import get
from models.store.database import case_now
from models.store.journal import events, outbox
from models.store.journal.events import Actor
from models.store.schema.cases import opinion


def get_latest(connection: Connection, reference: str) -> OpinionRecord:
    """Return the latest version of the opinion."""
    return list_versions(connection, reference)[-1]


def list_versions(connection: Connection, reference: str) -> list[OpinionRecord]:
    """Return every version of the opinion: the one stated at filing, then those sent afterwards."""
    return OpinionRecord.all(connection, _VERSIONS, {"of": reference})


_VERSIONS = select(opinion).where(opinion.c.reference == bindparam("of")).order_by(opinion.c.version)


def supply(connection: Connection, reference: str, given: Opinion, actor: Actor) -> int:
    """Store an opinion sent after the request, even past its limit, and return its version.

    Raises `Conflict` when none is awaited.
    """
    get(connection, reference, hold=True)
    awaited = get_latest(connection, reference)
    if awaited.form != "pending":
        raise Conflict("opinion-not-awaited", "Aucun avis du CSE n’est attendu dans ce dossier.")
    at = case_now(connection, reference)
    connection.execute(
        opinion.insert().values(
            reference=reference,
            version=awaited.version + 1,
            form=given.opinion,
            given_on=given.given_on,
            file_id=given.file,
            received_at=at,
        )
    )
    events.append(connection, reference, CaseEvent.OPINION_RECEIVED, at, actor)
    outbox.enqueue(connection, authorization_id(reference), "supply_opinion")
    waiting_claims.wake_held(connection, reference)
    return awaited.version + 1


def find_due_day(connection: Connection, reference: str) -> date | None:
    """Return the last day for an opinion that is still awaited, or None."""
    latest = get_latest(connection, reference)
    return latest.due_on if latest.form == "pending" else None
