"""Enrolment acts with real parts: the code only in the mail, the sealed receipt, the query to the directory."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from temporalio.exceptions import ApplicationError

from activities.documents.acts import StoredDocumentActs
from activities.enrolments import StoredEnrolmentActs
from activities.mail.enrolment_mails import ENROLMENT_MAILS
from activities.mail.smtp import SmtpMails
from activities.register import StoredRegisterActs
from activities.signing.acts import DocumentSigner
from local import programs
from local.mail import received
from local.ports import free_port
from models.engine.names import announcement_id
from models.errors import Unknown
from models.mailed_codes import activation_code, canonical
from models.messages.acts import Process
from models.messages.case import Incident, Ref, Reminder
from models.store.cases import documents
from models.store.database import Database
from models.store.journal import events
from models.store.operations import incidents
from models.store.people import accounts, activations, codes, enrolments, notices
from models.store.people.enrolments import EnrolmentRecord
from models.store.schema.journal import notice
from tests.activities.conftest import SITE
from tests.activities.mail.test_smtp import SENDER
from tests.cases import AUTHOR, EMAIL, ask_to_enrol, master_key
from tests.judging import verify

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[programs.Mail]:
    server = programs.Mail(tmp_path_factory.mktemp("mail"), free_port(), free_port())
    server.start()
    yield server
    server.stop()


def ref(made: EnrolmentRecord) -> Ref:
    return Ref(reference=made.siret, id=made.id)


def acts_of(database: Database) -> StoredEnrolmentActs:
    return StoredEnrolmentActs(database, master_key())


def kinds(database: Database, siret: str) -> list[str]:
    with database.begin() as connection:
        assert events.broken_links(connection, siret) == []
        return [each.type for each in events.list_of(connection, siret)]


async def test_the_code_is_in_the_mail_twice_the_same_and_its_digest_alone_in_the_register(
    database: Database, box: programs.Mail
) -> None:
    made = ask_to_enrol(database)
    process = Process(id=made.process)
    mails = SmtpMails(database, box.address, SENDER, SITE, master_key())
    for _ in range(3):
        acts_of(database).issue_credentials(ref(made))
    with box.fault("refuse"), pytest.raises(ApplicationError) as refused:
        await mails.send_notices(process)
    assert refused.value.type == "mail"
    assert acts_of(database).watch_credentials(ref(made)).sent_at is None
    assert await mails.send_notices(process) == 1
    mail = received(box.folder)[-1]
    code = activation_code(master_key(), made.id, 1)
    words = mail.get_content()
    assert mail["To"] == EMAIL
    assert f"    {code}\r\n" in words
    assert f"{SITE}/activation?code={code}" in words
    assert made.siret in mail["Subject"]
    assert AUTHOR not in words
    sent_at = acts_of(database).watch_credentials(ref(made)).sent_at
    assert sent_at
    assert sent_at - made.requested_at < HOUR
    with database.begin() as connection:
        assert codes.find_account(connection, "activation", canonical(code)) == made.account_id
        dumped = "".join(
            str(row)
            for table in ("code", "notice", "enrolment", "event", "outbox")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        )
    assert code not in dumped
    assert canonical(code) not in dumped


async def test_every_notice_of_enrolment_is_sent_and_says_nothing_nominal(
    database: Database, box: programs.Mail
) -> None:
    made = ask_to_enrol(database)
    process = announcement_id(made.siret)
    data = {"at": "2026-12-08T00:00:00+01:00", "enrolment": made.id, "version": "1"}
    with database.begin() as connection:
        for kind in ENROLMENT_MAILS:
            notices.announce(connection, process, kind, kind, made.account_id or "", **data)
    mails = SmtpMails(database, box.address, SENDER, SITE, master_key())
    assert await mails.send_notices(Process(id=process)) == len(ENROLMENT_MAILS)
    for mail in received(box.folder)[-len(ENROLMENT_MAILS) :]:
        words = f"{mail['Subject']}\n{mail.get_content()}"
        assert "{" not in words
        assert "Martin" not in words
        assert SITE in words


def test_a_receipt_is_sealed_once_says_what_was_accepted_and_is_verified(
    database: Database, papers: StoredDocumentActs, signing: DocumentSigner
) -> None:
    made = ask_to_enrol(database)
    with ThreadPoolExecutor(4) as pool:
        sealed = list(pool.map(papers.issue_enrolment_receipt, [ref(made)] * 4))
    assert len({each.sha256 for each in sealed}) == 1
    assert kinds(database, made.siret).count("enrolment_receipt_issued") == 1
    acts_of(database).issue_credentials(ref(made))
    with database.begin() as connection:
        activations.activate(connection, canonical(activation_code(master_key(), made.id, 1)), None)
        kept = enrolments.read_receipt(connection, made.id)
        assert kept
        verdict = verify(
            kept, signing.trust, lambda digest: documents.find_case_of_digest(connection, digest), online=True
        )
    assert (verdict.valid, verdict.level, verdict.registered) == (True, "B-T", True)
    assert verdict.case_reference == made.siret
    changed = bytearray(kept)
    changed[len(changed) // 3] ^= 1
    assert not verify(bytes(changed), signing.trust).valid


async def test_without_a_register_of_establishments_nothing_is_said_of_one(database: Database) -> None:
    made = ask_to_enrol(database)
    assert await acts_of(database).identify(ref(made)) == "unasked"


def test_the_alert_and_the_breach_are_each_recorded_once_at_their_instants(database: Database) -> None:
    made = ask_to_enrol(database)
    acts = acts_of(database)
    assert acts.issue_credentials(ref(made)).watch_at == made.alert_at
    for minutes in (56, 0, 5, 0, 60):
        with database.begin() as connection:
            enrolments.advance(connection, made.id, timedelta(minutes=minutes))
        acts.watch_credentials(ref(made))
    with database.begin() as connection:
        told = {each.type: each.at for each in events.list_of(connection, made.siret)}
    assert (told["credentials_alerted"], told["credentials_overdue"]) == (made.alert_at, made.due_at)
    assert kinds(database, made.siret).count("credentials_alerted") == 1
    assert acts.watch_credentials(ref(made)).watch_at is None


def test_a_mailbox_that_refuses_its_credentials_is_no_fault_of_the_mail_server(database: Database) -> None:
    acts, mine = acts_of(database), ask_to_enrol(database, email="a@un.invalid")
    other = ask_to_enrol(database, email="b@deux.invalid")
    for made in (mine, other):
        acts.issue_credentials(ref(made))
    assert not acts.watch_credentials(ref(mine)).refused
    defer(database, mine)
    assert acts.watch_credentials(ref(mine)).refused
    defer(database, other)
    assert not acts.watch_credentials(ref(mine)).refused  # it refuses everybody
    with database.begin() as connection:
        notices.mark_sent(connection, last_notice(database, other))
        enrolments.advance(connection, mine.id, timedelta(minutes=56))
    assert acts.watch_credentials(ref(mine)).refused
    with database.begin() as connection:
        (alert,) = [each for each in events.list_of(connection, mine.siret) if each.type == "credentials_alerted"]
    assert alert.data["why"] == "mailbox"


def test_credentials_that_were_given_up_are_not_told_as_sent(database: Database) -> None:
    acts, made = acts_of(database), ask_to_enrol(database)
    acts.issue_credentials(ref(made))
    with database.begin() as connection:
        notices.give_up(connection, last_notice(database, made), "550")
    state = acts.watch_credentials(ref(made))
    assert (state.sent_at, state.refused) == (None, True)
    assert "credentials_sent" not in kinds(database, made.siret)
    with database.begin() as connection:
        notices.give_up(connection, last_notice(database, made), notices.UNWRITABLE)
    assert not acts.watch_credentials(ref(made)).refused


def last_notice(database: Database, made: EnrolmentRecord) -> str:
    with database.begin() as connection:
        query = select(notice.c.key).where(notice.c.data.contains({"enrolment": made.id}))
        return str(connection.execute(query).scalar_one())


def defer(database: Database, made: EnrolmentRecord) -> None:
    with database.begin() as connection:
        notices.defer(connection, last_notice(database, made))


def test_a_reminder_is_for_an_open_enrolment_only(database: Database) -> None:
    made = ask_to_enrol(database)
    acts_of(database).issue_credentials(ref(made))
    rung = Reminder(subject=made.id, kind="activation", rung=0, instant=made.due_at)
    books = StoredRegisterActs(database)
    assert [books.remind(rung), books.remind(rung)] == [True, True]
    assert kinds(database, made.siret).count("reminder_sent") == 1
    with database.begin() as connection:
        activations.activate(connection, canonical(activation_code(master_key(), made.id, 1)), None)
    assert not books.remind(rung.model_copy(update={"rung": 1}))


def test_an_incident_of_an_enrolment_is_in_its_chain(database: Database) -> None:
    made = ask_to_enrol(database)
    late = Incident(subject=made.process, act="send_credentials", part="delay")
    books = StoredRegisterActs(database)
    books.open_incident(late)
    books.close_incident(late)
    assert kinds(database, made.siret)[-2:] == ["incident_opened", "incident_closed"]
    with database.begin() as connection:
        assert incidents.list_of_subject(connection, made.siret) == []


def test_operators_know_an_incident_of_an_enrolment_by_its_siret_and_by_its_process(database: Database) -> None:
    made, beside = ask_to_enrol(database), ask_to_enrol(database)
    StoredRegisterActs(database).open_incident(Incident(subject=made.process, act="send_credentials", part="delay"))
    with database.begin() as connection:
        for subject in (made.siret, made.id):
            assert [each.subject for each in incidents.list_of_subject(connection, subject)] == [made.siret]
        assert incidents.list_of_subject(connection, beside.siret) == []


def test_who_enrolled_to_no_end_is_forgotten_after_a_while(database: Database) -> None:
    kept, made = ask_to_enrol(database), ask_to_enrol(database)
    again = ask_to_enrol(database, siret=made.siret)
    acts_of(database).issue_credentials(ref(made))
    with database.begin() as connection:
        enrolments.advance(connection, made.id, timedelta(days=17))
    assert acts_of(database).lapse_enrolment(ref(made)).status == "lapsed"
    books = StoredRegisterActs(database)
    assert books.forget_old(Process(id="chain")) == 0
    with database.begin() as connection:
        old = "UPDATE enrolment SET ended_at = now() - interval '31 days', requested_at = now() - interval '50 days'"
        connection.execute(text(f"{old} WHERE siret = :s"), {"s": made.siret})
    assert books.forget_old(Process(id="chain")) == 3
    assert books.forget_old(Process(id="chain")) == 0
    with database.begin() as connection:
        found = enrolments.get(connection, made.id)
        assert accounts.get(connection, made.account_id or "").email == ""
        assert enrolments.get(connection, kept.id).person == "Jeanne Martin"
        with pytest.raises(Unknown):
            enrolments.get(connection, again.id)
    assert (found.person, found.email, found.status) == ("", "", "lapsed")


@pytest.mark.slow
async def test_a_thousand_establishments_at_once_have_a_thousand_codes(database: Database) -> None:
    acts = acts_of(database)

    def enrol(_: int) -> str:
        made = ask_to_enrol(database)
        acts.issue_credentials(ref(made))
        return activation_code(master_key(), made.id, 1)

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(8) as pool:
        told = await asyncio.gather(*(loop.run_in_executor(pool, enrol, number) for number in range(1_000)))
    assert len(set(told)) == 1_000
    with database.begin() as connection:
        found = {codes.find_account(connection, "activation", canonical(code)) for code in told}
    assert len(found - {None}) == 1_000
