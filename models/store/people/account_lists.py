"""The accounts of an installation, as operators look for them."""

from sqlalchemy import Connection, Text, cast, func, or_, select

from models.identifiers import Instant
from models.store.records import Record
from models.store.schema.cases import account, token

MAX_ROWS = 50
"""Accounts shown at once; a search narrows them."""


class ListedAccount(Record):
    """An account and how many tokens of it are in force."""

    id: str
    role: str
    name: str
    email: str
    departments: tuple[str, ...]
    closed_at: Instant | None
    tokens: int


def list_accounts(connection: Connection, role: str | None, words: str | None) -> list[ListedAccount]:
    """Return accounts by name: of a role, or whose id is this, or whose name or address begins or contains it."""
    living = select(func.count()).where(token.c.account_id == account.c.id, token.c.revoked_at.is_(None))
    living = living.where(func.coalesce(token.c.expires_at > func.clock_timestamp(), True))
    columns = (account.c[name] for name in ListedAccount.model_fields if name != "tokens")
    query = select(*columns, living.scalar_subquery().label("tokens"))
    if role:
        query = query.where(account.c.role == role)
    if words:
        same = cast(account.c.id, Text) == words.lower()
        query = query.where(
            or_(same, *(account.c[name].icontains(words, autoescape=True) for name in ("name", "email")))
        )
    return ListedAccount.all(connection, query.order_by(account.c.name, account.c.id).limit(MAX_ROWS + 1))


def names(connection: Connection, ids: set[str]) -> dict[str, tuple[str, str]]:
    """Return the name and role of each of these accounts, by id."""
    rows = connection.execute(select(account.c.id, account.c.name, account.c.role).where(account.c.id.in_(ids)))
    return {row.id: (row.name, row.role) for row in rows}
