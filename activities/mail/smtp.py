"""Sends the notices of a process by SMTP, at least once; marks each as soon as the server accepts it."""

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlsplit

import structlog
from aiosmtplib import SMTP, SMTPDataError, SMTPRecipientsRefused
from temporalio.exceptions import ApplicationError

from activities.errors import naming_what_breaks
from activities.mail.templates import write
from models.engine.keys import MasterKey
from models.engine.processes import hold
from models.labels import Part
from models.mailed_codes import account_code, activation_code
from models.messages import acts
from models.messages.acts import Process
from models.store.database import Database
from models.store.journal import events
from models.store.people import notices
from models.store.people.notices import Notice

SMTP_TIMEOUT: Final = 15
"""Seconds that the server has for each answer."""
ACCEPTED: Final = 250
TEMPORARY: Final = range(400, 500)
_log = structlog.get_logger()


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

    async def send_notices(self, process: Process) -> int:
        """Send the waiting notices, oldest first, and return how many; a refused address does not block others."""
        with naming_what_breaks(otherwise=Part.MAIL):
            waiting = await asyncio.to_thread(self._waiting, process.id)
            if not waiting:
                return 0
            async with self._client() as client:
                codes = [await self._send(client, process.id, each) for each in waiting]
            if any(code in TEMPORARY for code in codes):
                raise ApplicationError("refused for now", type="mail")
            return codes.count(ACCEPTED)

    async def _send(self, client: SMTP, process: str, notice: Notice) -> int:
        """Send one message; returns the server's answer code."""
        message = write(notice, process, self._site, self._sender, self._mailed_code(notice))
        message["Date"] = format_datetime(datetime.now(UTC))
        try:
            await client.send_message(message)
        except (SMTPRecipientsRefused, SMTPDataError) as refused:
            code = _answer_code(refused)
            if code not in TEMPORARY:
                await asyncio.to_thread(self._give_up, process, notice, code)
            return code
        await asyncio.to_thread(self._mark_sent, notice.key)
        return ACCEPTED

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

    def _waiting(self, process: str) -> list[Notice]:
        with self._database.begin() as connection:
            return notices.list_unsent(connection, process)

    def _mark_sent(self, key: str) -> None:
        with self._database.begin() as connection:
            notices.mark_sent(connection, key)

    def _give_up(self, process: str, notice: Notice, code: int) -> None:
        """Record that an address refuses mail for good; the content is in the employer's space anyway."""
        _log.warning("mail_refused", process=process, kind=notice.kind, code=code)
        with self._database.begin() as connection:
            subject, at = hold(connection, process)
            notices.mark_sent(connection, notice.key)
            events.append(connection, subject, "notice_refused", at, notice=notice.kind, code=str(code))


def _answer_code(refused: SMTPRecipientsRefused | SMTPDataError) -> int:
    """Return the server's answer code for the only recipient, or for the message."""
    return refused.code if isinstance(refused, SMTPDataError) else refused.recipients[0].code
