"""Members of an establishment: main contacts invite and remove members, and an invitation waits for its answer.

An invitation is held by a new account without a password. Accepting it moves what it grants to the account of
the person who accepts, so that inviting never reveals who has an account already.
"""

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.errors import Conflict, Unknown
from models.identifiers import Instant
from models.labels import Belonging
from models.store.people import accounts
from models.store.records import Record
from models.store.schema.accounts import mandate
from models.store.schema.cases import account, account_establishment

_LINK = account_establishment
NOW = func.clock_timestamp()


class Member(Record):
    """A member of an establishment; `joined_at` is None while the invitation waits."""

    account_id: str
    siret: str
    name: str
    email: str
    role: Belonging
    joined_at: Instant | None


def invite(connection: Connection, siret: str, name: str, email: str, role: Belonging) -> str:
    """Create an invitation to join an establishment; returns the account that holds it."""
    holder = accounts.create(connection, "employer", name, email)
    row = {"account_id": holder, "siret": siret, "role": role, "joined_at": None}
    connection.execute(insert(_LINK).values(row))
    return holder


def list_of(connection: Connection, siret: str) -> list[Member]:
    """Return the members of an establishment; waiting invitations come last."""
    query = select(_LINK, account.c.name, account.c.email).join(account, account.c.id == _LINK.c.account_id)
    return Member.all(connection, query.where(_LINK.c.siret == siret).order_by(_LINK.c.joined_at, account.c.id))


def list_roles(connection: Connection, account_id: str) -> dict[str, Belonging]:
    """Return the SIRET of each establishment that an account belongs to, with its role there."""
    mine = (_LINK.c.account_id == account_id, _LINK.c.joined_at.is_not(None))
    query = select(_LINK.c.siret, _LINK.c.role).where(*mine).order_by(_LINK.c.siret)
    return {row.siret: Belonging.of(row.role) for row in connection.execute(query)}


def accept(connection: Connection, holder: str, account_id: str) -> None:
    """Move what an invitation grants to the account that accepts it."""
    rows = connection.execute(
        delete(_LINK).where(_LINK.c.account_id == holder, _LINK.c.joined_at.is_(None)).returning(_LINK)
    )
    for row in rows.mappings().all():
        joined = {"account_id": account_id, "joined_at": NOW}
        link = insert(_LINK).values(dict(row) | joined)
        known = ["account_id", "siret"]
        connection.execute(
            link.on_conflict_do_update(index_elements=known, set_={"role": "main"})
            if row["role"] == "main"
            else link.on_conflict_do_nothing()
        )
    given = (mandate.c.account_id == holder, mandate.c.accepted_at.is_(None))
    connection.execute(update(mandate).where(*given).values(account_id=account_id, accepted_at=NOW))


def remove(connection: Connection, siret: str, account_id: str) -> None:
    """Remove a member from an establishment, or cancel an invitation; raises `Unknown`, `Conflict`."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": f"members:{siret}"})
    members = {each.account_id: each for each in list_of(connection, siret)}
    if account_id not in members:
        raise Unknown(account_id)
    leaders = {each for each, member in members.items() if member.role is Belonging.MAIN and member.joined_at}
    if leaders == {account_id}:
        raise Conflict("last-contact", "C’est le dernier interlocuteur principal de l’établissement.")
    mine = (_LINK.c.siret == siret, _LINK.c.account_id == account_id)
    connection.execute(delete(_LINK).where(*mine))
