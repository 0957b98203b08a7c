"""Sends the notices of a process by SMTP, at least once; marks each as soon as the server accepts it."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from enum import Enum, auto
from typing import Final
from urllib.parse import urlsplit

import structlog
from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPReadTimeoutError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from temporalio.exceptions import ApplicationError

from activities.errors import naming_what_breaks
from activities.mail.templates import write
from models.engine.keys import MasterKey
from models.engine.processes import hold
from models.labels import Part
from models.mailed_codes import account_code, activation_code
from models.messages import acts
from models.messages.acts import MailsDeferred, Process
from models.store.database import Database
from models.store.journal import events
from models.store.people import notices
from models.store.people.mail_firms import Firm, find_firm
from models.store.people.notices import Notice, Queued

SMTP_TIMEOUT: Final = 15
"""Seconds that the server has for each answer."""
MAILBOX_PATIENCE: Final = timedelta(days=3)
"""How long a mailbox may refuse a notice for now before it is given up."""
RETRY_AFTER: Final = (60.0, 6 * 3600.0)
"""Seconds before another attempt at a mailbox, at least and at most; between them, as long as it has been refusing."""
LEAST_PAUSE: Final = 1.0
"""Seconds before another attempt at a notice whose turn in the queue comes, at least."""
TEMPORARY: Final = range(400, 500)
CLOSING: Final = 421
_SYSTEM: Final = re.compile(r"4\.[347]\.")
"""Temporary refusals that concern the server, its network or its policy, and no mailbox (RFC 3463)."""
_log = structlog.get_logger()


class Delivery(Enum):
    """What became of one message."""

    SENT = auto()
    GIVEN_UP = auto()
    DEFERRED = auto()
    """Its mailbox refuses it for now."""
    UNSETTLED = auto()
    """The server refuses, or ended the conversation: it may be away for everybody."""


class SmtpMails(acts.MailActs):
    """Mails through one SMTP server, `smtp://host:port`; STARTTLS is used when the server offers it.

    The codes that some mails carry are derived from the master key.
    """

    def __init__(
        self, database: Database, server: str, sender: str, site: str, master: MasterKey | None = None
    ) -> None:
        self._database = database
        self._server = urlsplit(server)
        self._sender = sender
        self._site = site
        self._master = master

    async def send_notices(self, process: Process) -> int | MailsDeferred:
        """Send the waiting notices, oldest first; one that cannot leave is deferred or given up alone."""
        with naming_what_breaks(otherwise=Part.MAIL):
            waiting, queued = await asyncio.to_thread(self._waiting, process.id)
            messages = [
                (notice, message)
                for notice, firm in waiting
                if (message := await self._write(process.id, notice, firm))
            ]
            ends = await self._send_all(process.id, messages) if messages else []
            settled = {Delivery.SENT, Delivery.GIVEN_UP} & {*ends}
            if Delivery.UNSETTLED in ends and not settled:
                raise ApplicationError("refused for now", type="mail")
            left = len(ends) - ends.count(Delivery.SENT) - ends.count(Delivery.GIVEN_UP)
            return await asyncio.to_thread(self._deferred, process.id, left, queued) or ends.count(Delivery.SENT)

    async def _write(self, process: str, notice: Notice, firm: Firm | None) -> EmailMessage | None:
        try:
            message = write(notice, process, self._site, self._sender, self._mailed_code(notice), firm)
        except Exception as wrong:  # noqa: BLE001  # whatever an older release stored: it must not hold the others
            why = "address" if isinstance(wrong, ValueError) else notices.UNWRITABLE
            await asyncio.to_thread(self._give_up, process, notice, why)
            return None
        message["Date"] = format_datetime(datetime.now(UTC))
        return message

    async def _send_all(self, process: str, messages: Sequence[tuple[Notice, EmailMessage]]) -> list[Delivery]:
        """Send messages one by one, over a new connection if one of them ended the last."""
        ends = []
        async with self._client() as client:
            for notice, message in messages:
                if not client.is_connected:
                    await client.connect()
                ends.append(await self._send(client, process, notice, message))
        return ends

    async def _send(self, client: SMTP, process: str, notice: Notice, message: EmailMessage) -> Delivery:
        try:
            await client.send_message(message)
        except (SMTPRecipientsRefused, SMTPDataError) as refused:
            return await asyncio.to_thread(self._note_refusal, process, notice, _answer(refused))
        except (SMTPServerDisconnected, SMTPReadTimeoutError):
            client.close()
            await asyncio.to_thread(self._defer, notice.key)
            return Delivery.UNSETTLED
        await asyncio.to_thread(self._mark_sent, notice.key)
        return Delivery.SENT

    def _note_refusal(self, process: str, notice: Notice, answer: SMTPResponseException) -> Delivery:
        if answer.code not in TEMPORARY:
            self._give_up(process, notice, str(answer.code))
            return Delivery.GIVEN_UP
        if self._defer(notice.key) > MAILBOX_PATIENCE and self._is_refused_alone(notice.key):
            self._give_up(process, notice, str(answer.code))
            return Delivery.GIVEN_UP
        of_server = answer.code == CLOSING or _SYSTEM.match(answer.message)
        return Delivery.UNSETTLED if of_server else Delivery.DEFERRED

    def _mailed_code(self, notice: Notice) -> str:
        """Return the code that a notice carries, or nothing; no table and no log contains it."""
        if self._master is None:
            return ""
        if "entry" in notice.data:
            return account_code(self._master, notice.data["entry"])
        if "version" not in notice.data:
            return ""
        return activation_code(self._master, notice.data["enrolment"], int(notice.data["version"]))

    def _client(self) -> SMTP:
        secure = self._server.scheme == "smtps"
        port = self._server.port or (465 if secure else 25)
        return SMTP(hostname=self._server.hostname, port=port, use_tls=secure, timeout=SMTP_TIMEOUT)

    def _waiting(self, process: str) -> tuple[list[tuple[Notice, Firm | None]], Queued]:
        """Return what to send, about whom, and what is queued, which is read first: its turn may come in between."""
        with self._database.begin() as connection:
            queued = notices.find_queued(connection, process)
            unsent = notices.list_unsent(connection, process)
            return [(each, find_firm(connection, process, each)) for each in unsent], queued

    def _mark_sent(self, key: str) -> None:
        with self._database.begin() as connection:
            notices.mark_sent(connection, key)

    def _defer(self, key: str) -> timedelta:
        with self._database.begin() as connection:
            return notices.defer(connection, key)

    def _is_refused_alone(self, key: str) -> bool:
        with self._database.begin() as connection:
            return notices.is_server_at_work(connection, key)

    def _deferred(self, process: str, refused: int, queued: Queued) -> MailsDeferred | None:
        """Return what waits for mailboxes that refuse, or for its place in the queue; None when nothing does."""
        pauses = [self._retry_after(process)] if refused else []
        pauses += [max(queued.seconds, LEAST_PAUSE)] if queued.many else []
        return MailsDeferred(count=refused + queued.many, retry_after=min(pauses)) if pauses else None

    def _retry_after(self, process: str) -> float:
        """Return the seconds to wait: as long as the notice refused last has been refused, within bounds."""
        least, most = RETRY_AFTER
        with self._database.begin() as connection:
            return min(max(notices.shortest_refusal(connection, process).total_seconds(), least), most)

    def _give_up(self, process: str, notice: Notice, why: str) -> None:
        """Record that a mail will never leave; the content is in the employer's space anyway.

        `why` is the answer of the server, `address` for an address that no mail can be sent to, or
        `notices.UNWRITABLE`, which is a fault of the program.
        """
        (_log.error if why == notices.UNWRITABLE else _log.warning)(
            "mail_given_up", process=process, kind=notice.kind, why=why
        )
        with self._database.begin() as connection:
            subject, at = hold(connection, process)
            notices.give_up(connection, notice.key, why)
            events.append(connection, subject, "notice_refused", at, notice=notice.kind, code=why)


def _answer(refused: SMTPRecipientsRefused | SMTPDataError) -> SMTPResponseException:
    """Return the server's answer for the only recipient, or for the message."""
    return refused if isinstance(refused, SMTPDataError) else refused.recipients[0]
