"""Transactions of acts on the register, whose errors name the part that is broken."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection

from activities.errors import naming_what_breaks
from models.store.database import Database

Transaction = Callable[[], AbstractContextManager[Connection]]
"""Opens a transaction, committed when its block ends without an error."""


def transactions(database: Database, *, final: bool = True) -> Transaction:
    """Return what opens the transactions of a family of acts; `final` as in `naming_what_breaks`."""

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with naming_what_breaks(final=final), database.begin() as connection:
            yield connection

    return transaction
