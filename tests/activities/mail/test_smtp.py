"""Mails contain a link and no personal data; each notice is sent, exactly once if nothing fails."""

import asyncio
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from temporalio.exceptions import ApplicationError

from activities.mail.smtp import SmtpMails
from activities.mail.templates import CASE_MAILS
from local.mail import received
from local.processes import free_port
from local.programs import Mail
from models.engine.names import authorization_id
from models.messages.acts import Process
from models.store.cases import requests
from models.store.database import Database
from models.store.journal import events
from models.store.people import notices
from tests.activities.conftest import SITE
from tests.cases import SENTINELS, an_agent, file_a_case

SENDER = "activite-partielle@tacite.invalid"
AT = "2026-12-08T00:00:00+01:00"
DATA = {"at": AT, "on": "2026-12-08"}


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mail]:
    server = Mail(tmp_path_factory.mktemp("mail"), free_port(), free_port())
    server.start()
    yield server
    server.stop()


def announce(database: Database, reference: str, *kinds: str, account: str = "") -> Process:
    process = authorization_id(reference)
    with database.begin() as connection:
        told = account or requests.get(connection, reference).account_id
        for kind in kinds:
            notices.announce(connection, process, kind, kind, told, **DATA)
    return Process(id=process)


async def test_every_kind_of_notice_is_sent_once_and_says_nothing_nominal(database: Database, box: Mail) -> None:
    reference = file_a_case(database)
    mails = SmtpMails(database, box.address, SENDER, SITE)
    process = announce(database, reference, *CASE_MAILS)
    before = len(received(box.folder))
    assert await mails.send_notices(process) == len(CASE_MAILS)
    assert await mails.send_notices(process) == 0
    new = received(box.folder)[before:]
    assert len({each["Message-ID"] for each in new}) == len(new) == len(CASE_MAILS)
    for mail in new:
        whole = f"{mail['Subject']}\n{mail.get_content()}"
        assert f"{SITE}/requests/{reference}" in whole
        assert "{" not in whole
        assert [sentinel for sentinel in SENTINELS if sentinel in whole] == []
        assert not list(mail.iter_attachments())
    assert "8 décembre 2026 à 0 h 00 min 00 s" in new[0].get_content().replace("\u00a0", " ")


async def test_a_subject_arrives_whole_however_long(database: Database, box: Mail) -> None:
    reference = file_a_case(database)
    process = announce(database, reference, "silence_reminder")
    await SmtpMails(database, box.address, SENDER, SITE).send_notices(process)
    subject = received(box.folder)[-1]["Subject"]
    assert subject == f"À décider avant le 8 décembre 2026 à 0 h 00 min 00 s : {reference}"


async def test_an_agent_is_sent_to_the_desk(database: Database, box: Mail) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    process = announce(database, reference, "attestation", account=agent.account_id or "")
    await SmtpMails(database, box.address, SENDER, SITE).send_notices(process)
    assert f"{SITE}/desk/requests/{reference}" in received(box.folder)[-1].get_content()


async def test_a_repeat_after_a_crash_bears_the_same_message_id(database: Database, box: Mail) -> None:
    reference = file_a_case(database)
    process = announce(database, reference, "receipt")
    before = len(received(box.folder))

    class Dying(SmtpMails):
        def _mark_sent(self, key: str) -> None:
            raise ConnectionError

    with pytest.raises(ApplicationError):
        await Dying(database, box.address, SENDER, SITE).send_notices(process)
    await SmtpMails(database, box.address, SENDER, SITE).send_notices(process)
    first, second = received(box.folder)[before:]
    assert first["Message-ID"] == second["Message-ID"]


async def test_a_server_that_refuses_or_is_away_is_named(database: Database, box: Mail) -> None:
    process = announce(database, file_a_case(database), "receipt")
    with box.fault("refuse"), pytest.raises(ApplicationError) as refused:
        await SmtpMails(database, box.address, SENDER, SITE).send_notices(process)
    away = SmtpMails(database, f"smtp://127.0.0.1:{free_port()}", SENDER, SITE)
    with pytest.raises(ApplicationError) as gone:
        await away.send_notices(process)
    assert [(each.value.type, each.value.non_retryable) for each in (refused, gone)] == [("mail", False)] * 2
    in_clear = SmtpMails(database, box.address.replace("smtp://", "smtps://"), SENDER, SITE)
    with pytest.raises(ApplicationError) as plain:
        await in_clear.send_notices(process)
    assert plain.value.type == "mail"
    assert await SmtpMails(database, box.address, SENDER, SITE).send_notices(process) == 1


class Picky:
    """A server for which `jeanne.martin` is unknown and one agent's mailbox is full."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("jeanne.martin"):
            return "550 5.1.1 Inconnue"
        if address.startswith("head"):
            return "452 4.2.2 Boite pleine"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken += envelope.rcpt_tos
        return "250 OK"


async def test_a_refused_address_is_given_up_and_a_full_box_holds_nobody_else(database: Database) -> None:
    reference = file_a_case(database)
    head, agent = an_agent(database, "head"), an_agent(database)
    announce(database, reference, "receipt")
    announce(database, reference, "attestation", account=head.account_id or "")
    process = announce(database, reference, "void_notice", account=agent.account_id or "")
    handler = Picky()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(ApplicationError):
            await SmtpMails(database, f"smtp://127.0.0.1:{port}", SENDER, SITE).send_notices(process)
    assert [each.split(".")[0] for each in handler.taken] == ["agent"]
    with database.begin() as connection:
        assert [each.kind for each in notices.list_unsent(connection, process.id)] == ["attestation"]
        last = events.list_of(connection, reference)[-1]
    assert (last.type, last.data) == ("notice_refused", {"notice": "receipt", "code": "550"})
