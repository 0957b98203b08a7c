"""Staged lines count nowhere, and are swept unless they are admitted or about to be."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from models.store.claims import staging
from models.store.claims.staging import StagedClaim, StagedPerson
from models.store.database import Database
from models.store.operations import retention
from tests.models.clocks import wait_for_lock
from tests.models.store.claims.builders import (
    DECEMBER,
    LAST_WEEK,
    WEEK,
    a_person,
    admit,
    authorize,
    blind,
    broken,
    differences,
    entitlement,
    stage,
    state,
    totals,
)


def test_what_is_staged_counts_nowhere(database: Database) -> None:
    reference = authorize(database, hours="7")
    for _ in range(2):
        stage(database, reference, a_person(1, (WEEK, "7"), (LAST_WEEK, "5"), n=3, contract="20"))
    years, weeks, balances, entries = totals(database)
    assert (years, weeks, len(balances), len(entries)) == ((), (), 2, 1)
    assert entitlement(database, reference).admitted_hours == 0
    with database.begin() as connection:
        lines = connection.execute(
            text(
                "SELECT DISTINCT p.n, p.blind, p.payable, p.allowance_cents, w.week_on, w.payable, w.limit_hours"
                " FROM claim_person p JOIN claim_week w USING (claim_id, n) ORDER BY w.week_on"
            )
        ).all()
        assert connection.execute(text("SELECT DISTINCT month, version FROM claim")).all() == [(DECEMBER, None)]
    assert [tuple(each) for each in lines] == [
        (3, blind(1), 12, 8_330, WEEK, 7, 20),
        (3, blind(1), 12, 8_330, LAST_WEEK, 5, 20),
    ]
    assert (differences(database), broken(database)) == ((), [])


@pytest.fixture
def told(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What became of five people who are staged two at a time, in its order."""
    monkeypatch.setattr(staging, "BLOCK_PEOPLE", 2)
    return []


def _stage_five(database: Database, told: list[str], *, broken_at: int = 0) -> None:
    def people() -> Iterator[StagedPerson]:
        for n in range(1, 6):
            told.append(f"made {n}")
            yield a_person(n) if n != broken_at else a_person(n, (WEEK, "no hours"))

    def seal(_claim_id: str, n: int) -> bytes:
        told.append(f"copied {n}")
        return b"sealed"

    reference = authorize(database)
    with database.begin() as connection:
        staging.stage(connection, StagedClaim(reference, DECEMBER), people(), seal)


def test_people_are_copied_while_the_next_ones_are_not_made_yet(database: Database, told: list[str]) -> None:
    _stage_five(database, told)
    first, second, third = ["made 1", "made 2", "copied 1", "copied 2"], told[4:8], ["made 5", "copied 5"]
    assert told == [*first, *second, *third]
    assert second == ["made 3", "made 4", "copied 3", "copied 4"]
    with database.begin() as connection:
        assert connection.execute(_ROWS).all() == [(n, b"sealed", 7) for n in range(1, 6)]


def test_of_lines_that_break_off_between_two_blocks_nothing_is_staged(database: Database, told: list[str]) -> None:
    with pytest.raises(ArithmeticError):
        _stage_five(database, told, broken_at=4)
    assert "copied 2" in told
    with database.begin() as connection:
        assert connection.execute(_ROWS).all() == []
        assert connection.execute(text("SELECT count(*) FROM claim")).scalar_one() == 0


def test_what_was_staged_the_day_before_is_swept_unless_it_was_admitted(database: Database) -> None:
    reference = authorize(database)
    old, admitted, fresh = (stage(database, reference, part=part) for part in (1, 2, 3))
    admit(database, admitted)
    with database.begin() as connection:
        connection.execute(_AGE, {"ids": [old, admitted]})
    assert (_sweep(database), _sweep(database)) == (3, 0)
    with database.begin() as connection:
        assert set(connection.execute(text("SELECT id::text FROM claim")).scalars()) == {admitted, fresh}
        assert connection.execute(text("SELECT count(*) FROM claim_week")).scalar_one() == 2


def test_what_is_being_admitted_is_not_swept(database: Database) -> None:
    reference = authorize(database)
    staged = stage(database, reference)
    with database.begin() as connection:
        connection.execute(_AGE, {"ids": [staged]})
    with ThreadPoolExecutor(1) as threads:
        with database.begin() as connection:
            connection.execute(text("LOCK TABLE person_year"))
            waiting = threads.submit(admit, database, staged)
            wait_for_lock(database)
            assert _sweep(database) == 0
        waiting.result()
    assert state(database, staged) == "admitted"


_ROWS = text(
    "SELECT p.n, p.sealed, w.payable FROM claim_person p LEFT JOIN claim_week w USING (claim_id, n) ORDER BY n"
)
_AGE = text("UPDATE claim SET staged_at = staged_at - interval '25 hours' WHERE id = ANY(CAST(:ids AS uuid[]))")


def _sweep(database: Database) -> int:
    with database.begin() as connection:
        return retention.forget_old(connection, ("verification",))
