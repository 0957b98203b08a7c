"""The end of a decision that raises a quota of hours: for admissions to come, under a delegation, with a reason."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from models.claim_labels import ClaimState
from models.errors import NotAllowed, Unknown
from models.store.claims import ends, quota_exceptions
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from models.store.journal.events import SYSTEM
from tests.cases import DEPARTMENT
from tests.models.clocks import wait_for_lock
from tests.models.store.claims.builders import WEEK, a_person, admit, authorize, broken, claim, stage
from tests.models.store.claims.reviewed import with_delegation
from tests.models.store.claims.test_quota_exceptions import end, have_used, limits, place_of, record


def test_one_that_ended_admits_nothing_more_and_what_it_admitted_remains(database: Database) -> None:
    reference = authorize(database)
    have_used(database, reference, 999)
    given = record(database, place_of(database, reference))
    first = claim(database, reference, a_person(1, (WEEK, "14")))
    second = claim(database, reference, a_person(1, (WEEK, "7")), part=2)
    end(database, given)
    with pytest.raises(AdmissionRefused, match=r"1.000 heures"):
        claim(database, reference, a_person(1, (WEEK, "0.01")), part=3)
    less = claim(database, reference, a_person(1, (WEEK, "7")), replaces=first.id)
    assert (less.state, limits(database)) == (ClaimState.ADMITTED, (1013, 100))
    with database.begin() as connection:
        for each in (less, second):
            assert ends.end(connection, each.id, ClaimState.REFUSED, SYSTEM)
    assert limits(database) == (1000, 100)
    assert claim(database, reference, a_person(1, (WEEK, "1"))).state == ClaimState.ADMITTED


def test_an_end_counts_for_an_admission_that_waited_for_it(database: Database) -> None:
    reference = authorize(database)
    have_used(database, reference, 999)
    given = record(database, place_of(database, reference, whole=True))
    staged = stage(database, reference, a_person())
    with ThreadPoolExecutor(1) as threads:
        with database.begin() as holder:
            holder.execute(text("SELECT FROM person_year FOR UPDATE"))
            waiting = threads.submit(admit, database, staged)
            wait_for_lock(database)
            end(database, given)
        with pytest.raises(AdmissionRefused, match=r"1.000 heures"):
            waiting.result()


def test_whoever_ends_one_has_a_delegation_and_ends_it_once(database: Database) -> None:
    given = record(database, place_of(database, authorize(database)))
    with pytest.raises(Unknown):
        end(database, given, department="75")
    with pytest.raises(Unknown):
        end(database, "00000000-0000-0000-0000-000000000000")
    with pytest.raises(NotAllowed, match="contingent"):
        end(database, given, with_delegation(database, outcomes=["claim"]))
    agents = [with_delegation(database, outcomes=["quota_exception"]) for _ in range(2)]
    for each in agents:
        end(database, given, each)
    with database.begin() as connection:
        [found] = quota_exceptions.list_for_agents(connection, [DEPARTMENT])
        told = connection.execute(text("SELECT count(*) FROM event WHERE type = 'quota_exception_ended'")).scalar_one()
    assert (found.ended_by, found.end_reason, told) == (agents[0].account_id, "Erreur de saisie des heures.", 1)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE quota_exception SET ended_at = NULL, ended_by = NULL, ended_under = NULL, end_reason = NULL",
            "la fin du dépassement du contingent {} n’est plus au registre",
        ),
        ("UPDATE quota_exception SET end_reason = 'Autre motif.'", "la fin d’un dépassement du contingent d’heures"),
        ("UPDATE quota_exception SET hours = 1600", "un dépassement du contingent d’heures n’est plus celui"),
    ],
)
def test_the_audit_tells_an_end_that_was_undone_or_changed(database: Database, statement: str, told: str) -> None:
    given = record(database, place_of(database, authorize(database)))
    end(database, given)
    assert broken(database) == []
    with database.begin() as connection:
        connection.execute(text(statement))
    assert any(told.format(given) in what for _, _, what in broken(database))


def test_the_audit_tells_an_end_that_was_planted(database: Database) -> None:
    record(database, place_of(database, authorize(database)))
    with database.begin() as connection:
        connection.execute(
            text(
                "UPDATE quota_exception SET ended_at = clock_timestamp(), ended_by = account_id,"
                " ended_under = delegation_id, end_reason = ''"
            )
        )
    assert any("aucun événement ne raconte la fin du dépassement" in what for _, _, what in broken(database))
