"""The lock that one relay holds at a time, and the notification of each commit that adds to the outbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Self

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from models.engine.names import OUTBOX_CHANNEL

RELAY_LOCK_KEY: Final = 5122_3
"""Advisory lock of the one relay that delivers; released with its session, however the relay ends."""
SECONDS_BETWEEN_ATTEMPTS: Final = 1.0
"""Seconds between two attempts to take the lock."""


class RelayLock:
    """A session that listens to the outbox."""

    def __init__(self, session: AsyncConnection) -> None:
        self._session = session

    @classmethod
    @asynccontextmanager
    async def open(cls, dsn: str) -> AsyncIterator[Self]:
        """Listen on a dedicated session; raises `psycopg.OperationalError` when the register is unreachable."""
        session = await AsyncConnection.connect(
            dsn, autocommit=True, connect_timeout=5, keepalives_idle=5, keepalives_interval=5
        )
        async with session:
            await session.execute(SQL("LISTEN {}").format(Identifier(OUTBOX_CHANNEL)))
            yield cls(session)

    async def take(self) -> None:
        """Wait until no other relay holds the lock, and take it."""
        while not await self._try():  # noqa: ASYNC110 a session that waits for a lock would hold vacuum back
            await asyncio.sleep(SECONDS_BETWEEN_ATTEMPTS)

    async def _try(self) -> bool:
        row = await (await self._session.execute("SELECT pg_try_advisory_lock(%s)", [RELAY_LOCK_KEY])).fetchone()
        return row is not None and bool(row[0])

    async def notified(self, seconds: float) -> None:
        """Wait for a message, or some seconds; raises `psycopg.OperationalError` when the session is lost."""
        async for _ in self._session.notifies(timeout=seconds, stop_after=1):
            pass
        await self._session.execute("SELECT 1")
