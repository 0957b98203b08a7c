"""Idempotency keys: inserted first in the transaction, so that twenty parallel requests create one case."""

import json
from hashlib import sha256

from sqlalchemy import Connection, Table, select, update
from sqlalchemy.dialects.postgresql import insert

from models.errors import Conflict, KeyReused, Repeated
from models.store.schema.journal import idempotency


def digest(body: object) -> bytes:
    """Return the digest of a JSON body, whatever the order of its members."""
    return sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).digest()


def claim(connection: Connection, account_id: str, key: str, body_digest: bytes) -> None:
    """Take the key for this transaction; raises `Repeated` or `KeyReused` when it is taken already.

    A second request with the same key waits here until the first has committed.
    """
    row = {"account_id": account_id, "key": key, "body_digest": body_digest}
    taken = connection.execute(
        insert(idempotency).values(row).on_conflict_do_nothing().returning(idempotency.c.key)
    ).scalar()
    if taken is None:
        _answer_again(connection, account_id, key, body_digest)


def find(connection: Connection, account_id: str, key: str, body_digest: bytes | None = None) -> str | None:
    """Return what a key was answered with, or None; claims nothing. Raises `KeyReused` for another body than that."""
    mine = (idempotency.c.account_id == account_id, idempotency.c.key == key)
    row = connection.execute(select(idempotency).where(*mine)).first()
    if row is not None and body_digest is not None and row.body_digest != body_digest:
        raise KeyReused
    return str(row.answer) if row is not None and row.answer else None


def _answer_again(connection: Connection, account_id: str, key: str, body_digest: bytes) -> None:
    row = connection.execute(
        select(idempotency).where(idempotency.c.account_id == account_id, idempotency.c.key == key)
    ).one()
    if row.body_digest != body_digest:
        raise KeyReused
    raise Repeated(row.answer)


def insert_act(connection: Connection, acts: Table, row: dict[str, object]) -> bool:
    """Insert an agent's act; False when a concurrent transaction took its id, for another case."""
    added = insert(acts).values(row).on_conflict_do_nothing(index_elements=["id"]).returning(acts.c.id)
    return connection.execute(added).first() is not None


def refuse_other(connection: Connection, acts: Table, act_id: str, reference: str, body_digest: bytes) -> None:
    """Raise `Conflict` when the act of this id is about another case or had another body."""
    known = connection.execute(select(acts.c.reference, acts.c.body_digest).where(acts.c.id == act_id)).one()
    if (known.reference, known.body_digest) != (reference, body_digest):
        raise Conflict("decision-id-reused", "Cet identifiant a déjà servi pour un acte différent.")


def remember(connection: Connection, account_id: str, key: str, answer: str) -> None:
    """Record the id of what was created under the key."""
    connection.execute(
        update(idempotency)
        .where(idempotency.c.account_id == account_id, idempotency.c.key == key)
        .values(answer=answer)
    )
