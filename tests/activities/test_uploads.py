"""A file of a claim is read by the program that alone touches its bytes; what was found is stored once."""

from decimal import Decimal

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.uploads import NOT_AUTHORIZED, StoredUploadActs
from local.payroll_files import as_xlsx
from local.payrolls import long_table
from models.claim_files.faults import FaultCode
from models.claim_labels import ClaimSignal, ClaimState, UploadState
from models.errors import Conflict
from models.examination.client import Examiner
from models.labels import Part
from models.messages.case import Ref
from models.store.claims import admission, ends
from models.store.claims.sealed_people import list_people
from models.store.claims.uploads import ending, reading, records
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.operations import retention
from tests.cases import blind_key, master_key
from tests.models.store.claims import builders
from tests.models.store.claims.builders import EMPLOYER, authorize, employer_of
from tests.uploads import (
    A_LINE,
    NIR,
    a_dsn,
    a_file,
    a_payroll,
    a_payroll_file,
    acts_of,
    read,
    receive,
    rows,
    standing,
)

NOBODY = Examiner("127.0.0.1:9")


@pytest.fixture
def reference(database: Database) -> str:
    return authorize(database)


def used(database: Database, kind: str) -> int:
    found = rows(database, "SELECT coalesce(sum(used), 0)::int FROM daily_use WHERE kind = :kind", kind=kind)
    assert isinstance(found[0][0], int)
    return found[0][0]


def test_a_file_without_errors_is_read_with_its_sums(database: Database, reference: str) -> None:
    found = read(database, receive(database, reference, a_file()))
    assert (found.state, found.lines, found.read, found.errors) == (UploadState.READ, 1, 1, 0)
    assert (found.people, found.hours) == (1, Decimal(35))
    assert found.allowance_cents
    assert found.allowance_cents > 0
    assert rows(database, "SELECT id::text, state, part FROM claim") == [(found.claim_id, "checked", 1)]
    assert used(database, "examining") > 0
    assert used(database, "refused_files") == 0


def test_a_workbook_gives_the_same_sums_as_a_csv(database: Database, reference: str) -> None:
    csv, workbook = (
        read(database, receive(database, reference, content))
        for content in (a_payroll_file(), as_xlsx(long_table(a_payroll())))
    )
    assert csv.allowance_cents == workbook.allowance_cents
    assert (csv.people, csv.hours) == (workbook.people, workbook.hours)


def test_every_line_with_an_error_is_named_with_what_to_do_and_the_number_masked(
    database: Database, reference: str
) -> None:
    wrong = A_LINE | {"nir": NIR[:13] + "10", "heures_chomees": "36"}
    upload_id = receive(database, reference, a_file(wrong, A_LINE | {"categorie": "X9", "semaine": "2026-W51"}))
    found = read(database, upload_id)
    assert found.state is UploadState.WITH_ERRORS
    with database.begin() as connection:
        faults = records.list_faults(connection, upload_id)
    assert [(each.line, each.code) for each in faults] == [
        (2, FaultCode.NIR_KEY),
        (3, FaultCode.CATEGORY_UNKNOWN),
    ]
    assert found.errors == len(faults)
    assert all(each.fault.code.advice in each.fault.message for each in faults)
    assert NIR[5:13] not in repr(rows(database, "SELECT * FROM upload_error"))


def test_a_file_whose_columns_are_shifted_leaves_no_name_in_its_errors(database: Database, reference: str) -> None:
    shifted = dict(zip(A_LINE, ["", *A_LINE.values()], strict=False)) | {"heures_chomees": "Sentinelle", "mode": NIR}
    upload_id = receive(database, reference, a_file(shifted))
    assert read(database, upload_id).state is UploadState.WITH_ERRORS
    with database.begin() as connection:
        found = {each.code: each.shown for each in records.list_faults(connection, upload_id)}
    assert found[FaultCode.HOURS_NOT_A_NUMBER] == "texte de 10 caractères"
    assert found[FaultCode.CATEGORY_UNKNOWN] == "texte de 3 caractères"
    kept = repr(rows(database, "SELECT * FROM upload_error"))
    assert [each for each in ("Sentinelle", "Zoé", NIR, NIR[5:13]) if each in kept] == []


def test_a_file_that_cannot_be_read_says_why_and_counts_as_refused(database: Database, reference: str) -> None:
    found = read(database, receive(database, reference, b"\0\0\0 nul"))
    assert found.state is UploadState.UNREADABLE
    assert found.refusal
    assert used(database, "refused_files") == 1


def test_a_dsn_has_people_and_hours_and_no_amount(database: Database, reference: str) -> None:
    siret = employer_of(database, reference).siret
    found = read(database, receive(database, reference, a_dsn(siret)))
    assert (found.state, found.people, found.allowance_cents, found.claim_id) == (UploadState.READ, 3, None, None)
    with database.begin() as connection, pytest.raises(Conflict) as none:
        ending.take_for_submission(connection, found.id, found.account_id)
    assert none.value.detail == ending.NO_WEEKS


def test_reading_twice_reads_once(database: Database, reference: str) -> None:
    upload_id = receive(database, reference, a_file())
    first = read(database, upload_id)
    spent = used(database, "examining")
    assert read(database, upload_id) == first
    assert rows(database, "SELECT id::text FROM claim") == [(first.claim_id,)]
    assert used(database, "examining") == spent


def test_an_attempt_begins_from_the_first_line_and_keeps_nothing_of_the_one_before(
    database: Database, reference: str
) -> None:
    upload_id = receive(database, reference, a_file(A_LINE | {"categorie": "X9"}))
    with database.begin() as connection:  # a worker that was killed while it read
        reading.set_progress(connection, reading.begin(connection, upload_id).id, 5_000, 10_000)
    assert standing(database, upload_id).read == 5_000
    with database.begin() as connection:
        assert reading.begin(connection, upload_id).read == 0
    assert read(database, upload_id).errors == 1
    assert rows(database, "SELECT count(*) FROM upload_error") == [(1,)]


def test_what_a_slower_attempt_found_counts_for_nothing(
    database: Database, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = receive(database, reference, a_file())
    slow = acts_of(database)
    finish = slow._finish

    def overtaken(*found: object) -> None:
        read(database, upload_id)
        finish(*found)  # type: ignore[arg-type]

    monkeypatch.setattr(slow, "_finish", overtaken)
    assert slow.read_upload(Ref(reference=reference, id=upload_id)).lines == 1
    assert rows(database, "SELECT id::text FROM claim") == [(standing(database, upload_id).claim_id,)]
    assert rows(database, "SELECT count(*) FROM claim_person") == [(1,)]


def test_an_attempt_that_is_killed_while_it_stages_leaves_nothing_of_it(
    database: Database, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = receive(database, reference, a_file())
    with monkeypatch.context() as broken:
        broken.setattr(reading, "finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            read(database, upload_id)
    assert rows(database, "SELECT id FROM claim UNION ALL SELECT claim_id FROM claim_week") == []
    assert read(database, upload_id).claim_id


def test_a_file_without_an_idle_hour_is_read_and_has_nothing_to_submit(database: Database, reference: str) -> None:
    found = read(database, receive(database, reference, a_file(A_LINE | {"heures_chomees": "0"})))
    assert (found.state, found.claim_id, found.allowance_cents) == (UploadState.READ, None, 0)
    with database.begin() as connection, pytest.raises(Conflict) as none:
        ending.take_for_submission(connection, found.id, found.account_id)
    assert none.value.detail == ending.NO_HOURS


def test_a_file_is_submitted_once_and_its_bytes_go_with_that(database: Database, reference: str) -> None:
    found = read(database, receive(database, reference, a_file()))
    digest = rows(database, "SELECT digest FROM upload")
    with database.begin() as connection:
        claim_id = ending.take_for_submission(connection, found.id, found.account_id).claim_id
        admitted = admission.admit(connection, claim_id, Actor(role="employer", account_id=found.account_id))
    assert (admitted.id, admitted.people, admitted.hours) == (found.claim_id, 1, Decimal(35))
    assert admitted.allowance_cents == found.allowance_cents
    assert rows(database, "SELECT state, sealed FROM upload") == [("submitted", None)]
    assert rows(database, "SELECT digest FROM upload") != digest
    with database.begin() as connection, pytest.raises(Conflict):
        ending.take_for_submission(connection, found.id, found.account_id)
    ref = Ref(reference=reference, id=found.id)
    assert StoredUploadActs(database).forget_uploads(ref).state is UploadState.SUBMITTED
    assert rows(database, "SELECT id::text FROM claim") == [(found.claim_id,)]


def test_who_the_people_are_is_sealed_and_found_by_a_blind_index_only(database: Database, reference: str) -> None:
    found = read(database, receive(database, reference, a_file()))
    assert found.claim_id
    kept = repr(rows(database, "SELECT p::text, w::text FROM claim_person p JOIN claim_week w USING (claim_id, n)"))
    assert A_LINE["nom"] not in kept
    assert NIR[:13] not in kept
    assert rows(database, "SELECT blind FROM claim_person") == [(blind_key().index(NIR),)]
    with database.begin() as connection:
        [person] = list_people(connection, found.claim_id, master_key())
    assert person.named
    assert (person.named.nir, person.named.family_name) == (NIR, A_LINE["nom"])


def test_it_beats_with_the_line_it_has_come_to(database: Database, reference: str) -> None:
    upload_id = receive(database, reference, a_payroll_file(40))
    beats: list[object] = []
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *details: beats.extend(details)
    environment.run(acts_of(database).read_upload, Ref(reference=reference, id=upload_id))
    assert beats[0] == 0
    assert beats[-1] == standing(database, upload_id).lines > 40


def test_without_the_program_that_reads_the_act_names_it_and_the_file_waits(database: Database, reference: str) -> None:
    upload_id = receive(database, reference)
    with pytest.raises(ApplicationError) as away:
        acts_of(database, NOBODY).read_upload(Ref(reference=reference, id=upload_id))
    assert (away.value.type, away.value.non_retryable) == (Part.EXAMINER, False)
    assert standing(database, upload_id).state is UploadState.READING
    assert read(database, upload_id).state is UploadState.READ


def test_a_file_of_a_case_whose_authorization_ended_is_not_read(database: Database, reference: str) -> None:
    upload_id = receive(database, reference)
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE request DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE request SET outcome = 'refused'")
    assert read(database, upload_id).refusal == NOT_AUTHORIZED


def test_a_file_is_forgotten_whole_and_once(database: Database, reference: str) -> None:
    upload_id = receive(database, reference, a_file(A_LINE | {"categorie": "X9", "Divers": "1"}))
    assert read(database, upload_id).headers
    digest = rows(database, "SELECT digest FROM upload")
    ref = Ref(reference=reference, id=upload_id)
    assert StoredUploadActs(database).forget_uploads(ref).state is UploadState.EXPIRED
    assert StoredUploadActs(database).forget_uploads(ref).state is UploadState.EXPIRED
    found = standing(database, upload_id)
    assert (found.headers, found.errors, found.refusal) == ((), 0, None)
    assert rows(database, "SELECT sealed FROM upload") == [(None,)]
    assert rows(database, "SELECT digest FROM upload") != digest
    assert rows(database, "SELECT upload_id FROM upload_error UNION ALL SELECT id FROM claim") == []
    assert acts_of(database, NOBODY).read_upload(ref).state is UploadState.EXPIRED


def test_the_night_forgets_a_file_whose_process_is_lost(database: Database, reference: str) -> None:
    upload_id = receive(database, reference)
    assert read(database, upload_id).claim_id
    later = receive(database, reference, part=2)
    kept = read(database, later).claim_id
    with database.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE upload SET expires_at = clock_timestamp() - interval '1 second' WHERE id = '{upload_id}'"
        )
        retention.forget_old(connection, ("preview",))
    assert standing(database, upload_id).state is UploadState.EXPIRED
    assert rows(database, "SELECT id::text FROM claim") == [(kept,)]


def admitted_of(database: Database, reference: str, content: bytes) -> tuple[ClaimSignal, ...]:
    """Send a file, submit it, and return the signals of its claim, which is then cancelled."""
    found = read(database, receive(database, reference, content))
    with database.begin() as connection:
        taken = ending.take_for_submission(connection, found.id, found.account_id)
        claim = admission.admit(connection, taken.claim_id, EMPLOYER, warned=taken.warned)
        assert ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)
    return claim.signals


def test_a_claim_of_other_hours_than_the_dsn_sent_before_it_is_signalled(database: Database, reference: str) -> None:
    dsn = receive(database, reference, a_dsn(employer_of(database, reference).siret))
    assert read(database, dsn).hours
    assert admitted_of(database, reference, a_payroll_file()) == ()
    assert admitted_of(database, reference, a_payroll_file(2)) == (ClaimSignal.DSN_TOTAL,)
    StoredUploadActs(database).forget_uploads(Ref(reference=reference, id=dsn))
    assert admitted_of(database, reference, a_payroll_file(2)) == ()


def test_what_the_check_of_a_file_warns_of_goes_with_its_claim(database: Database, reference: str) -> None:
    part = A_LINE | {"semaine": "2026-W53", "heures_chomees": "35"}
    content = a_file(A_LINE | {"taux_horaire": "400"}, part | {"taux_horaire": "400"})
    assert admitted_of(database, reference, content) == (ClaimSignal.WAGE, ClaimSignal.CALENDAR)
    [stated] = rows(database, "SELECT data FROM event WHERE type = 'claim_received'")
    assert isinstance(stated[0], dict)
    assert {name: stated[0].get(name) for name in ("wage", "wage_lines", "calendar", "calendar_lines")} == {
        "wage": "2",
        "wage_lines": "2 3",
        "calendar": "1",
        "calendar_lines": "3",
    }
    assert builders.broken(database) == []
