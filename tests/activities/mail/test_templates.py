"""Account mails: a code generated when the mail is written, a link to the page where it is used, no name."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from activities.mail.smtp import SmtpMails
from activities.mail.templates import ACCOUNT_MAILS
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
