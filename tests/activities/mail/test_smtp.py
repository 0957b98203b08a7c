"""Mails contain a link and no personal data; each notice is sent, exactly once if nothing fails."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities.mail.case_mails import CASE_MAILS
from activities.mail.smtp import SmtpMails
from activities.mail.templates import ALL_MAILS
from local.mail import received
from local.ports import free_port
from local.programs import Mail
from models.engine.names import authorization_id, claim_process
from models.messages.acts import MailsDeferred, Process
from models.store.cases import requests
from models.store.database import Database
from models.store.journal import events
from models.store.people import accounts, notices
from starter.pages.employer.claim_month import address_of
from starter.services.claim_views import ClaimAddress
from tests.activities.conftest import SITE
from tests.cases import SENTINELS, an_agent, file_a_case

CLAIM_MAILS = sorted(each for each in ALL_MAILS if each.startswith("claim"))
"""Every wording about a claim: its documents, what it waits for, what the agency answers."""
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
    assert "7 décembre 2026 à minuit (heure de Paris)" in "".join(each.get_content() for each in new).replace(
        "\u00a0", " "
    )
    assert all(str(each["From"]).startswith('"Activité partielle (Tacite)"') for each in new)


@pytest.mark.parametrize("part", [1, 12])
async def test_every_notice_of_a_claim_names_it_and_leads_to_the_page_of_its_month(
    database: Database, box: Mail, part: int
) -> None:
    reference = file_a_case(database)
    process = Process(id=claim_process(f"{reference}:2026-12:{part}:2"))
    with database.begin() as connection:
        recipient = requests.get(connection, reference).account_id
        for wording in CLAIM_MAILS:
            kind, _, sense = wording.partition("/")
            said = {"on": "2027-02-28", "answer": "3308"} | ({"sense": sense} if sense else {})
            notices.announce(connection, process.id, kind, wording, recipient, **said)
    before = len(received(box.folder))
    assert await SmtpMails(database, box.address, SENDER, SITE).send_notices(process) == len(CLAIM_MAILS)
    page = address_of(ClaimAddress(reference, date(2026, 12, 1), part))
    named = f"décembre 2026{', partie 12' if part > 1 else ''}, version 2, dossier {reference}"
    for mail in received(box.folder)[before:]:
        text = mail.get_content().replace("\u00a0", " ")
        assert f"{SITE}{page}" in text.splitlines()
        assert mail["Subject"].endswith(f" : {named}")
        assert f"({named})" in text
        assert not {"{", "}"} & {*text, *mail["Subject"]}


async def test_a_subject_arrives_whole_however_long(database: Database, box: Mail) -> None:
    reference = file_a_case(database)
    process = announce(database, reference, "silence_reminder")
    await SmtpMails(database, box.address, SENDER, SITE).send_notices(process)
    subject = received(box.folder)[-1]["Subject"]
    assert subject == f"À décider au plus tard le 7 décembre 2026 à minuit (heure de Paris) : {reference}"


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
    """A server for which `jeanne.martin` is unknown and mailboxes that begin with `head` are full."""

    def __init__(self, *, hangs_up: bool = False) -> None:
        self.taken: list[str] = []
        self.hangs_up = hangs_up

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("jeanne.martin"):
            return "550 5.1.1 Inconnue"
        if address.startswith("head") and not self.hangs_up:
            return "452 4.2.2 Boite pleine"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hangs_up and envelope.rcpt_tos[0].startswith("head"):
            assert server.transport
            server.transport.close()
        else:
            self.taken += envelope.rcpt_tos
        return "250 OK"


@asynccontextmanager
async def served(handler: Picky) -> AsyncIterator[str]:
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler), "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def unsent(database: Database, process: Process) -> list[str]:
    with database.begin() as connection:
        return [each.kind for each in notices.list_unsent(connection, process.id)]


async def test_a_refused_address_is_given_up_and_a_full_box_holds_nobody_else(database: Database) -> None:
    reference = file_a_case(database)
    head, agent = an_agent(database, "head"), an_agent(database)
    announce(database, reference, "receipt")
    announce(database, reference, "attestation", account=head.account_id or "")
    process = announce(database, reference, "void_notice", account=agent.account_id or "")
    handler = Picky()
    async with served(handler) as server:
        left = await SmtpMails(database, server, SENDER, SITE).send_notices(process)
    assert left == MailsDeferred(count=1, retry_after=60)
    assert [each.split(".")[0] for each in handler.taken] == ["agent"]
    assert unsent(database, process) == ["attestation"]
    with database.begin() as connection:
        last = events.list_of(connection, reference)[-1]
    assert (last.type, last.data) == ("notice_refused", {"notice": "receipt", "code": "550"})


@pytest.mark.parametrize("address", ["=?utf-8?q?a=0a?=@exemple.fr", "typo@[", "a..b@exemple.fr", "é@é", "x@(y)", ""])
async def test_an_address_of_before_that_no_mail_reaches_is_given_up_alone(database: Database, address: str) -> None:
    reference = file_a_case(database)
    wrong, agent = an_agent(database, "head"), an_agent(database)
    with database.begin() as connection:
        accounts.readdress(connection, wrong.account_id or "", address)
    announce(database, reference, "attestation", account=wrong.account_id or "")
    process = announce(database, reference, "void_notice", account=agent.account_id or "")
    handler = Picky()
    async with served(handler) as server:
        assert await SmtpMails(database, server, SENDER, SITE).send_notices(process) == 1
    assert [each.split(".")[0] for each in handler.taken] == ["agent"]
    assert unsent(database, process) == []
    with database.begin() as connection:
        given_up = [each.data for each in events.list_of(connection, reference) if each.type == "notice_refused"]
    assert given_up == [{"notice": "attestation", "code": "address"}]


async def test_a_full_stop_too_many_is_no_bad_address(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    with database.begin() as connection:
        accounts.readdress(connection, agent.account_id or "", "luc.martin@exemple.fr.")
    process = announce(database, reference, "void_notice", account=agent.account_id or "")
    handler = Picky()
    async with served(handler) as server:
        await SmtpMails(database, server, SENDER, SITE).send_notices(process)
    assert handler.taken == ["luc.martin@exemple.fr"]


async def test_a_mailbox_full_for_days_is_given_up_if_the_server_takes_other_mails(database: Database) -> None:
    reference = file_a_case(database)
    head, agent = an_agent(database, "head"), an_agent(database)
    process = announce(database, reference, "attestation", account=head.account_id or "")
    handler = Picky()

    async def attempt(days: int) -> object:
        with database.begin() as connection:
            connection.execute(
                text(
                    "UPDATE notice SET refused_at = clock_timestamp() - make_interval(days => :d)"
                    " WHERE workflow_id = :p AND sent_at IS NULL"
                ),
                {"d": days, "p": process.id},
            )
        async with served(handler) as server:
            return await SmtpMails(database, server, SENDER, SITE).send_notices(process)

    assert await attempt(2) == MailsDeferred(count=1, retry_after=6 * 3600)
    with database.begin() as connection:
        connection.execute(text("UPDATE notice SET sent_at = sent_at - interval '9 days' WHERE sent_at IS NOT NULL"))
    assert await attempt(4) == MailsDeferred(count=1, retry_after=6 * 3600)
    announce(database, reference, "void_notice", account=agent.account_id or "")
    assert await attempt(4) == MailsDeferred(count=1, retry_after=6 * 3600)
    assert await attempt(4) == 0
    assert unsent(database, process) == []


async def test_a_message_that_makes_the_server_hang_up_holds_nobody_else(database: Database) -> None:
    reference = file_a_case(database)
    head, agent = an_agent(database, "head"), an_agent(database)
    announce(database, reference, "attestation", account=head.account_id or "")
    process = announce(database, reference, "void_notice", account=agent.account_id or "")
    handler = Picky(hangs_up=True)
    async with served(handler) as server:
        assert await SmtpMails(database, server, SENDER, SITE).send_notices(process) == MailsDeferred(
            count=1, retry_after=60
        )
        assert [each.split(".")[0] for each in handler.taken] == ["agent"]
        with pytest.raises(ApplicationError) as alone:
            await SmtpMails(database, server, SENDER, SITE).send_notices(process)
    assert alone.value.type == "mail"


async def test_a_notice_in_the_queue_leaves_when_its_turn_comes_and_holds_no_other(database: Database) -> None:
    reference = file_a_case(database)
    agent = an_agent(database).account_id or ""
    process = announce(database, reference, "receipt", account=agent)
    with database.begin() as connection:
        [queued] = notices.list_new(connection, process.id, "receipt")
        notices.wait_until(connection, queued, datetime.now(UTC) + timedelta(hours=2))
    announce(database, reference, "attestation", account=agent)
    handler = Picky()
    async with served(handler) as server:
        mails = SmtpMails(database, server, SENDER, SITE)
        for _ in range(2):
            left = await mails.send_notices(process)
            assert isinstance(left, MailsDeferred)
            assert (left.count, 7_000 < left.retry_after <= 7_200) == (1, True)
            assert len(handler.taken) == 1
        with database.begin() as connection:
            notices.wait_until(connection, queued, None)
        assert await mails.send_notices(process) == 1
        assert await mails.send_notices(process) == 0
    assert len(handler.taken) == 2
