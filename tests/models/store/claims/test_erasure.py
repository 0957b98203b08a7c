"""Erasure of a case leaves no index by which its people are found again, and everything else balances."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from models.claim_labels import ClaimState
from models.errors import Conflict
from models.store.claims import admission, ends, erasure
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.uploads import ending, records
from models.store.database import Database
from models.store.journal import keys
from models.store.journal.events import SYSTEM
from tests import uploads
from tests.models.clocks import wait_for_lock
from tests.models.store.claims.builders import (
    LAST_WEEK,
    WEEK,
    a_person,
    admit,
    authorize,
    blind,
    blind_of,
    broken,
    claim,
    close,
    differences,
    employer_of,
    hand_over,
    stage,
    story,
)
from tests.models.store.claims.real_lines import a_line, a_nir, stage_real
from tests.models.store.claims.real_lines import keys as people_keys


def erase(database: Database, reference: str) -> None:
    with database.begin() as connection:
        keys.destroy(connection, reference)
        erasure.erase_people(connection, reference, SYSTEM)


def held(database: Database) -> set[bytes]:
    """The blind indexes of every table."""
    with database.begin() as connection:
        tables = ("claim_person", "person_year", "person_week")
        rows = [connection.execute(text(f"SELECT blind FROM {table}")).scalars().all() for table in tables]
        return {bytes(each) for found in rows for each in found}


def digests(database: Database, reference: str) -> set[bytes]:
    """The digests of lines and files of a case, from which a short body could be guessed."""
    query = "SELECT body_digest FROM claim WHERE reference = :r UNION SELECT digest FROM upload WHERE reference = :r"
    with database.begin() as connection:
        return {bytes(each) for each in connection.execute(text(query), {"r": reference}).scalars() if each}


def test_no_index_is_left_and_everything_balances(database: Database) -> None:
    reference, other = authorize(database), authorize(database)
    admitted = admit(database, stage_real(database, reference, a_line(1), a_line(2)))
    stage_real(database, reference, a_line(3))
    for each in (reference, other):
        uploads.receive(database, each)
    before, of_other = digests(database, reference), digests(database, other)
    assert len(before) == 3
    close(database, reference)
    erase(database, reference)
    assert not {people_keys().blind.index(a_nir(each)) for each in (1, 2, 3)} & held(database)
    assert not before & digests(database, reference)
    assert digests(database, other) == of_other
    with database.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM person_year")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM person_week")).scalar_one() == 0
        assert connection.execute(text("SELECT count(sealed) FROM claim_person")).scalar_one() == 0
        assert erasure.is_erased(connection, admitted.id)
    assert (differences(database), broken(database)) == ((), [])
    assert story(database, admitted.id)[-1] == "claim_people_erased"


def test_no_mark_of_an_account_that_was_paid_is_left(database: Database) -> None:
    reference, other = authorize(database), authorize(database)
    paid = claim(database, reference)
    hand_over(database, paid.id, "paid")
    kept = claim(database, other)
    hand_over(database, kept.id, "paid")
    before = marks(database)
    close(database, reference)
    erase(database, reference)
    after = marks(database)
    assert (after[kept.id], len(after[paid.id])) == (before[kept.id], len(before[paid.id]))
    assert after[paid.id] not in before.values()
    assert (differences(database), broken(database)) == ((), [])


def marks(database: Database) -> dict[str, bytes]:
    """The mark of the account of each claim that was ordered."""
    with database.begin() as connection:
        rows = connection.execute(text("SELECT claim_id::text, iban_mark FROM payment")).all()
    return {each.claim_id: bytes(each.iban_mark) for each in rows}


def test_what_is_erased_is_erased_once(database: Database) -> None:
    reference = authorize(database)
    admitted = claim(database, reference)
    close(database, reference)
    erase(database, reference)
    before = blind_of(database, admitted.id)
    erase(database, reference)
    assert story(database, admitted.id).count("claim_people_erased") == 1
    assert before != blind_of(database, admitted.id)


def test_an_open_case_is_not_erased(database: Database) -> None:
    reference = authorize(database)
    admitted = claim(database, reference)
    with pytest.raises(Conflict):
        erase(database, reference)
    assert blind_of(database, admitted.id) == [blind(1)]


def test_a_person_of_another_claim_of_the_establishment_keeps_their_year_and_their_quota(database: Database) -> None:
    first = authorize(database)
    claim(database, first, a_person(1, (WEEK, "20")), a_person(2))
    second = authorize(database, employer=employer_of(database, first))
    claim(database, second, a_person(1, (LAST_WEEK, "7")))
    close(database, first)
    erase(database, first)
    with database.begin() as connection:
        years = connection.execute(text("SELECT blind, hours FROM person_year")).all()
        weeks = connection.execute(text("SELECT blind, week_on, payable FROM person_week")).all()
    assert [(bytes(each.blind), each.hours) for each in years] == [(blind(1), 27)]
    assert [(bytes(each.blind), each.week_on, each.payable) for each in weeks] == [(blind(1), LAST_WEEK, 7)]
    assert (differences(database), broken(database)) == ((), [])
    with database.begin() as connection:
        connection.execute(text("UPDATE person_year SET hours = 48"))
    assert len(differences(database)) == 1


def test_a_claim_whose_people_are_erased_may_still_end(database: Database) -> None:
    reference = authorize(database)
    admitted = claim(database, reference)
    close(database, reference)
    erase(database, reference)
    with database.begin() as connection:
        assert ends.end(connection, admitted.id, ClaimState.VOID, SYSTEM)
    assert (differences(database), broken(database)) == ((), [])


def test_an_admission_under_way_is_seen_by_the_erasure_beside_it(database: Database) -> None:
    """The year of a person whom another claim takes meanwhile is not dropped."""
    first = authorize(database)
    claim(database, first, a_person(1))
    second = authorize(database, employer=employer_of(database, first))
    staged = stage(database, second, a_person(1, (LAST_WEEK, "7")))
    close(database, first)
    with ThreadPoolExecutor() as pool:
        with database.begin() as connection:
            admission.admit(connection, staged, SYSTEM)
            erasing = pool.submit(erase, database, first)
            wait_for_lock(database)
        erasing.result()
    with database.begin() as connection:
        assert connection.execute(text("SELECT hours FROM person_year")).scalars().all() == [14]
    assert differences(database) == ()


def test_nothing_is_claimed_under_a_case_that_is_erased(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference)
    close(database, reference)
    erase(database, reference)
    with pytest.raises(AdmissionRefused, match="clos"):
        stage(database, reference)


def submit(database: Database, upload_id: str) -> str:
    """Submit the claim of a file, as its employer does."""
    with database.begin() as connection:
        taken = ending.take_for_submission(connection, upload_id, records.get(connection, upload_id).account_id)
        return admission.admit(connection, taken.claim_id, SYSTEM).id


def forget(database: Database, upload_id: str) -> str:
    """Forget a file whose day has passed."""
    with database.begin() as connection:
        return ending.forget(connection, upload_id)


@pytest.mark.parametrize("work", [submit, uploads.read, forget])
def test_a_file_is_held_after_its_request_as_by_an_erasure(
    database: Database, work: Callable[[Database, str], object]
) -> None:
    """Whoever held the file first would wait for the request, and the erasure, which holds it, for the file."""
    reference = authorize(database)
    upload_id = uploads.receive(database, reference, uploads.a_file())
    if work is not uploads.read:
        uploads.read(database, upload_id)
    with ThreadPoolExecutor(1) as pool:
        with database.begin() as connection:
            connection.execute(text("SELECT FROM request WHERE reference = :r FOR UPDATE"), {"r": reference})
            waiting = pool.submit(work, database, upload_id)
            wait_for_lock(database)
            connection.execute(text("SELECT FROM upload WHERE id = :id FOR UPDATE NOWAIT"), {"id": upload_id})
        assert waiting.result()
