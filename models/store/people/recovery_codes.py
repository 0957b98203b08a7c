"""Recovery codes of an account: keyed digests, each of which opens once in place of a one-time code."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from models.store.schema.account_security import recovery_code


def replace(connection: Connection, account_id: str, digests: Sequence[bytes]) -> None:
    """Replace every code of an account by others, or by none."""
    connection.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))
    if digests:
        connection.execute(insert(recovery_code), [{"digest": each, "account_id": account_id} for each in digests])


def use(connection: Connection, account_id: str, digest: bytes) -> bool:
    """Use up a code; False when it is unknown or was used."""
    mine = (recovery_code.c.digest == digest, recovery_code.c.account_id == account_id)
    used = update(recovery_code).where(*mine, recovery_code.c.used_at.is_(None)).values(used_at=func.clock_timestamp())
    return bool(connection.execute(used).rowcount)


def count_left(connection: Connection, account_id: str) -> int:
    """Return how many codes of an account are still to be used."""
    left = (recovery_code.c.account_id == account_id, recovery_code.c.used_at.is_(None))
    return int(connection.execute(select(func.count()).where(*left)).scalar_one())
