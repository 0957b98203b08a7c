"""Whether an agent may make tokens for tools of theirs: a head allows it, and may end it at any time."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from models.identifiers import Instant
from models.store.journal import accesses
from models.store.journal.events import Actor
from models.store.people import tokens
from models.store.records import Record
from models.store.schema.agents import tool_access


class ToolAccess(Record):
    """An access that is in force."""

    account_id: str
    allowed_by: str
    allowed_at: Instant


def allow(connection: Connection, account_id: str, by: Actor) -> None:
    """Allow an agent to make tokens, and write its event; nothing changes if they may already."""
    allowed = connection.execute(
        insert(tool_access)
        .values(account_id=account_id, allowed_by=by.account_id)
        .on_conflict_do_nothing()
        .returning(tool_access.c.id)
    ).scalar()
    if allowed:
        accesses.write_last(connection, "tools_allowed", by, account=account_id)


def revoke(connection: Connection, account_id: str, by: Actor) -> None:
    """End the access of an agent and every token of theirs, at once, with an event each."""
    ended = {"revoked_at": func.clock_timestamp(), "revoked_by": by.account_id}
    in_force = (tool_access.c.account_id == account_id, tool_access.c.revoked_at.is_(None))
    if connection.execute(update(tool_access).where(*in_force).values(ended)).rowcount:
        accesses.write_last(connection, "tools_revoked", by, account=account_id)
        tokens.revoke_all(connection, account_id, by)


def list_in_force(connection: Connection, account_ids: Sequence[str]) -> list[ToolAccess]:
    """Return the accesses in force of some accounts."""
    query = select(tool_access).where(tool_access.c.account_id.in_(account_ids), tool_access.c.revoked_at.is_(None))
    return ToolAccess.all(connection, query)


def is_allowed(connection: Connection, account_id: str) -> bool:
    """Whether an agent may make tokens now; locked, so that an end of the access waits for the token."""
    query = select(tool_access.c.id).where(tool_access.c.account_id == account_id, tool_access.c.revoked_at.is_(None))
    return connection.execute(query.with_for_update(read=True)).first() is not None
