"""Transactions of acts on the register; their errors name the broken part."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection

from activities.errors import naming_what_breaks
from models.store.database import Database

Transaction = Callable[[], AbstractContextManager[Connection]]
"""Opens a transaction, committed when its block ends without an error."""


def transactions(database: Database, *, final: bool = True) -> Transaction:
    """Return a function that opens the transactions of a class of acts; `final` as in `naming_what_breaks`."""

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with naming_what_breaks(final=final), database.begin() as connection:
            yield connection

    return transaction
