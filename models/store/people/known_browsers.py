"""Browsers from which an account was entered, by the digest of a secret that each keeps in a cookie."""

from typing import Final

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.digests import digest
from models.store.schema.account_security import known_browser

MAX_BROWSERS: Final = 50
"""Browsers of one account: programs that sign in keep no cookie, and look like a new one each time."""
_FORGET_OLDEST: Final = text(
    "DELETE FROM known_browser WHERE account_id = CAST(:of AS uuid) AND digest IN (SELECT digest FROM known_browser"
    " WHERE account_id = CAST(:of AS uuid) ORDER BY seen_at DESC OFFSET :kept)"
)


def is_known(connection: Connection, account_id: str, secret: str) -> bool:
    """Whether an account was entered from a browser before, which is seen again now."""
    mine = (known_browser.c.account_id == account_id, known_browser.c.digest == digest(secret))
    return bool(connection.execute(update(known_browser).where(*mine).values(seen_at=func.clock_timestamp())).rowcount)


def add(connection: Connection, account_id: str, secret: str) -> bool:
    """Know a browser from now on; returns whether the account was entered from another one before."""
    others = select(known_browser.c.digest).where(known_browser.c.account_id == account_id).limit(1)
    known = connection.execute(others).first() is not None
    connection.execute(_FORGET_OLDEST, {"of": account_id, "kept": MAX_BROWSERS - 1})
    row = {"account_id": account_id, "digest": digest(secret)}
    connection.execute(insert(known_browser).values(row).on_conflict_do_nothing())
    return known
