"""Account mails: a code generated when the mail is written, a link to the page where it is used, no name."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities.mail.smtp import SmtpMails
from activities.mail.templates import ACCOUNT_MAILS, CASE_MAILS, ENROLMENT_MAILS, message_id
from local.mail import received
from local.processes import free_port
from local.programs import Mail
from models.engine.kinds.notices import CODE_PAGES
from models.engine.names import account_process
from models.mailed_codes import account_code, canonical
from models.messages.acts import Process
from models.store.database import Database
from models.store.people import accounts, code_mails, codes, notices
from tests.activities.conftest import SITE
from tests.activities.mail.test_smtp import SENDER
from tests.cases import AUTHOR, EMAIL, master_key

DAYS = {"siret": "80000000000001", "from_on": "2026-12-01", "until_on": "2026-12-31"}
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mail]:
    server = Mail(tmp_path_factory.mktemp("mail"), free_port(), free_port())
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("kind", ACCOUNT_MAILS)
async def test_a_mail_of_an_account_bears_the_code_that_the_register_knows_the_digest_of(
    kind: str, database: Database, box: Mail
) -> None:
    with database.begin() as connection:
        account_id = accounts.create(connection, "employer", AUTHOR, EMAIL)
        code_mails.send(connection, master_key(), account_id, kind, "invitation", HOUR, **DAYS)
        told = notices.list_unsent(connection, account_process(account_id))[0]
    code = account_code(master_key(), told.data["entry"])
    assert code not in str(told)
    mails = SmtpMails(database, box.address, SENDER, SITE, master_key())
    assert await mails.send_notices(Process(id=account_process(account_id))) == 1
    mail = received(box.folder)[-1]
    words = f"{mail['Subject']}\n{mail.get_content()}"
    assert "{" not in words
    assert "Martin" not in words
    assert account_id not in words
    if kind in CODE_PAGES:
        assert words.count(code) == 2
        assert f"{SITE}{CODE_PAGES[kind]}?code={code}" in words
    with database.begin() as connection:
        assert codes.redeem(connection, "invitation", canonical(code)) == account_id


def test_message_ids_come_from_keys_alone() -> None:
    assert message_id("a", SENDER) == message_id("a", SENDER) != message_id("b", SENDER)
    assert re.fullmatch(r"<[0-9a-f]{32}@tacite\.invalid>", message_id("a", SENDER))


def test_every_kind_that_the_program_announces_has_its_letter() -> None:
    root = Path(__file__).parents[3]
    sources = [*(root / "models/store").rglob("*.py"), *(root / "activities").rglob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    announced = set(re.findall(r'announce\((?:[^()]|\([^()]*\))*?, "([a-z_]+)"', code))
    announced |= set(re.findall(r'ReminderNotice\("([a-z_]+)"', code))
    assert announced >= {"decision_notified", "silence_reminder"}
    assert announced <= set(CASE_MAILS) | set(ENROLMENT_MAILS)
