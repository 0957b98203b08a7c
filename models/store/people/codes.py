"""Codes sent by mail: stored as digests, valid once, for one purpose, until they expire or are replaced."""

from datetime import timedelta
from typing import Literal

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from models.digests import digest
from models.store.schema.sign_in import code

Purpose = Literal["activation", "password", "invitation"]


def keep(connection: Connection, account_id: str, purpose: Purpose, secret: str, life: timedelta) -> None:
    """Make a secret good for one purpose of an account; those given before for it are not good any more.

    Storing the same secret again changes nothing, its expiry included.
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


def forget(connection: Connection, account_id: str, purpose: Purpose) -> None:
    """No code of an account is good for a purpose any more."""
    living = (code.c.account_id == account_id, code.c.purpose == purpose, code.c.used_at.is_(None))
    ended = func.least(code.c.expires_at, func.clock_timestamp())
    connection.execute(update(code).where(*living).values(expires_at=ended))


def alive(connection: Connection, purpose: Purpose, secret: str) -> str | None:
    """Return the account of a code that would be redeemed, and leave it so; None as `redeem`."""
    good = (code.c.used_at.is_(None), code.c.expires_at > func.clock_timestamp())
    found: str | None = connection.execute(
        select(code.c.account_id).where(code.c.digest == digest(secret), code.c.purpose == purpose, *good)
    ).scalar()
    return found


def redeem(connection: Connection, purpose: Purpose, secret: str) -> str | None:
    """Use a code up and return its account; None when it is unknown, used or expired: nothing tells which."""
    good = (code.c.used_at.is_(None), code.c.expires_at > func.clock_timestamp())
    used: str | None = connection.execute(
        update(code)
        .where(code.c.digest == digest(secret), code.c.purpose == purpose, *good)
        .values(used_at=func.clock_timestamp())
        .returning(code.c.account_id)
    ).scalar()
    return used
