"""Deposits with the paying agency: a file is reserved in the register, then sent, the same at each attempt.

The nominal files that a file of claims refers to are put before it: after a crash, one that nothing refers to yet is
put again, the same bytes under the same name.
"""

import asyncio
from contextlib import suppress
from hashlib import sha256
from typing import Final

import structlog
from sqlalchemy import Connection

from activities.agency.claim_lines import nominal_name
from activities.agency.layout import FileChanged
from activities.agency.streams import STREAMS, RowsMoved
from activities.errors import naming_what_breaks
from activities.transactions import transactions
from activities.transport import Transport
from models.engine.names import authorization_id
from models.engine.processes import hold
from models.labels import Part
from models.messages.agency_acts import AgencyActs
from models.messages.case import Incident
from models.messages.deposit import Channel, Deposit, Opening
from models.settings import Settings
from models.store.agency import channel_states, channels, files, sent
from models.store.claims import nominal_files
from models.store.claims.nominal_files import NominalFile
from models.store.database import Database, now
from models.store.journal.facts import Changed
from models.store.operations import incidents

PUT_TOGETHER: Final = 50
"""Nominal files put over one connection, before they are marked as put."""
_log = structlog.get_logger()


class SftpAgency(AgencyActs):
    """The agency's folder behind a transport; caps and prefix come from the settings."""

    def __init__(self, database: Database, transport: Transport, settings: Settings) -> None:
        self._transaction = transactions(database)
        self._transport = transport
        self._settings = settings

    def prepare_deposit(self, channel: Channel) -> Deposit | None:
        """Return the file reserved before and not yet written, if any: a crash never makes a second one."""
        while True:
            with suppress(RowsMoved), self._transaction() as connection:
                channels.hold(connection, channel.name)
                reserved = files.find_reserved(connection, channel.name)
                return reserved or STREAMS[channel.name].reserve(connection, self._settings, self._tell)

    def _tell(self, connection: Connection, changed: Changed) -> None:
        """Tell the operators of a waiting case that changed without an event, and is held."""
        process = authorization_id(changed.subject)
        _log.error(
            "hand_over_changed",
            subject=changed.subject,
            stated_in=changed.stated_in or None,
            seqs=changed.numbers,
            facts=changed.keys,
        )
        incident = Incident(subject=process, act="hand_over", part=Part.JOURNAL)
        incidents.open_incident(connection, incident, hold(connection, process))

    def preflight(self, channel: Channel) -> Opening:
        """Return whether the channel is neither frozen nor outside its hours; what is reserved already waits too."""
        window = self._settings.window
        with self._transaction() as connection:
            state = channel_states.end_if_over(connection, channel.name)
            if state.is_frozen:
                return Opening(open=False, opens_at=state.until_at, frozen=True)
            at = now(connection)
            put = files.count_written(connection, channel.name, window.hour_of(at)) if window.hours else 0
        opens_at = window.opens_at(at, put)
        return Opening(open=opens_at is None, opens_at=opens_at)

    async def put_deposit(self, deposit: Deposit) -> None:
        """Send the reserved bytes, nominal files first, then mark the file and what is in it; idempotent."""
        with naming_what_breaks(otherwise=Part.AGENCY):
            content = await asyncio.to_thread(self._content, deposit)
            while missing := await asyncio.to_thread(self._list_unput, deposit):
                await self._put_nominal(missing[:PUT_TOGETHER])
            await self._transport.put(deposit.name, content)
            await asyncio.to_thread(self._mark_written, deposit)

    async def _put_nominal(self, missing: list[NominalFile]) -> None:
        named = [(nominal_name(each.sha256), await asyncio.to_thread(self._nominal, each)) for each in missing]
        await self._transport.put_all(named)
        await asyncio.to_thread(self._mark_put, missing)

    def _content(self, deposit: Deposit) -> bytes:
        """Return the reserved bytes; raises `FileChanged` if they, or what they pay, changed since.

        They may have waited for days: whoever owns the database could have put another account into them.
        """
        with self._transaction() as connection:
            content = files.content(connection, deposit.id)
            stream = STREAMS[files.channel_of(connection, deposit.id)]
            intact = stream.is_intact(connection, deposit.id, content)
        if sha256(content).hexdigest() != deposit.sha256 or not intact:
            _log.error("reserved_file_changed", name=deposit.name)
            raise FileChanged
        return content

    def _list_unput(self, deposit: Deposit) -> list[NominalFile]:
        with self._transaction() as connection:
            return nominal_files.list_unput(connection, deposit.id)

    def _nominal(self, file: NominalFile) -> bytes:
        """Return the bytes of a nominal file; raises `FileChanged` if they are not those that its name says."""
        with self._transaction() as connection:
            content = nominal_files.content(connection, file.claim_id)
        if sha256(content).hexdigest() != file.sha256:
            raise FileChanged
        return content

    def _mark_put(self, put: list[NominalFile]) -> None:
        with self._transaction() as connection:
            for each in put:
                nominal_files.mark_put(connection, each.claim_id)

    def _mark_written(self, deposit: Deposit) -> None:
        with self._transaction() as connection:
            sent.mark_written(connection, deposit.id)
