"""What the relay does once a day without being told: the mails of a day, for the accounts that ask for them."""

import asyncio
from typing import Final

import structlog

from models.store.cases import digests
from models.store.database import Database

INTERVAL: Final = 300.0
"""Seconds between two looks; the register says what is still due today."""
log = structlog.get_logger()


async def send_digests(database: Database) -> None:
    """Announce the mails of each day, for ever, as soon as they are due; each look is idempotent."""
    while True:
        looked_at = await asyncio.to_thread(announce_due, database)
        if looked_at:
            log.info("digests_announced", accounts=looked_at)
        await asyncio.sleep(INTERVAL)


def announce_due(database: Database) -> int:
    """Announce every mail that is due now; returns how many accounts were looked at."""
    looked_at = 0
    while True:
        with database.begin() as connection:
            page = digests.announce_due(connection)
        looked_at += page
        if page < digests.MAX_ACCOUNTS:
            return looked_at
