"""Whoever owns the database changes something: the audit says what, and where.

On a real register, with the time-stamps of real (local) authorities.
"""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities.documents.acts import StoredDocumentActs
from activities.evidence import StoredEvidenceActs
from activities.register import StoredRegisterActs
from activities.signing.acts import DocumentSigner
from activities.transport import FolderTransport, SftpTransport, Transport
from local.ports import free_port
from local.programs import Agency
from models.messages.acts import AuditOrder
from models.messages.case import Ref
from models.settings import Settings
from models.store.audit import verdicts
from models.store.cases import holds, requests
from models.store.database import Database, now
from models.store.journal import events
from models.store.operations import incidents
from tests.activities.evidence import NIGHT, Cases, a_full_register, audit, copy_outside, deposit
from tests.activities.tampering import CRIMES, REANCHOR, RECHAIN, Crime, tamper
from tests.activities.tampering_guards import GUARD_CRIMES
from tests.cases import file_a_case


@pytest.fixture
def cases(database: Database, papers: StoredDocumentActs, acts: StoredRegisterActs, tmp_path: Path) -> Cases:
    return a_full_register(database, papers, acts, tmp_path)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "anchors"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("crime", (CRIMES | GUARD_CRIMES).values(), ids=(CRIMES | GUARD_CRIMES).keys())
def test_what_was_changed_is_told_with_its_place(
    database: Database, cases: Cases, signing: DocumentSigner, crime: Crime
) -> None:
    tamper(database, *(each.format(**cases._asdict()) for each in crime.statements))
    found = audit(database, signing).broken
    place = crime.place.format(**cases._asdict())
    told = [
        each
        for each in found
        if each.subject.startswith(place) and crime.seq in (None, each.seq) and crime.what in each.what
    ]
    assert told, found


def test_a_register_that_nobody_changed_is_whole(database: Database, cases: Cases, signing: DocumentSigner) -> None:
    found = audit(database, signing)
    assert found.broken == ()
    assert found.events >= 20
    assert (found.anchors, found.unstated) == (2, 0)


def test_copies_outside_tell_the_event_of_a_chain_rewritten_with_its_anchors(
    database: Database, cases: Cases, signing: DocumentSigner, outside: Path
) -> None:
    copy_outside(database, outside)
    assert audit(database, signing, outside=outside).broken == ()
    tamper(
        database,
        f"UPDATE event SET actor_id = uuidv7() WHERE subject = '{cases.granted}' AND seq = 3",
        RECHAIN,
        REANCHOR,
    )
    found = {(each.subject, each.seq) for each in audit(database, signing, outside=outside).broken}
    assert {(cases.granted, 3), ("anchors", 1), ("anchors", 2)} <= found
    assert (cases.granted, 2) not in found


def test_a_tail_that_was_cut_is_told_by_the_copies_outside(
    database: Database, cases: Cases, signing: DocumentSigner, outside: Path
) -> None:
    copy_outside(database, outside)
    tamper(
        database,
        f"DELETE FROM nominal WHERE reference = '{cases.filed}'",
        f"DELETE FROM event WHERE subject = '{cases.filed}'",
        f"DELETE FROM opinion WHERE reference = '{cases.filed}'",
        f"DELETE FROM receipt WHERE reference = '{cases.filed}'",
        f"DELETE FROM request WHERE reference = '{cases.filed}'",
        "DELETE FROM event WHERE position > (SELECT upto FROM anchor WHERE number = 1) AND subject LIKE 'access:%'",
        "DELETE FROM anchor WHERE number = 2",
    )
    told = audit(database, signing, outside=outside).broken
    assert any(each.subject == "anchors" and each.seq == 2 and "ôté du registre" in each.what for each in told)
    assert any("a disparu" in each.what for each in told)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            "UPDATE anchor SET token = token || 'x' WHERE number = 2",
            "le jeton d’horodatage n’est plus celui de la copie",
        ),
        ("SELECT append_event('{filed}', 'reminder_sent', now(), now(), 'system', NULL, '{{}}')", ""),
    ],
    ids=["token", "later event"],
)
def test_what_comes_after_the_last_copy_is_no_difference(
    database: Database, cases: Cases, signing: DocumentSigner, outside: Path, change: str, what: str
) -> None:
    copy_outside(database, outside)
    tamper(database, change.format(**cases._asdict()))
    told = [each.what for each in audit(database, signing, outside=outside).broken]
    assert any(what in each for each in told) if what else told == []


def test_a_copy_that_cannot_be_read_is_told_and_missing_copies_are_noted(
    database: Database, cases: Cases, signing: DocumentSigner, outside: Path
) -> None:
    copy_outside(database, outside)
    first, second = sorted(outside.iterdir())
    first.unlink()
    found = audit(database, signing, outside=outside)
    assert (found.broken, len(found.notes)) == ((), 1)
    second.write_text("{}")
    assert [each.what for each in audit(database, signing, outside=outside).broken] == [
        f"la copie {second.name} est illisible"
    ]


def test_what_is_new_since_a_whole_verdict_is_examined_and_the_rest_left(
    database: Database, cases: Cases, signing: DocumentSigner, papers: StoredDocumentActs
) -> None:
    whole = audit(database, signing)
    with database.begin() as connection:
        verdicts.store(connection, whole)
    new = audit(database, signing, everything=False)
    assert (new.broken, new.anchors) == ((), 1)
    assert new.events < whole.events
    file_a_case(database)
    tamper(database, f"UPDATE nominal SET iban = 'x' WHERE reference = '{cases.filed}'")
    assert audit(database, signing, everything=False).broken == ()
    assert [each.subject for each in audit(database, signing).broken] == [cases.filed]


def test_a_forged_verdict_does_not_blind_the_audit_of_what_is_new(
    database: Database, cases: Cases, signing: DocumentSigner
) -> None:
    tamper(
        database,
        "INSERT INTO audit (everything, upto, events, anchors, broken) VALUES (true, 1000000000, 1, 1, '[]')",
        "SELECT append_event('journal', 'journal_audited', now(), now(), 'system', NULL,"
        """ '{"upto": "999999999", "broken": "0"}')""",
        f"UPDATE nominal SET iban = 'x' WHERE reference = '{cases.filed}'",
    )
    assert cases.filed in {each.subject for each in audit(database, signing, everything=False).broken}


def test_nominal_data_that_an_act_erases_leaves_the_chain_whole(
    database: Database, cases: Cases, signing: DocumentSigner
) -> None:
    with database.begin() as connection:
        requests.close(connection, cases.granted, now(connection))
        events.append(connection, cases.granted, "case_closed", now(connection))
        connection.execute(text("DELETE FROM nominal WHERE reference = :r"), {"r": cases.granted})
        events.append(connection, cases.granted, "nominal_erased", now(connection))
    assert audit(database, signing).broken == ()


def test_the_digests_of_two_cases_with_the_same_account_differ_and_are_no_digest_of_it(
    database: Database, cases: Cases
) -> None:
    with database.begin() as connection:
        found = connection.execute(
            text("SELECT facts->>'bank_account', facts->>'nominal' FROM event WHERE type = 'request_received'")
        ).all()
        clear = "convert_to(jsonb_build_array(iban, holder)::text, 'UTF8')"
        bare = connection.execute(text(f"SELECT encode(sha256({clear}), 'base64') FROM nominal")).scalars()
        assert len({each[0] for each in found}) == len(found) == 4
        assert len({each[1] for each in found}) == 4
        assert not set(bare) & {each[0] for each in found}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE nominal SET iban = 'FR7630006000011234567890189'",
        "UPDATE request SET effect_at = effect_at - interval '1 year'",
        "UPDATE document SET sha256 = repeat('c', 64) WHERE kind = 'attestation'",
        "UPDATE authority SET proof = 'letter'",
        "WITH stolen AS (UPDATE nominal SET iban = 'FR7630006000011234567890189' RETURNING reference)"
        " SELECT reference FROM stolen; SELECT append_event(reference, 'holder_stated', now(), now(), 'system', NULL,"
        " '{}') FROM request",
        "UPDATE event SET facts = '{}'",
    ],
    ids=["IBAN", "effect", "document", "authority", "IBAN, with an event for it", "events that state nothing"],
)
def test_money_does_not_leave_to_what_changed_without_an_event(
    database: Database, papers: StoredDocumentActs, acts: StoredRegisterActs, tmp_path: Path, change: str
) -> None:
    tacit = file_a_case(database, left=timedelta(seconds=-1))
    acts.establish_silence(Ref(reference=tacit, id=""))
    papers.issue_attestation(Ref(reference=tacit, id=""))
    acts.hand_over(Ref(reference=tacit, id=""))
    tamper(database, change)
    deposit(database, tmp_path)
    assert list(tmp_path.iterdir()) == []
    with database.begin() as connection:
        assert [each.reason for each in holds.list_standing(connection, tacit)] == ["evidence"]
        assert [(each.act, each.part) for each in incidents.list_open(connection)] == [("hand_over", "journal")]


def some_acts(database: Database, signing: DocumentSigner, outside: Transport | None) -> StoredEvidenceActs:
    nowhere = Path("/nowhere")
    settings = Settings(
        database=database.dsn,
        agency="file:///nowhere",
        master_key=nowhere,
        blind_key=nowhere,
        trust=signing.trust,
        seal=nowhere,
        signatories=nowhere,
        timestamps=(),
        profile="development",
    )
    return StoredEvidenceActs(database, outside, settings)


async def test_each_anchor_is_copied_once_and_never_written_over(
    database: Database, cases: Cases, signing: DocumentSigner, outside: Path
) -> None:
    acts = some_acts(database, signing, FolderTransport(outside))
    assert await acts.copy_anchors(NIGHT) == 2
    assert await acts.copy_anchors(NIGHT) == 0
    first, second = sorted(outside.iterdir())
    assert first.name.startswith("ancre-000001-")
    with database.begin() as connection:
        connection.execute(text("DELETE FROM anchor_copy"))
    assert await acts.copy_anchors(NIGHT) == 2
    second.write_text("{}")
    with database.begin() as connection:
        connection.execute(text("DELETE FROM anchor_copy"))
    with pytest.raises(ApplicationError) as told:
        await acts.copy_anchors(NIGHT)
    assert (told.value.type, told.value.message) == ("anchors", "AnotherFileStands")
    assert second.read_text() == "{}"


async def test_a_folder_that_is_away_is_named_and_nothing_is_lost(
    database: Database, cases: Cases, signing: DocumentSigner, outside: Path
) -> None:
    with pytest.raises(ApplicationError) as told:
        await some_acts(database, signing, FolderTransport(outside / "away")).copy_anchors(NIGHT)
    assert (told.value.type, told.value.non_retryable) == ("anchors", False)
    assert await some_acts(database, signing, None).copy_anchors(NIGHT) == 0
    assert await some_acts(database, signing, FolderTransport(outside)).copy_anchors(NIGHT) == 2


async def test_copies_leave_by_sftp(database: Database, cases: Cases, signing: DocumentSigner, tmp_path: Path) -> None:
    server = Agency(tmp_path / "sftp", free_port())
    server.folder.mkdir()
    server.start()
    try:
        transport = SftpTransport(server.address, server.client_key, server.host_key)
        assert await some_acts(database, signing, transport).copy_anchors(NIGHT) == 2
        whole = await asyncio.to_thread(audit, database, signing, outside=server.deposits)
        assert whole.broken == ()
    finally:
        server.stop()


def test_a_broken_verdict_is_stored_opens_an_incident_and_is_chained(
    database: Database, cases: Cases, signing: DocumentSigner
) -> None:
    acts = some_acts(database, signing, None)
    assert acts.audit_register(AuditOrder(everything=True)) == 0
    saved = "SELECT iban FROM nominal WHERE reference = :r"
    with database.begin() as connection:
        iban = connection.execute(text(saved), {"r": cases.filed}).scalar_one()
    tamper(database, f"UPDATE nominal SET iban = 'x' WHERE reference = '{cases.filed}'")
    assert acts.audit_register(AuditOrder(everything=False)) == 0, "it is not new"
    assert acts.audit_register(AuditOrder(everything=True)) == 1
    assert acts.audit_register(AuditOrder(everything=False)) == 1, "everything, until it is whole"
    with database.begin() as connection:
        assert [(each.act, each.part) for each in incidents.list_open(connection)] == [("audit", "journal")]
        last = verdicts.find_last(connection)
        assert last
        assert [(each.subject, each.seq) for each in last.broken] == [(cases.filed, 1)]
        assert [each.data["broken"] for each in events.list_of(connection, "journal")] == ["0", "0", "1", "1"]
    tamper(database, f"UPDATE nominal SET iban = '{iban}' WHERE reference = '{cases.filed}'")
    assert acts.audit_register(AuditOrder(everything=False)) == 0
    with database.begin() as connection:
        assert incidents.list_open(connection) == []
