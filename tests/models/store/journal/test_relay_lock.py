"""One relay at a time holds the lock, and another takes over."""

import asyncio

import pytest

from models.store.database import Database
from models.store.journal.relay_lock import RelayLock


async def test_one_relay_holds_the_post_and_another_takes_over(database: Database) -> None:
    dsn = database.dsn.replace("+psycopg", "")
    async with RelayLock.open(dsn) as second:
        async with RelayLock.open(dsn) as first:
            await first.take()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second.take(), 0.3)
        await asyncio.wait_for(second.take(), 60)
