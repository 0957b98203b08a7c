"""Answers of the paying agency: files are listed, each is applied in one transaction, and deleted there afterwards."""

import asyncio
from hashlib import sha256
from typing import Final

import structlog
from sqlalchemy import Connection

from activities.agency.deposits import SftpAgency
from activities.errors import naming_what_breaks
from activities.transactions import transactions
from activities.transport import Inbox, TooLarge
from models.agency_answers import AnswerFault, AnswerRefused, is_of_stream
from models.claim_labels import AnswerFileState
from models.labels import Part
from models.messages.agency_acts import AnswerActs
from models.messages.answers import AnswerFile, AnswerFiles, Unanswered
from models.messages.deposit import Channel
from models.settings import Settings
from models.store.agency import answer_files, answers, channel_states, waiting_answers
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.waiting_answers import WaitingDeposit
from models.store.database import Database
from models.store.operations import answer_incidents

MAX_FILES: Final = 100
"""Files read in one run; the next run reads the others."""
_log = structlog.get_logger()


class SftpAnswers(AnswerActs):
    """The agency’s folder of answers behind a transport; what is sent again goes through the deposits."""

    def __init__(self, database: Database, inbox: Inbox, settings: Settings, deposits: SftpAgency) -> None:
        self._transaction = transactions(database)
        self._inbox = inbox
        self._settings = settings
        self._deposits = deposits

    async def list_answers(self, channel: Channel) -> AnswerFiles:
        """Return the files of answers of a channel; none while the channel is frozen."""
        with naming_what_breaks(otherwise=Part.AGENCY):
            if await asyncio.to_thread(self._is_frozen, channel):
                return AnswerFiles(open=False)
            prefix = self._settings.prefix_of(channel.name)
            named = sorted(each for each in await self._inbox.list() if is_of_stream(each, prefix))
            return AnswerFiles(names=tuple(named[:MAX_FILES]))

    def _is_frozen(self, channel: Channel) -> bool:
        with self._transaction() as connection:
            return channel_states.end_if_over(connection, channel.name).is_frozen

    async def read_answers(self, file: AnswerFile) -> None:
        """Apply a file of answers, once; one that cannot be applied is tried by some runs, then set aside."""
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
            seen = answer_files.note(connection, file.channel, file.name, content)
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
        answer_files.end(connection, held.id, AnswerFileState.APPLIED)
        answer_incidents.tell(connection, held.channel, troubled=applied.troubled, answered=applied.answered)
        counts = {"accepted": len(applied.accepted), "rejected": len(applied.rejected)}
        _log.info("answers_applied", name=held.name, troubled=len(applied.troubled), **counts)

    def _fail(self, seen: AnswerFileRecord, refused: AnswerRefused) -> None:
        with self._transaction() as connection:
            state = answer_files.fail(connection, seen.id, refused.fault)
        _log.warning("answers_not_applied", name=seen.name, fault=refused.fault.value, state=state.value)

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
        """Note what is not answered after two runs, send it again after a day, open an incident after five."""
        with naming_what_breaks(otherwise=Part.AGENCY):
            waiting = await asyncio.to_thread(self._watch, channel)
            again = [each for each in waiting if each.due_again]
            for each in again:
                await self._deposits.put_deposit(each.deposit)
                await asyncio.to_thread(self._mark_sent_again, each)
            overdue = sum(each.overdue for each in waiting)
            return Unanswered(files=len(waiting), sent_again=len(again), overdue=overdue)

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
