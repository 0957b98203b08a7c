"""Deposits with the paying agency: a file is reserved in the register, then sent, the same at each attempt."""

import asyncio
from functools import partial
from hashlib import sha256

from activities.agency.layout import lay_out, name
from activities.agency.transport import Transport
from activities.errors import naming_what_breaks
from activities.transactions import transactions
from models.labels import Part
from models.messages import acts
from models.messages.deposit import Channel, Deposit
from models.settings import Settings
from models.store.agency import channels, files, rows, sent
from models.store.database import Database


class SftpAgency(acts.AgencyActs):
    """The agency's folder behind a transport; caps and prefix come from the settings."""

    def __init__(self, database: Database, transport: Transport, settings: Settings) -> None:
        self._transaction = transactions(database)
        self._transport = transport
        self._settings = settings

    def prepare_deposit(self, channel: Channel) -> Deposit | None:
        """Return the file reserved before and not yet written, if any: a crash never makes a second one."""
        caps = self._settings
        with self._transaction() as connection:
            channels.hold(connection, channel.name)
            reserved = files.find_reserved(connection, channel.name)
            waiting = [] if reserved else rows.list_ready(connection, channel.name, caps.agency_rows)
            if reserved or not waiting:
                return reserved
            file = lay_out(waiting, caps.agency_rows, caps.agency_bytes)
            named = partial(name, caps.agency_prefix)
            return files.reserve(connection, channel.name, named, file.content, waiting[: file.rows])

    async def put_deposit(self, deposit: Deposit) -> None:
        """Send the reserved bytes, then mark the file and its cases; idempotent."""
        with naming_what_breaks(otherwise=Part.AGENCY):
            content = await asyncio.to_thread(self._content, deposit)
            await self._transport.put(deposit.name, content)
            await asyncio.to_thread(self._mark_written, deposit)

    def _content(self, deposit: Deposit) -> bytes:
        with self._transaction() as connection:
            content = files.content(connection, deposit.id)
        if sha256(content).hexdigest() != deposit.sha256:
            raise ValueError("the reserved bytes are not those of the deposit")
        return content

    def _mark_written(self, deposit: Deposit) -> None:
        with self._transaction() as connection:
            sent.mark_written(connection, deposit.id)
