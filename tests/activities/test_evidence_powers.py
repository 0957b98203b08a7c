"""What gives people power, and what enrolment seals: whoever changes it in the database is told."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from activities.documents.acts import StoredDocumentActs
from activities.enrolments import StoredEnrolmentActs
from activities.register import StoredRegisterActs
from activities.signing.acts import DocumentSigner
from models.labels import Belonging
from models.mailed_codes import activation_code, canonical
from models.messages.case import Ref
from models.store.database import Database
from models.store.journal import accesses
from models.store.journal.events import SYSTEM
from models.store.operations import evictions
from models.store.people import activations, credentials, identities, mandates, members, passkeys, totps
from tests.activities.evidence import Cases, a_full_register, audit
from tests.activities.tampering import Crime, tamper
from tests.activities.tampering_powers import POWER_CRIMES
from tests.cases import an_employer, ask_to_enrol, master_key


@pytest.fixture
def cases(database: Database, papers: StoredDocumentActs, acts: StoredRegisterActs, tmp_path: Path) -> Cases:
    return a_full_register(database, papers, acts, tmp_path)


@pytest.mark.parametrize("crime", POWER_CRIMES.values(), ids=POWER_CRIMES.keys())
def test_what_gives_power_is_believed_of_the_events_that_change_it_only(
    database: Database, cases: Cases, signing: DocumentSigner, crime: Crime
) -> None:
    tamper(database, *(each.format(**cases._asdict()) for each in crime.statements))
    found = audit(database, signing).broken
    place = crime.place.format(**cases._asdict())
    assert [
        each
        for each in found
        if each.subject.startswith(place) and crime.seq in (None, each.seq) and crime.what in each.what
    ], found


@pytest.mark.parametrize(
    "change",
    ["UPDATE enrolment SET receipt = NULL, receipt_sha256 = NULL", "DELETE FROM code; DELETE FROM enrolment"],
    ids=["receipt", "enrolment"],
)
def test_the_receipt_of_an_enrolment_whose_code_was_used_is_missed(
    database: Database, papers: StoredDocumentActs, signing: DocumentSigner, change: str
) -> None:
    made = ask_to_enrol(database)
    ref = Ref(reference=made.siret, id=made.id)
    StoredEnrolmentActs(database, master_key()).issue_credentials(ref)
    with database.begin() as connection:
        assert activations.activate(connection, canonical(activation_code(master_key(), made.id, 1)), None)
    papers.issue_enrolment_receipt(ref)
    assert audit(database, signing).broken == ()
    tamper(database, change)
    told = audit(database, signing).broken
    assert any(each.subject == made.siret and "le récépissé de l’adhésion" in each.what for each in told), told


def test_what_people_do_with_their_means_of_signing_in_is_told_by_events(
    database: Database, signing: DocumentSigner
) -> None:
    with database.begin() as connection:
        account_id = an_employer(connection).account_id
        credentials.set_password(connection, account_id, "a@exemple.invalid", "first")
        passkeys.add(connection, account_id, "clé", b"id", b"key", 0)
        totps.start(connection, account_id, b"secret")
        identities.link(connection, "https://provider.example", "subject", account_id)
    with database.begin() as connection:
        totps.record_use(connection, account_id, 1)
        passkeys.record_use(connection, b"id", 1)
    assert audit(database, signing).broken == ()
    with database.begin() as connection:
        seen = credentials.find_by_account(connection, account_id)
        assert seen
        credentials.renew_hash(connection, seen, "second")
        totps.record_use(connection, account_id, 2)
        totps.drop(connection, account_id)
        passkeys.drop(connection, account_id, b"id")
    assert audit(database, signing).broken == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE credential SET password_hash = 'x'",
        "UPDATE credential SET login = 'pirate@exemple.invalid'",
        "UPDATE totp SET sealed = 'x'",
        "DELETE FROM totp",
        "UPDATE passkey SET public_key = 'x'",
        "UPDATE identity SET subject = 'x'",
    ],
)
def test_means_of_signing_in_that_were_changed_in_the_database_are_told(
    database: Database, signing: DocumentSigner, change: str
) -> None:
    with database.begin() as connection:
        account_id = an_employer(connection).account_id
        credentials.set_password(connection, account_id, "a@exemple.invalid", "first")
        passkeys.add(connection, account_id, "clé", b"id", b"key", 0)
        totps.start(connection, account_id, b"secret")
        totps.record_use(connection, account_id, 1)
        identities.link(connection, "https://provider.example", "subject", account_id)
    tamper(database, change)
    assert any("les moyens de connexion" in each.what for each in audit(database, signing).broken)


def test_members_and_mandates_that_come_and_go_are_told_by_events(database: Database, signing: DocumentSigner) -> None:
    period = (date(2026, 1, 1), date(2099, 12, 31))
    with database.begin() as connection:
        employer = an_employer(connection)
        main, siret = employer.account_id, employer.siret
        invited = members.invite(connection, siret, "Léa Petit", "lea@exemple.invalid", Belonging.MEMBER, main)
        given = mandates.give(connection, siret, "Cabinet", "cabinet@exemple.invalid", period, main)
    assert audit(database, signing).broken == ()
    with database.begin() as connection:
        members.accept(connection, invited, invited)
        members.accept(connection, given.account_id, given.account_id)
    assert audit(database, signing).broken == ()
    with database.begin() as connection:
        mandates.revoke(connection, given.id)
        members.remove(connection, siret, invited, main)
    assert audit(database, signing).broken == ()
    with database.begin() as connection:
        evictions.evict(connection, main, SYSTEM, str(uuid4()))
    assert audit(database, signing).broken == ()


@pytest.mark.parametrize("change", ["name = 'Pirate'", "email = 'pirate@exemple.invalid'"])
def test_who_a_mandate_names_does_not_change_unseen(database: Database, signing: DocumentSigner, change: str) -> None:
    with database.begin() as connection:
        main = an_employer(connection)
        period = (date(2026, 1, 1), date(2099, 12, 31))
        given = mandates.give(connection, main.siret, "Cabinet", "cabinet@exemple.invalid", period, main.account_id)
    assert audit(database, signing).broken == ()
    tamper(database, f"UPDATE mandate SET {change}")
    with database.begin() as connection:
        accesses.write(connection, "mandate_revoked", SYSTEM, mandate=given.id)
    assert any("d’un mandataire" in each.what for each in audit(database, signing).broken)


def test_a_member_who_left_does_not_come_back_unseen(database: Database, signing: DocumentSigner) -> None:
    with database.begin() as connection:
        employer = an_employer(connection)
        invited = members.invite(
            connection, employer.siret, "Léa", "l@exemple.invalid", Belonging.MEMBER, employer.account_id
        )
        members.accept(connection, invited, invited)
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE before AS SELECT * FROM account_establishment"))
        members.remove(connection, employer.siret, invited, employer.account_id)
    assert audit(database, signing).broken == ()
    tamper(database, "INSERT INTO account_establishment SELECT * FROM before ON CONFLICT DO NOTHING")
    assert any("les appartenances" in each.what for each in audit(database, signing).broken)
