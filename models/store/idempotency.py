"""Idempotency keys: inserted first in the transaction, so that twenty parallel posts make one case."""

import json
from hashlib import sha256

from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.conflicts import KeyReused, Repeated
from models.store.tables import idempotency


def digest(body: object) -> bytes:
    """Digest of a JSON body, whatever the order of its members."""
    return sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).digest()


def claim(connection: Connection, account_id: str, key: str, body_digest: bytes) -> None:
    """Take the key for this transaction; raises `Repeated` or `KeyReused` when it was taken before.

    A second post of the same key waits here until the first has committed.
    """
    row = {"account_id": account_id, "key": key, "body_digest": body_digest}
    taken = connection.execute(
        insert(idempotency).values(row).on_conflict_do_nothing().returning(idempotency.c.key)
    ).scalar()
    if taken is None:
        _answer_again(connection, account_id, key, body_digest)


def _answer_again(connection: Connection, account_id: str, key: str, body_digest: bytes) -> None:
    found = connection.execute(
        select(idempotency).where(idempotency.c.account_id == account_id, idempotency.c.key == key)
    ).one()
    if found.body_digest != body_digest:
        raise KeyReused
    raise Repeated(found.answer)


def remember(connection: Connection, account_id: str, key: str, answer: str) -> None:
    """Keep the id of what was created under the key."""
    connection.execute(
        update(idempotency)
        .where(idempotency.c.account_id == account_id, idempotency.c.key == key)
        .values(answer=answer)
    )


def forget_old(connection: Connection) -> int:
    """Drop keys older than 30 days; returns how many."""
    old = idempotency.c.created_at < text("clock_timestamp() - interval '30 days'")
    return connection.execute(delete(idempotency).where(old)).rowcount
