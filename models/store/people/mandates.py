"""Mandates of agents of record: given for a period by a main contact, accepted by mail, revoked at once.

A mandate is of the party that gave it: its holder acts for that party, and belongs to none by it.
"""

from datetime import date

from sqlalchemy import Connection, func, insert, or_, select, update

from models.errors import Unknown
from models.identifiers import Instant
from models.store.journal import accesses
from models.store.journal.representation import IN_FORCE
from models.store.people import accounts, authorities, parties
from models.store.records import Record
from models.store.schema.accounts import mandate, party


class MandateRecord(Record):
    """A mandate and its state; both days are included."""

    id: str
    siret: str
    account_id: str
    given_by: str
    party: str
    name: str
    email: str
    starts_on: date
    ends_on: date
    given_at: Instant
    accepted_at: Instant | None
    revoked_at: Instant | None
    in_force: bool


COLUMNS = (
    *(mandate.c[name] for name in MandateRecord.model_fields if name != "in_force"),
    (IN_FORCE[0] & IN_FORCE[1] & IN_FORCE[2]).label("in_force"),
)


def give(
    connection: Connection, siret: str, name: str, email: str, period: tuple[date, date], given_by: str
) -> MandateRecord:
    """Create a mandate, not accepted yet, held by a new account; both days of `period` are included."""
    holder = accounts.create(connection, "employer", name, email)
    row: dict[str, str | None] = {
        "siret": siret,
        "account_id": holder,
        "name": name,
        "email": email,
        "given_by": given_by,
    }
    row |= {"starts_on": period[0].isoformat(), "ends_on": period[1].isoformat()}
    own = parties.find(connection, siret, given_by) or parties.acting_for(connection, siret, given_by)
    row["party"] = own or given_by
    created = connection.execute(insert(mandate).values(row).returning(mandate.c.id)).scalar_one()
    accesses.state_members(connection, holder)
    days = {"from_on": period[0].isoformat(), "until_on": period[1].isoformat()}
    giver = accounts.get(connection, given_by).actor
    accesses.write_last(connection, "mandate_given", giver, siret=siret, mandate=created, **days)
    return get(connection, created)


def get(connection: Connection, mandate_id: str) -> MandateRecord:
    """Return a mandate; raises `Unknown`."""
    record = MandateRecord.first(connection, select(*COLUMNS).where(mandate.c.id == mandate_id))
    if record is None:
        raise Unknown(mandate_id)
    return record


def is_of_party(connection: Connection, record: MandateRecord, account_id: str) -> bool:
    """Whether an account received a mandate, or belongs to the party that gave it."""
    return record.account_id == account_id or record.party == parties.find(connection, record.siret, account_id)


def list_concerning(connection: Connection, account_id: str, sirets: list[str]) -> list[MandateRecord]:
    """Return the mandates given by some establishments and those accepted by an account, newest first."""
    own = select(party.c.party).where(party.c.account_id == account_id, party.c.siret == mandate.c.siret)
    mine = or_(
        mandate.c.siret.in_(sirets) & mandate.c.party.in_(own),
        (mandate.c.account_id == account_id) & mandate.c.accepted_at.is_not(None),
    )
    return MandateRecord.all(connection, select(*COLUMNS).where(mine).order_by(mandate.c.id.desc()))


def list_named(connection: Connection, ids: set[str]) -> list[MandateRecord]:
    """Return mandates by their ids."""
    query = select(*COLUMNS).where(mandate.c.id.in_(ids)).order_by(mandate.c.id)
    return MandateRecord.all(connection, query) if ids else []


def revoke(connection: Connection, mandate_id: str) -> None:
    """Revoke a mandate now; one that was revoked already does not change."""
    open_mandate = (mandate.c.id == mandate_id, mandate.c.revoked_at.is_(None))
    revoked = update(mandate).where(*open_mandate).values(revoked_at=func.clock_timestamp())
    for account_id in connection.execute(revoked.returning(mandate.c.account_id)).scalars():
        accesses.state_members(connection, account_id)
    authorities.leave_mandate(connection, mandate_id)
