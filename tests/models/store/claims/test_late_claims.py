"""After the forfeiture a claim that was received in time, then rejected or refused, is put right, and nothing added."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest

from law.calendar import midnight
from models.claim_labels import ClaimSignal, ClaimState
from models.store.cases import requests
from models.store.claims import ends, late_claims
from models.store.claims.late_claims import PutRight
from models.store.claims.records import ClaimRecord
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.staging import StagedPerson
from models.store.database import Database
from models.store.journal.events import SYSTEM
from tests.cases import DEPARTMENT
from tests.models.clocks import SECOND, clock_at
from tests.models.store.claims.builders import (
    LAST_WEEK,
    WEEK,
    a_person,
    admit,
    authorize,
    broken,
    claim,
    differences,
    hand_over,
    stage,
)

TOLD = midnight(date(2027, 8, 20), DEPARTMENT) + timedelta(hours=15)
"""Twelve days before the claims of December to February are out of time."""
OVER = midnight(date(2027, 10, 22), DEPARTMENT)
"""Two clear months later: the first instant at which it is too late to put right what was told then."""
REJECTED, REFUSED, VOID = ClaimState.REJECTED, ClaimState.REFUSED, ClaimState.VOID


@contextmanager
def case_at(database: Database, reference: str, instant: datetime) -> Iterator[Database]:
    """A register in which the clock of a case stands at an instant."""
    with database.begin() as connection:
        offset = requests.get(connection, reference).clock_offset
    with clock_at(database, instant - offset) as frozen:
        yield frozen


def end(database: Database, made: ClaimRecord, state: ClaimState, at: datetime = TOLD) -> None:
    if state is REJECTED:
        hand_over(database, made.id)
    with case_at(database, made.reference, at) as frozen, frozen.begin() as connection:
        assert ends.end(connection, made.id, state, SYSTEM)


def ended(database: Database, state: ClaimState, *people: StagedPerson, at: datetime = TOLD) -> ClaimRecord:
    """A claim received in time that ended so."""
    made = claim(database, authorize(database), *people)
    end(database, made, state, at)
    return made


def correct(
    database: Database,
    made: ClaimRecord,
    *people: StagedPerson,
    at: datetime = OVER - SECOND,
    months: int | None = None,
    part: int = 1,
) -> ClaimRecord | str:
    """Claim a month again, and return the version admitted, or why it is refused."""
    staged = stage(database, made.reference, *people, reference_months=months, part=part)
    with case_at(database, made.reference, at) as frozen:
        try:
            return admit(frozen, staged)
        except AdmissionRefused as refused:
            return f"{refused.slug} {[*refused.lines]} {refused.detail}".replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("state", [REJECTED, REFUSED])
def test_what_was_rejected_or_refused_is_put_right_to_the_last_second_of_its_delay(
    database: Database, state: ClaimState
) -> None:
    made = ended(database, state)
    late = correct(database, made, at=OVER)
    assert isinstance(late, str)
    assert late.startswith("forfeited []")
    assert "jusqu’au 31 août 2027" in late
    assert "corrigée jusqu’au 21 octobre 2027" in late
    second = correct(database, made)
    assert isinstance(second, ClaimRecord)
    assert (second.version, second.state, second.regularisation) == (2, ClaimState.ADMITTED, True)
    assert second.signals == (ClaimSignal.REGULARISATION,)
    assert (differences(database), broken(database)) == ((), [])


@pytest.mark.parametrize(("days", "admitted"), [(-1, True), (0, False), (1, False)])
def test_a_day_around_the_end_of_the_delay(database: Database, days: int, admitted: bool) -> None:
    found = correct(database, ended(database, REJECTED), at=OVER + timedelta(days=days))
    assert isinstance(found, ClaimRecord) is admitted


def test_a_rejection_told_long_before_the_forfeiture_leaves_no_time_after_it(database: Database) -> None:
    made = ended(database, REJECTED, at=TOLD - timedelta(days=90))
    found = correct(database, made, at=midnight(date(2027, 9, 1), DEPARTMENT))
    assert "corrigée jusqu’au" in str(found)
    assert isinstance(correct(database, made, at=midnight(date(2027, 9, 1), DEPARTMENT) - SECOND), ClaimRecord)


def test_a_rejection_told_after_the_forfeiture_leaves_its_whole_delay(database: Database) -> None:
    made = ended(database, REJECTED, at=midnight(date(2027, 9, 30), DEPARTMENT))
    over = midnight(date(2027, 12, 2), DEPARTMENT)
    assert "1er décembre 2027" in str(correct(database, made, at=over))
    assert isinstance(correct(database, made, at=over - SECOND), ClaimRecord)


@pytest.mark.parametrize(
    ("people", "lines"),
    [
        ([a_person(1), a_person(2), a_person(3)], [3]),
        ([a_person(3)], [3]),
        ([a_person(1), a_person(2), a_person(3, (WEEK, "0"))], [3]),
        ([a_person(1, (WEEK, "7.01")), a_person(2, (WEEK, "1"))], [1]),
        ([a_person(1, (WEEK, "4"), (LAST_WEEK, "3.5")), a_person(2)], [1]),
        ([a_person(1), a_person(2, cents=8_331)], [2]),
    ],
)
def test_neither_a_person_nor_an_hour_nor_a_cent_of_anybody_is_added(
    database: Database, people: list[StagedPerson], lines: list[int]
) -> None:
    made = ended(database, REJECTED, a_person(1), a_person(2))
    found = str(correct(database, made, *people))
    assert found.startswith(f"forfeited {lines}")
    assert "n’ajoute ni salarié, ni heure, ni indemnité" in found


@pytest.mark.parametrize(
    "people",
    [[a_person(2)], [a_person(1, (WEEK, "3.5"), (LAST_WEEK, "3.5")), a_person(2, (WEEK, "6"))]],
)
def test_fewer_people_fewer_hours_and_other_weeks_are_put_right(database: Database, people: list[StagedPerson]) -> None:
    made = ended(database, REJECTED, a_person(1), a_person(2))
    assert isinstance(correct(database, made, *people), ClaimRecord)


def test_a_version_that_the_employer_cancelled_gives_no_right(database: Database) -> None:
    assert "forfeited" in str(correct(database, ended(database, VOID)))
    made = ended(database, REJECTED)
    with case_at(database, made.reference, TOLD) as frozen:
        again = claim(frozen, made.reference)
    end(database, again, VOID)
    assert "forfeited" in str(correct(database, made))


def test_the_last_version_received_in_time_counts_and_each_part_for_itself(database: Database) -> None:
    made = ended(database, REJECTED, a_person(1, (WEEK, "20")), at=TOLD - timedelta(days=90))
    with case_at(database, made.reference, TOLD - timedelta(days=1)) as frozen:
        again = claim(frozen, made.reference)
    end(database, again, REJECTED)
    assert "[1]" in str(correct(database, made, a_person(1, (WEEK, "8"))))
    assert "forfeited" in str(correct(database, made, part=2))
    assert isinstance(correct(database, made), ClaimRecord)


def test_a_correction_rejected_in_its_turn_has_what_is_left_of_the_delay_and_no_other(database: Database) -> None:
    made = ended(database, REJECTED)
    second = correct(database, made, at=OVER - timedelta(days=20))
    assert isinstance(second, ClaimRecord)
    end(database, second, REJECTED, OVER - timedelta(days=1))
    assert "forfeited" in str(correct(database, made, at=OVER))
    assert isinstance(correct(database, made), ClaimRecord)


def test_a_long_arrangement_puts_more_right_and_for_longer(database: Database) -> None:
    made = ended(database, REJECTED)
    more = a_person(1, (WEEK, "10"))
    assert "[1]" in str(correct(database, made, more))
    assert isinstance(correct(database, made, more, at=OVER, months=12), ClaimRecord)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (TOLD, PutRight(date(2027, 10, 21), "corrected")),
        (OVER - SECOND, PutRight(date(2027, 10, 21), "corrected")),
        (OVER, None),
    ],
)
def test_one_day_is_told_which_is_that_of_the_admission(
    database: Database, at: datetime, expected: PutRight | None
) -> None:
    made = ended(database, REJECTED)
    with case_at(database, made.reference, at) as frozen, frozen.begin() as connection:
        assert late_claims.find_put_right(connection, made) == expected


def test_the_last_day_to_claim_is_told_where_it_is_later(database: Database) -> None:
    made = ended(database, REJECTED, at=TOLD - timedelta(days=90))
    with case_at(database, made.reference, TOLD) as frozen, frozen.begin() as connection:
        assert late_claims.find_put_right(connection, made) == PutRight(date(2027, 8, 31), "dated")
