"""The checklist of validity that an agent attests before deciding (arrêté du 24 juillet 2014)."""

from sqlalchemy import Connection, func, select

from models.bodies.decision import ChecklistBody, ChecklistItem
from models.identifiers import Instant
from models.store.cases import act_limits, deadlines
from models.store.cases.requests import get
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.records import Record
from models.store.schema.cases import checklist


class ChecklistRecord(Record):
    """A checklist: what was attested, by which agent, when."""

    version: int
    agent_id: str
    items: tuple[ChecklistItem, ...]
    attested_at: Instant


def attest(connection: Connection, reference: str, body: ChecklistBody, actor: Actor) -> int:
    """Store a new version of the checklist and return its number.

    Raises `Conflict` if the case has an outcome, `QuotaReached` after too many of one agent in a day.
    """
    case = get(connection, reference, hold=True)
    at = case_now(connection, reference)
    deadlines.refuse_if_over(case, at)
    act_limits.refuse_too_many_attestations(connection, reference, actor.account_id, at)
    version: int = connection.execute(
        select(func.coalesce(func.max(checklist.c.version), 0) + 1).where(checklist.c.reference == reference)
    ).scalar_one()
    connection.execute(
        checklist.insert().values(
            reference=reference,
            version=version,
            agent_id=actor.account_id,
            items=[each.model_dump() for each in body.items],
            attested_at=at,
        )
    )
    events.append(connection, reference, "checklist_attested", at, actor, version=str(version))
    return version


def find_latest(connection: Connection, reference: str) -> ChecklistRecord | None:
    """Return the last checklist of a case, or None."""
    query = select(checklist).where(checklist.c.reference == reference)
    return ChecklistRecord.first(connection, query.order_by(checklist.c.version.desc()).limit(1))
