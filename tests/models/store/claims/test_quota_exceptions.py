"""Decisions that raise a quota of hours: for one case or an establishment, from the next admission on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import text

from law.grounds import Ground
from law.quota import Authority
from models.bodies.claims_review import QuotaExceptionBody
from models.claim_labels import ClaimState
from models.errors import NotAllowed, Unlawful
from models.store.cases import files, requests
from models.store.claims import quota_exceptions
from models.store.claims.quota_exceptions import QuotaPlace
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.operations import retention
from tests.cases import DEPARTMENT, an_agent
from tests.models.clocks import wait_for_lock
from tests.models.store.claims.builders import (
    WEEK,
    a_person,
    admit,
    authorize,
    blind,
    broken,
    claim,
    differences,
    employer_of,
    stage,
)
from tests.models.store.claims.reviewed import today, with_delegation

YEAR: Final = WEEK.year


def place_of(database: Database, reference: str, *, whole: bool = False) -> QuotaPlace:
    """What a decision about a case is about, or about its whole establishment."""
    with database.begin() as connection:
        case = requests.get(connection, reference)
    if whole:
        return QuotaPlace(siret=case.siret, department=case.department)
    return QuotaPlace(siret=case.siret, department=case.department, reference=reference, ground=case.ground)


def a_decision_file(database: Database, account_id: str) -> str:
    """The id of a file that an agent sent, as nobody judged it."""
    with database.begin() as connection:
        return files.add(connection, account_id, "application/pdf", b"%PDF-1.7").id


def record(database: Database, place: QuotaPlace, agent: Actor | None = None, **changes: Any) -> str:
    """Record a decision of the ministers of yesterday: 1,200 hours in the year of the claims."""
    actor = agent or an_agent(database)
    stated = {
        "reference": place.reference,
        "siret": None if place.reference else place.siret,
        "year": YEAR,
        "hours": "1200",
        "authority": Authority.MINISTERS,
        "decided_on": today(database) - timedelta(days=1),
        "file": a_decision_file(database, str(actor.account_id)),
    }
    body = QuotaExceptionBody.model_validate({**stated, **changes})
    with database.begin() as connection:
        return quota_exceptions.give(connection, body, place, actor)


def end(database: Database, exception_id: str, agent: Actor | None = None, department: str = DEPARTMENT) -> None:
    """End a decision, as a signatory of its département does."""
    actor = agent or an_agent(database)
    with database.begin() as connection:
        quota_exceptions.end(connection, exception_id, "Erreur de saisie des heures.", actor, [department])


def have_used(database: Database, reference: str, hours: int, own: int = 0, person: int = 1) -> None:
    """Have a person use up hours of the year, of ground 4 too, by no claim that stands."""
    siret = place_of(database, reference).siret
    with database.begin() as connection:
        connection.execute(
            text("INSERT INTO person_year VALUES (:blind, :siret, :year, :hours, 2000, :own, 2000)"),
            {"blind": blind(person), "siret": siret, "year": YEAR, "hours": hours, "own": own},
        )


def limits(database: Database) -> tuple[int, int]:
    """The limits of the only person’s year: in all, and of ground 4."""
    query = text("SELECT limit_hours, limit_ground_4 FROM person_year WHERE blind = :blind")
    with database.begin() as connection:
        row = connection.execute(query, {"blind": blind(1)}).one()
    return int(row.limit_hours), int(row.limit_ground_4)


def test_a_decision_about_a_case_admits_what_was_refused_before_it_and_no_more(database: Database) -> None:
    reference = authorize(database)
    have_used(database, reference, 999)
    staged = stage(database, reference, a_person())
    with pytest.raises(AdmissionRefused, match=r"1.000 heures") as found:
        admit(database, staged)
    assert found.value.slug == "quota-exceeded"
    record(database, place_of(database, reference), hours="1006")
    assert admit(database, staged).state == ClaimState.ADMITTED
    assert limits(database) == (1006, 100)
    above = stage(database, reference, a_person(1, (WEEK - timedelta(days=7), "0.01")), part=2)
    with pytest.raises(AdmissionRefused, match=r"1.006 heures"):
        admit(database, above)


def test_a_decision_raises_the_limit_of_rows_to_come(database: Database) -> None:
    reference = authorize(database)
    record(database, place_of(database, reference, whole=True))
    claim(database, reference)
    assert limits(database) == (1200, 100)
    assert (differences(database), broken(database)) == ((), [])


@pytest.mark.parametrize("whole", [True, False])
def test_a_decision_about_a_case_counts_for_no_other_of_its_establishment(database: Database, *, whole: bool) -> None:
    first = authorize(database)
    other = authorize(database, employer=employer_of(database, first), other_employees=True)
    have_used(database, first, 999)
    record(database, place_of(database, first, whole=whole))
    if whole:
        claim(database, other)
    else:
        claim(database, first)
        with pytest.raises(AdmissionRefused, match=r"1.000 heures"):
            claim(database, other, a_person(1, (WEEK - timedelta(days=7), "1.01")))
        assert claim(database, other, a_person(2)).state == ClaimState.ADMITTED


def test_a_decision_about_another_year_or_establishment_counts_for_nothing(database: Database) -> None:
    reference, elsewhere = authorize(database), authorize(database)
    have_used(database, reference, 999)
    record(database, place_of(database, reference), year=YEAR + 1)
    record(database, place_of(database, elsewhere, whole=True))
    with pytest.raises(AdmissionRefused):
        claim(database, reference)


@pytest.mark.parametrize("whole", [True, False])
def test_the_prefect_raises_the_hundred_hours_of_ground_4_alone(database: Database, *, whole: bool) -> None:
    reference = authorize(database, ground=Ground.RESTRUCTURING)
    have_used(database, reference, 99, 99)
    with pytest.raises(AdmissionRefused):
        claim(database, reference)
    record(database, place_of(database, reference, whole=whole), authority=Authority.PREFECT, hours="300")
    claim(database, reference)
    assert limits(database) == (1000, 300)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"hours": "1000"}, ["quota-not-raised"]),
        ({"authority": Authority.PREFECT, "hours": "1200"}, ["quota-not-raised"]),
        ({"year": 2012}, ["before-first-text"]),
        ({"year": YEAR + 2}, ["year-too-far"]),
        ({"decided_on": date(2099, 1, 1), "hours": "2"}, ["quota-not-raised", "decided-later"]),
    ],
)
def test_a_decision_that_raises_nothing_or_is_still_to_come_is_refused(
    database: Database, changes: dict[str, Any], codes: list[str]
) -> None:
    place = place_of(database, authorize(database))
    with pytest.raises(Unlawful) as wrong:
        record(database, place, **changes)
    assert [each.code for each in wrong.value.objections] == codes


def test_nobody_records_one_without_a_delegation_for_it(database: Database) -> None:
    place = place_of(database, authorize(database))
    for agent in (with_delegation(database, outcomes=["claim"]), an_agent(database, "agent", "75")):
        with pytest.raises(NotAllowed, match="contingent"):
            record(database, place, agent)
    record(database, place, with_delegation(database, outcomes=["quota_exception"]))


def test_it_counts_for_an_admission_that_waited_while_it_was_recorded(database: Database) -> None:
    reference = authorize(database)
    have_used(database, reference, 999)
    staged = stage(database, reference, a_person())
    with ThreadPoolExecutor(1) as threads:
        with database.begin() as holder:
            holder.execute(text("SELECT FROM person_year FOR UPDATE"))
            waiting = threads.submit(admit, database, staged)
            wait_for_lock(database)
            record(database, place_of(database, reference))
        assert waiting.result().state == ClaimState.ADMITTED
    assert limits(database) == (1200, 100)


def test_agents_see_those_of_their_departements(database: Database) -> None:
    reference = authorize(database)
    second = [record(database, place_of(database, reference, whole=whole)) for whole in (True, False)][::-1]
    with database.begin() as connection:
        assert [each.id for each in quota_exceptions.list_for_agents(connection, [DEPARTMENT])] == second
        assert quota_exceptions.list_for_agents(connection, ["75"]) == []


def test_the_file_of_a_decision_is_kept_and_cited_by_its_cases(database: Database) -> None:
    reference = authorize(database)
    other = authorize(database, employer=employer_of(database, reference), other_employees=True)
    given = [record(database, place_of(database, reference, whole=whole)) for whole in (False, True)]
    with database.begin() as connection:
        connection.execute(text("UPDATE file SET created_at = created_at - interval '60 days'"))
        retention.forget_old(connection, ())
        named = {each.id: each.file_id for each in quota_exceptions.list_for_agents(connection, [DEPARTMENT])}
        assert files.list_citing(connection, named[given[0]]) == [reference]
        assert files.list_citing(connection, named[given[1]]) == sorted([reference, other])


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE quota_exception SET hours = 1600", "n’est plus celui de cet événement"),
        ("DELETE FROM quota_exception", "n’est plus au registre"),
        (
            "INSERT INTO quota_exception (siret, year, hours, authority, decided_on, file_id, account_id,"
            " delegation_id) SELECT siret, year, 1600, authority, decided_on, file_id, account_id, delegation_id"
            " FROM quota_exception",
            "aucun événement ne raconte le dépassement du contingent",
        ),
    ],
)
def test_the_audit_tells_one_that_was_changed_or_planted(database: Database, statement: str, told: str) -> None:
    record(database, place_of(database, authorize(database)))
    assert broken(database) == []
    with database.begin() as connection:
        connection.execute(text(statement))
    assert any(told in what for _, _, what in broken(database))
