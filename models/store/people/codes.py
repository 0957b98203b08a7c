"""Codes sent by mail: stored as digests, valid once, for one purpose, until they expire or are replaced."""

from datetime import timedelta
from typing import Literal

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from models.digests import digest
from models.store.schema.sign_in import code

Purpose = Literal["activation", "password", "invitation", "email"]


def store(connection: Connection, account_id: str, purpose: Purpose, secret: str, life: timedelta) -> None:
    """Store a code for one purpose of an account; earlier codes for that purpose expire now.

    Storing the same code again changes nothing, not even its expiry.
    """
    earlier = (code.c.account_id == account_id, code.c.purpose == purpose, code.c.used_at.is_(None))
    connection.execute(
        update(code)
        .where(*earlier, code.c.digest != digest(secret))
        .values(expires_at=func.least(code.c.expires_at, func.clock_timestamp()))
    )
    row = {"digest": digest(secret), "account_id": account_id, "purpose": purpose}
    until = func.clock_timestamp() + life
    connection.execute(insert(code).values(row | {"expires_at": until}).on_conflict_do_nothing())


def expire_all(connection: Connection, account_id: str, purpose: Purpose) -> None:
    """Make every code of an account for a purpose expire now."""
    living = (code.c.account_id == account_id, code.c.purpose == purpose, code.c.used_at.is_(None))
    ended = func.least(code.c.expires_at, func.clock_timestamp())
    connection.execute(update(code).where(*living).values(expires_at=ended))


def find_account(connection: Connection, purpose: Purpose, secret: str) -> str | None:
    """Return the account of a valid code without redeeming it; None like `redeem`."""
    valid = (code.c.used_at.is_(None), code.c.expires_at > func.clock_timestamp())
    account_id: str | None = connection.execute(
        select(code.c.account_id).where(code.c.digest == digest(secret), code.c.purpose == purpose, *valid)
    ).scalar()
    return account_id


def redeem(connection: Connection, purpose: Purpose, secret: str) -> str | None:
    """Redeem a code and return its account; None when it is unknown, used or expired, without saying which."""
    valid = (code.c.used_at.is_(None), code.c.expires_at > func.clock_timestamp())
    account_id: str | None = connection.execute(
        update(code)
        .where(code.c.digest == digest(secret), code.c.purpose == purpose, *valid)
        .values(used_at=func.clock_timestamp())
        .returning(code.c.account_id)
    ).scalar()
    return account_id
