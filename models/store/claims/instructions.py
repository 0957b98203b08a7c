"""Standing instructions: claims without a signal that an agent agrees to beforehand, under a delegation."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql as pg

from law.amounts import of_cents
from law.calendar import local
from law.texts import Text, in_french, objection
from models.bodies.claims_review import InstructionBody
from models.errors import NotAllowed, Unknown, Unlawful
from models.identifiers import Instant
from models.roles import actor_role
from models.store.database import now
from models.store.journal import accesses
from models.store.journal.events import Actor
from models.store.people import delegations
from models.store.records import Record
from models.store.schema.agents import delegation
from models.store.schema.cases import account
from models.store.schema.claims import standing_instruction

OUTCOME: Final = "claim"
"""Outcome of the delegations under which instructions are given."""


class InstructionRecord(Record):
    """A standing instruction, with the name and role of whoever gave it."""

    id: str
    account_id: str
    delegation_id: str
    departments: tuple[str, ...]
    ceiling_cents: int
    from_on: date
    to_on: date
    given_at: Instant
    revoked_at: Instant | None
    name: str
    role: str

    @property
    def ceiling(self) -> Decimal:
        """Allowance of the claims of one month of a case at most, in euros."""
        return of_cents(self.ceiling_cents)

    @property
    def actor(self) -> Actor:
        """Whoever gave it, as the actor of an event."""
        return Actor.model_validate({"role": actor_role(self.role), "account_id": self.account_id})


_ALL = select(standing_instruction, account.c.name, account.c.role).join(
    account, account.c.id == standing_instruction.c.account_id
)


_TABLE: Final = standing_instruction.c


def give(connection: Connection, body: InstructionBody, actor: Actor) -> str:
    """Give a standing instruction under a delegation of the agent that covers it, and return its id.

    Raises `Unlawful` for one that begins before today, `NotAllowed` without such a delegation.
    """
    at = now(connection)
    today = min(local(at, each).date() for each in body.departments)
    if body.from_on < today:
        message = f"Une instruction ne vaut pas pour le passé : au plus tôt à partir du {in_french(today)}."
        raise Unlawful([objection("/from_on", "instruction-retroactive", message, Text.CRPA_L_212_1)])
    days = body.from_on, body.to_on
    under = delegations.require_throughout(connection, str(actor.account_id), body.departments, days, OUTCOME)
    row = {
        "account_id": under.account_id,
        "delegation_id": under.id,
        "departments": list(body.departments),
        "ceiling_cents": body.ceiling_cents,
        "from_on": body.from_on,
        "to_on": body.to_on,
    }
    given: str = connection.execute(insert(standing_instruction).values(row).returning(_TABLE.id)).scalar_one()
    accesses.write_last(connection, "instruction_given", actor, account=under.account_id, instruction=given)
    return given


def get(connection: Connection, instruction_id: str) -> InstructionRecord:
    """Return an instruction that was given; raises `Unknown`."""
    found = InstructionRecord.first(connection, _ALL.where(_TABLE.id == instruction_id))
    if found is None:
        raise Unknown(instruction_id)
    return found


def revoke(connection: Connection, instruction_id: str, actor: Actor, departments: Sequence[str]) -> None:
    """End an instruction now; what was agreed under it and is not signed yet is reviewed again.

    Whoever gave it may, or a head in charge of any of its départements (`departments` are those of the actor). Raises
    `Unknown`, also for those whom it does not concern, and `NotAllowed`.
    """
    given = get(connection, instruction_id)
    if given.account_id != actor.account_id:
        if not set(given.departments) & set(departments):
            raise Unknown(instruction_id)
        if actor.role != "head":
            raise NotAllowed("Seul l’agent qui a donné cette instruction, ou un chef d’unité, peut la retirer.")
    ended = update(standing_instruction).where(_TABLE.id == instruction_id, _TABLE.revoked_at.is_(None))
    if connection.execute(ended.values(revoked_at=func.clock_timestamp())).rowcount:
        named = {"account": given.account_id, "instruction": instruction_id}
        accesses.write_last(connection, "instruction_revoked", actor, **named)


def list_current(connection: Connection, account_id: str, departments: Sequence[str]) -> list[InstructionRecord]:
    """Return the instructions in force or to come of an account, and those of its départements, newest first."""
    today = func.timezone("Europe/Paris", func.clock_timestamp()).cast(_TABLE.to_on.type)
    concerned = or_(_TABLE.account_id == account_id, _TABLE.departments.has_any(pg.array(departments or [""])))
    query = _ALL.where(_TABLE.revoked_at.is_(None), _TABLE.to_on >= today - 1, concerned)
    return InstructionRecord.all(connection, query.order_by(_TABLE.given_at.desc()))


def find_covering(connection: Connection, department: str, on: date, allowance_cents: int) -> InstructionRecord | None:
    """Return the newest instruction in force that covers what a month claims, locked with its delegation, or None."""
    under = (delegation.c.id == _TABLE.delegation_id) & (delegation.c.account_id == _TABLE.account_id)
    allowed = *delegations.conditions([department], on, on), delegation.c.outcomes.contains([OUTCOME])
    query = _ALL.join(delegation, under).where(*_in_force(department, on), *allowed)
    query = query.where(_TABLE.ceiling_cents >= allowance_cents)
    locked = query.with_for_update(read=True, of=[standing_instruction, delegation])
    return InstructionRecord.first(connection, locked.order_by(_TABLE.given_at.desc(), _TABLE.id).limit(1))


def is_in_force(connection: Connection, instruction_id: str, department: str, on: date) -> bool:
    """Whether an instruction still holds in a département on a day; it is locked."""
    query = select(_TABLE.id).where(_TABLE.id == instruction_id, *_in_force(department, on))
    return connection.execute(query.with_for_update(read=True)).first() is not None


def _in_force(department: str, on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        _TABLE.revoked_at.is_(None),
        _TABLE.departments.contains([department]),
        _TABLE.from_on <= on,
        _TABLE.to_on >= on,
    )
