"""Answers of the paying agency: files are listed, each is applied in one transaction, and deleted there afterwards."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from time import monotonic
from typing import Final

import structlog
from sqlalchemy import Connection
from temporalio.exceptions import ApplicationError

from activities.agency.deposits import SftpAgency
from activities.errors import naming_what_breaks
from activities.transactions import transactions
from activities.transport import Inbox, TooLarge
from models.agency_answers import AnswerFault, AnswerRefused, is_of_stream
from models.claim_labels import AnswerFileState
from models.engine.keys import MasterKey
from models.labels import Part
from models.messages.agency_acts import AnswerActs
from models.messages.answers import AnswerFile, AnswerFiles, Unanswered
from models.messages.deposit import Channel
from models.settings import Settings
from models.store.agency import answer_files, answers, channel_states, waiting_answers
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.waiting_answers import WaitingDeposit
from models.store.claims import nominal_files
from models.store.database import Database
from models.store.operations import answer_incidents

MAX_FILES: Final = 100
"""Files read in one run; the next run reads the others."""
RESENDING_SECONDS: Final = 120.0
"""After which a run sends nothing again: an agency that is away lets each file wait for its own timeout."""
_log = structlog.get_logger()


class SftpAnswers(AnswerActs):
    """The agency’s folder of answers behind a transport; what is sent again goes through the deposits."""

    def __init__(
        self, database: Database, inbox: Inbox, settings: Settings, deposits: SftpAgency, master: MasterKey
    ) -> None:
        self._transaction = transactions(database)
        self._master = master
        self._inbox = inbox
        self._settings = settings
        self._deposits = deposits

    async def list_answers(self, channel: Channel) -> AnswerFiles:
        """Return the files of answers of a channel; none while the channel is frozen."""
        with naming_what_breaks(otherwise=Part.AGENCY):
            left = await asyncio.to_thread(self._names_left, channel)
            if left is None:
                return AnswerFiles(open=False)
            prefix = self._settings.prefix_of(channel.name)
            named = (each for each in await self._inbox.list() if is_of_stream(each, prefix))
            # What stays there for good comes last: a hundred of them would hide every other file.
            return AnswerFiles(names=tuple(sorted(named, key=lambda name: (name in left, name))[:MAX_FILES]))

    def _names_left(self, channel: Channel) -> frozenset[str] | None:
        """Return the names of files that stay at the agency; None while the channel is frozen."""
        with self._transaction() as connection:
            if channel_states.end_if_over(connection, channel.name).is_frozen:
                return None
            return answer_files.list_names_left(connection, channel.name)

    async def read_answers(self, file: AnswerFile) -> None:
        """Apply a file of answers, once; what cannot be applied is tried by some runs, then the file is set aside."""
        with naming_what_breaks(otherwise=Part.AGENCY):
            try:
                content = await self._inbox.read(file.name, self._settings.agency_answer_bytes)
            except TooLarge as too_large:
                await asyncio.to_thread(self._note_unread, file, too_large.size)
                return
            if content is not None:
                await asyncio.to_thread(self._read, file, content)

    def _read(self, file: AnswerFile, content: bytes) -> None:
        with self._transaction() as connection:
            seen = answer_files.note(connection, file.channel, file.name, content, self._master)
        if seen.state is not AnswerFileState.SEEN:
            return
        try:
            with self._transaction() as connection:
                self._apply(connection, seen, content)
        except AnswerRefused as refused:
            self._fail(seen, refused)

    def _apply(self, connection: Connection, seen: AnswerFileRecord, content: bytes) -> None:
        held = answer_files.hold(connection, seen.id)
        if held.state is not AnswerFileState.SEEN:
            return
        applied = answers.apply(connection, held, content)
        if applied.fault is None:
            answer_files.end(connection, held.id, AnswerFileState.APPLIED)
        else:
            self._count_failure(connection, held, applied.fault, applied.unapplied)
        answer_incidents.tell(connection, held.channel, troubled=applied.troubled, answered=applied.answered)
        counts = {"accepted": len(applied.accepted), "rejected": len(applied.rejected)}
        _log.info("answers_applied", name=held.name, troubled=len(applied.troubled), **counts)

    def _fail(self, seen: AnswerFileRecord, refused: AnswerRefused) -> None:
        with self._transaction() as connection:
            self._count_failure(connection, seen, refused.fault)

    def _count_failure(
        self, connection: Connection, seen: AnswerFileRecord, fault: AnswerFault, unapplied: Sequence[int] = ()
    ) -> None:
        """Count a try after which something of a file is not applied: all of it, or some of its rows."""
        state = answer_files.fail(connection, seen.id, fault, unapplied)
        told = {"name": seen.name, "fault": fault.value, "state": state.value}
        _log.warning("answers_not_applied", rows=list(unapplied), **told)

    def _note_unread(self, file: AnswerFile, size: int) -> None:
        with self._transaction() as connection:
            seen = answer_files.note_unread(connection, file.channel, file.name, size)
        if seen.state is AnswerFileState.SEEN:
            self._fail(seen, AnswerRefused(AnswerFault.TOO_LARGE))

    async def drop_answers(self, file: AnswerFile) -> bool:
        """Delete a file at the agency once these very bytes are applied or set aside here; whether it is gone."""
        with naming_what_breaks(otherwise=Part.AGENCY):
            try:
                content = await self._inbox.read(file.name, self._settings.agency_answer_bytes)
            except TooLarge:
                return False
            if content is None:
                return True
            if not await asyncio.to_thread(self._is_kept, file, sha256(content).hexdigest()):
                return False
            await self._inbox.remove(file.name)
            return True

    def _is_kept(self, file: AnswerFile, digest: str) -> bool:
        with self._transaction() as connection:
            return answer_files.is_kept(connection, file.channel, file.name, digest)

    async def watch_answers(self, channel: Channel) -> Unanswered:
        """Note what is not answered after two runs, send it again after a day, open an incident after five.

        Each file is sent by itself: one that cannot be holds up no other, and the act fails only afterwards.
        """
        with naming_what_breaks(otherwise=Part.AGENCY):
            waiting = await asyncio.to_thread(self._watch, channel)
            until, again, broken = monotonic() + RESENDING_SECONDS, 0, list[ApplicationError]()
            for each in (each for each in waiting if each.due_again):
                if monotonic() > until:
                    break
                try:
                    again += await self._send_again(channel, each)
                except ApplicationError as one:
                    broken.append(one)
            if broken:
                raise broken[0]
            overdue = sum(each.overdue for each in waiting)
            return Unanswered(files=len(waiting), sent_again=again, overdue=overdue)

    async def _send_again(self, channel: Channel, waiting: WaitingDeposit) -> bool:
        """Send a file again if the channel takes one now, its nominal files before it; whether it left."""
        opening = await asyncio.to_thread(self._deposits.preflight, channel)
        if opening.open:
            await asyncio.to_thread(self._put_nominal_again, waiting)
            await self._deposits.put_deposit(waiting.deposit)
            await asyncio.to_thread(self._mark_sent_again, waiting)
        return opening.open

    def _put_nominal_again(self, waiting: WaitingDeposit) -> None:
        with self._transaction() as connection:
            nominal_files.put_again(connection, waiting.id)

    def _watch(self, channel: Channel) -> list[WaitingDeposit]:
        with self._transaction() as connection:
            waiting = waiting_answers.watch(connection, channel.name)
            answer_incidents.watch(connection, channel.name, overdue=any(each.overdue for each in waiting))
        for each in waiting:
            if each.is_noted:
                _log.warning("answers_awaited", name=each.name, rows=each.rows)
        return waiting

    def _mark_sent_again(self, waiting: WaitingDeposit) -> None:
        with self._transaction() as connection:
            waiting_answers.mark_sent_again(connection, waiting.id)
        _log.warning("deposit_sent_again", name=waiting.name)
