"""Works-council opinions: stated at filing, sent afterwards, or waived by an agent once their last day is past."""

from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, select, text

from law.departments import METROPOLITAN_ZONE, OVERSEAS_ZONES
from models.bodies.filing import Opinion
from models.engine.names import authorization_id
from models.errors import Conflict
from models.labels import CaseEvent
from models.store.cases import requests, waiting_claims
from models.store.cases.records import OpinionRecord
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
    requests.get(connection, reference, hold=True)
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


def is_missing(connection: Connection, reference: str) -> bool:
    """Whether an opinion that was to follow has not come by its last day, and no agent waived it (R. 5122-2).

    Never of a request that was refused or given up. Doubt: no text says what follows; claims wait for it (practice).
    """
    return connection.execute(_IS_MISSING, {"reference": reference}).first() is not None


_ZONES: Final = " ".join(f"WHEN '{code}' THEN '{zone}'" for code, zone in OVERSEAS_ZONES.items())
_ZONE: Final = f"CASE q.department {_ZONES} ELSE '{METROPOLITAN_ZONE}' END"
_DEAD: Final = ", ".join(f"'{each.value}'" for each in requests.DEAD)
_WAIVED: Final = f"EXISTS (SELECT FROM event e WHERE e.subject = {{0}} AND e.type = '{CaseEvent.OPINION_WAIVED.value}')"
MISSING: Final = (
    "EXISTS (SELECT FROM opinion o JOIN request q ON q.reference = o.reference WHERE o.reference = {0}"  # noqa: S608
    " AND o.form = 'pending' AND NOT EXISTS (SELECT FROM opinion l WHERE l.reference = o.reference"
    "  AND l.version > o.version)"
    f" AND (case_now(q.reference) AT TIME ZONE {_ZONE})::date > o.due_on"
    f" AND coalesce(q.outcome, '') NOT IN ({_DEAD})"
    f" AND NOT {_WAIVED.format('o.reference')})"
)
"""Condition of `is_missing`, in which the reference is to be put."""
_IS_MISSING = text(f"SELECT WHERE {MISSING.format(':reference')}")
LATE: Final = "Avis du CSE non transmis dans le délai."
"""Signal of a case whose opinion is missing."""
_IS_WAIVED = text(f"SELECT WHERE {_WAIVED.format(':reference')}")


def is_waived(connection: Connection, reference: str) -> bool:
    """Whether an agent has let claims no longer wait for the opinion."""
    return connection.execute(_IS_WAIVED, {"reference": reference}).first() is not None


def waive(connection: Connection, reference: str, reason: str, actor: Actor) -> date:
    """Let claims no longer wait for an opinion that is missing, and return its last day; it may come nevertheless.

    Its signal is seen by whoever waives it. Raises `Conflict` when none is missing, and in a closed case.
    """
    case, due_on = requests.get(connection, reference, hold=True), find_due_day(connection, reference)
    if due_on is None or case.closed_at is not None or not is_missing(connection, reference):
        raise Conflict("opinion-not-missing", "Aucun avis du CSE ne retient l’indemnisation de ce dossier.")
    at = case_now(connection, reference)
    events.append(connection, reference, CaseEvent.OPINION_WAIVED, at, actor, reason=reason)
    requests.see_signals(connection, reference, [LATE])
    waiting_claims.wake_held(connection, reference)
    return due_on


def find_due_day(connection: Connection, reference: str) -> date | None:
    """Return the last day for an opinion that is still awaited, or None."""
    latest = get_latest(connection, reference)
    return latest.due_on if latest.form == "pending" else None
