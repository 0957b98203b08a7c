"""The connection to PostgreSQL: one pool, transactions, and the clock by which everything is judged."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Final

from psycopg import Connection as PsycopgConnection
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.pool import ConnectionPoolEntry


class Database:
    """A pool of connections; every function of `models.store` takes one of its connections."""

    def __init__(self, dsn: str, size: int = 10) -> None:
        self.dsn = dsn.replace("postgresql://", "postgresql+psycopg://", 1)
        self._engine = create_engine(
            self.dsn, pool_size=size, max_overflow=size, pool_pre_ping=True, hide_parameters=True
        )
        event.listen(self._engine, "connect", _prepare)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: committed at the end, undone by any error. What `before_commit` was given is done last."""
        with self._engine.begin() as connection:
            steps: list[Callable[[Connection], None]] = []
            connection.info[_LAST] = steps
            yield connection
            for step in steps:
                step(connection)

    @contextmanager
    def trial(self) -> Iterator[Connection]:
        """One transaction of which nothing remains."""
        with self._engine.connect() as connection:
            connection.info[_LAST] = []
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One transaction that reads one state of the register, however long it takes, and can write nothing."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._engine.connect().execution_options(**options) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection of the pool."""
        self._engine.dispose()

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_LAST: Final = "last"
"""Where a connection keeps what its transaction does last."""


def before_commit(connection: Connection, step: Callable[[Connection], None]) -> None:
    """Have a step done at the very end of the transaction, if it comes to that.

    For whatever takes a lock that all writers share: taken last, it is held for the commit only, and two
    transactions never wait for each other.
    """
    connection.info[_LAST].append(step)


def _prepare(connection: PsycopgConnection[tuple[object, ...]], _entry: ConnectionPoolEntry) -> None:
    """Instants come back in UTC, and a part that hangs does not hold its rows for ever."""
    connection.execute("SET TIME ZONE 'UTC'")
    connection.execute("SET idle_in_transaction_session_timeout = '1min'")
    connection.commit()


def alive(connection: Connection) -> bool:
    """Whether the register answers."""
    return connection.execute(text("SELECT 1")).scalar() == 1


def now(connection: Connection) -> datetime:
    """Return the time of the database, without the offset of any case."""
    at: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return at


class ClockWentBack(Exception):
    """The database's clock is earlier than what it has recorded: no instant can be trusted."""


def check_clock(connection: Connection) -> None:
    """Raise `ClockWentBack` when the last message written for the engine lies in the future.

    Asked at start by every program. Those messages bear the database's own clock, without any case's offset.
    """
    behind = connection.execute(
        text("SELECT created_at > pg_catalog.clock_timestamp() FROM outbox ORDER BY id DESC LIMIT 1")
    ).scalar()
    if behind:
        raise ClockWentBack


def case_now(connection: Connection, reference: str) -> datetime:
    """Time of a case: the database's clock plus the case's offset (zero outside development)."""
    now: datetime = connection.execute(text("SELECT case_now(:r)"), {"r": reference}).scalar_one()
    return now


def draft_now(connection: Connection, draft: str) -> datetime:
    """Time of a draft, like `case_now`."""
    now: datetime = connection.execute(text("SELECT draft_now(:d)"), {"d": draft}).scalar_one()
    return now
