"""Account mails: a code generated when the mail is written, a link to the page where it is used, no name."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities.mail.account_mails import ACCOUNT_MAILS
from activities.mail.case_mails import CASE_MAILS
from activities.mail.smtp import SmtpMails
from activities.mail.templates import ALL_MAILS, message_id, write
from local.mail import received
from local.ports import free_port
from local.programs import Mail
from models.agency_answers import SETTLED
from models.engine.kinds.notices import CODE_PAGES
from models.engine.names import account_process, authorization_id, claim_process
from models.mailed_codes import account_code, canonical
from models.messages.acts import Process
from models.store.database import Database
from models.store.people import accounts, code_mails, codes, notices
from models.store.people.accounts import Account
from models.store.people.mail_firms import Firm
from models.store.people.notices import Notice
from tests.activities.conftest import SITE
from tests.activities.mail.test_smtp import SENDER
from tests.cases import AUTHOR, EMAIL, master_key

DAYS = {
    "siret": "80000000000001",
    "from_on": "2026-12-01",
    "until_on": "2026-12-31",
    "reference": "034AAAA01",
    "on": "2026-12-20",
    "count": "3",
}
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


def every_mail() -> Iterator[tuple[str, str]]:
    """Each wording as it is sent, with the establishment that it is about."""
    account = Account(id="a", role="employer", name=AUTHOR, email=EMAIL, departments=())
    firm = Firm(siret="83180777100017", name="Conserverie du Lez", department="974")
    for name in sorted(ALL_MAILS):
        kind, _, said = name.partition("/")
        stated = dict(MEMBERS) | ({"sense": said} if said and said != "dated" else {})
        if said.startswith("settled"):
            stated["answer"] = SETTLED
        if kind in CASE_MAILS or kind.startswith("claim"):
            stated.pop("siret")
        if f"{name}/dated" in ALL_MAILS:
            stated.pop("on")
        process = account_process("a") if kind in ACCOUNT_MAILS else authorization_id("974AAAA01")
        if kind.startswith("claim"):
            process = claim_process("974AAAA01:2026-12:1:2")
        about = firm if kind not in ACCOUNT_MAILS or re.search("{(siret|reference)}", ALL_MAILS[name].text) else None
        mail = write(Notice(key="k", kind=kind, account=account, data=stated), process, SITE, SENDER, "CODE", about)
        yield name, f"{mail['From']}\n{mail['Subject']}\n\n{mail.get_content()}"


MEMBERS = {
    "at": "2026-12-13T20:00:00Z",
    "on": "2026-12-20",
    "from_on": "2026-12-01",
    "until_on": "2026-12-31",
    "contest_on": "2027-02-15",
    "siret": "83180777100017",
    "reference": "974AAAA01",
    "count": "3",
    "answer": "3308",
}


def test_every_mail_is_worded_as_reviewed() -> None:
    """Compare with the snapshot of all mails; `UPDATE_SNAPSHOTS=1` rewrites it: read it before committing."""
    snapshot = Path(__file__).with_name("mails.txt")
    text = "\n".join(f"=== {name}\n{mail}" for name, mail in every_mail()).replace("\N{NO-BREAK SPACE}", " ")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.write_text(text, "utf-8")
    assert text == snapshot.read_text("utf-8")


def test_an_instant_is_said_in_the_legal_hour_of_the_establishment_and_never_in_utc() -> None:
    mails = dict(every_mail())
    reminder = mails["silence_reminder"].replace("\N{NO-BREAK SPACE}", " ")
    assert "au plus tard le 13 décembre 2026 à minuit (heure de La Réunion)" in reminder
    assert not any("UTC" in mail for mail in mails.values())
    assert all("Conserverie du Lez, SIRET 83180777100017" in mails[kind] for kind in (*CASE_MAILS, "invitation"))


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
    assert announced <= {kind.partition("/")[0] for kind in ALL_MAILS}
