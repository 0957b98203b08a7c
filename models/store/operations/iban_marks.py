"""Marks of bank accounts stored by earlier versions: made some at a time, at night.

A mark is the HMAC by which the same account is found elsewhere. A row without one is compared in clear meanwhile.
"""

from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from models.engine.keys import MasterKey
from models.store.schema.cases import nominal

BATCH: Final = 1_000
"""Rows marked in one transaction."""
BATCHES_A_NIGHT: Final = 100
"""At most so many batches a night: the marks are nobody's deadline."""


def mark_some(connection: Connection, master: MasterKey, limit: int = BATCH) -> int:
    """Mark the accounts of some rows that have no mark, and return how many; rows in use are left to the next time."""
    unmarked = select(nominal.c.reference, nominal.c.iban).where(nominal.c.iban_mark.is_(None)).limit(limit)
    rows = connection.execute(unmarked.with_for_update(skip_locked=True)).all()
    if rows:
        marks = [{"of": row.reference, "mark": master.mark_iban(row.iban)} for row in rows]
        marked = update(nominal).where(nominal.c.reference == bindparam("of")).values(iban_mark=bindparam("mark"))
        connection.execute(marked, marks)
    return len(rows)
