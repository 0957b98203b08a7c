"""References are unique, whatever number of series an establishment or a département has opened."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from models.errors import QuotaReached
from models.labels import Belonging
from models.store.cases import expected_runs, requests
from models.store.database import Database
from models.store.people import accounts, members, series
from tests.cases import a_siret, an_employer, file_a_case

SOMEBODY = str(UUID(int=1))
"""An account that is of no party of the establishments of these tests."""


def run(database: Database, statement: str, **values: object) -> None:
    with database.begin() as connection:
        connection.execute(text(statement), values)


def a_numbered_establishment(database: Database, last: int) -> str:
    """An establishment whose last request had this number in its series."""
    with database.begin() as connection:
        siret = an_employer(connection).siret
    run(database, "UPDATE establishment SET requests = :n WHERE siret = :s", n=last, s=siret)
    return siret


def next_reference(database: Database, siret: str, account_id: str = SOMEBODY) -> str:
    with database.begin() as connection:
        requests.hold_establishment(connection, siret)
        return series.next_reference(connection, siret, account_id)


def test_twenty_filings_at_once_at_the_end_of_a_series_have_twenty_references(database: Database) -> None:
    siret = a_numbered_establishment(database, 89)
    with ThreadPoolExecutor(10) as threads:
        given_out = sorted(threads.map(lambda _: next_reference(database, siret), range(20)))
    by_series: dict[str, list[int]] = {}
    for reference in given_out:
        by_series.setdefault(reference[:7], []).append(int(reference[7:]))
    assert sorted(by_series.values()) == [list(range(1, 11)), list(range(90, 100))]
    with database.begin() as connection:
        of = connection.execute(text("SELECT count(*) FROM series WHERE siret = :s"), {"s": siret}).scalar_one()
    assert of == 2


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(filings=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 25)), min_size=1, max_size=8))
def test_no_reference_is_given_twice_over_establishments_and_series(
    filings: list[tuple[int, int]], database: Database
) -> None:
    sirets = [a_numbered_establishment(database, last) for last in (0, 80, 99)]
    given_out: list[str] = []
    for which, number in filings:
        run(database, "DELETE FROM daily_filings")
        with database.begin() as connection:
            given_out += [series.next_reference(connection, sirets[which], SOMEBODY) for _ in range(number)]
    assert len(set(given_out)) == len(given_out)
    with database.begin() as connection:
        given_before = an_employer(connection)
        assert series.next_reference(connection, given_before.siret, SOMEBODY) not in given_out


def test_a_request_of_an_earlier_series_is_still_found(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection)
    first = file_a_case(database, employer=boss)
    run(database, "UPDATE establishment SET requests = 99 WHERE siret = :s", s=boss.siret)
    second = file_a_case(database, employer=boss)
    assert first[3:7] != second[3:7]
    assert (first[7:], second[7:]) == ("01", "01")
    with database.begin() as connection:
        assert requests.get(connection, first).siret == requests.get(connection, second).siret == boss.siret


def test_a_series_that_only_receipts_know_is_never_given(database: Database) -> None:
    with database.begin() as connection:
        department = accounts.get_establishment(connection, an_employer(connection).siret).department
        lost = series.free_letters(connection, department)
        expected_runs.reserve_references(connection, [f"{department:0>3}{lost}07"])
        assert series.free_letters(connection, department) != lost


def test_a_day_has_a_limit_of_filings_and_the_next_day_begins_anew(database: Database) -> None:
    siret = a_numbered_establishment(database, 0)
    for _ in range(series.MAX_FILINGS_A_DAY):
        next_reference(database, siret)
    with pytest.raises(QuotaReached, match="100 demandes aujourd’hui") as refused:
        next_reference(database, siret)
    assert 0 < refused.value.retry_after <= 25 * 3600
    run(database, "UPDATE daily_filings SET filed_on = filed_on - 1 WHERE siret = :s", s=siret)
    assert next_reference(database, siret).endswith("02"), "the hundredth was the first of another series"


def test_filings_are_counted_by_party_and_a_stranger_uses_up_none_of_the_firm(database: Database) -> None:
    with database.begin() as connection:
        firm = an_employer(connection, proven=False)
        stranger, ally = (accounts.create(connection, "employer", "Inconnu", "i@ailleurs.invalid") for _ in range(2))
        accounts.enrol(connection, stranger, accounts.get_establishment(connection, firm.siret), apart=True)
        offer = (firm.siret, "Inconnu", "i@ailleurs.invalid", Belonging.MEMBER, stranger)
        members.accept(connection, members.invite(connection, *offer), ally)
    for number in range(series.MAX_FILINGS_A_DAY):
        next_reference(database, firm.siret, (stranger, ally)[number % 2])
    for other in (stranger, ally):
        with pytest.raises(QuotaReached):
            next_reference(database, firm.siret, other)
    assert [next_reference(database, firm.siret, firm.account_id)[7:] for _ in range(2)] == ["02", "03"]


def test_of_many_filings_at_once_exactly_those_of_a_day_have_a_number(database: Database) -> None:
    siret = a_numbered_establishment(database, 50)

    def attempt(_: int) -> str:
        try:
            return next_reference(database, siret)
        except QuotaReached:
            return ""

    with ThreadPoolExecutor(8) as threads:
        given_out = [each for each in threads.map(attempt, range(series.MAX_FILINGS_A_DAY + 12)) if each]
    assert len(given_out) == len(set(given_out)) == series.MAX_FILINGS_A_DAY


def test_two_enrolments_of_one_establishment_open_one_series(database: Database) -> None:
    siret = a_siret()

    def enrol(_: int) -> None:
        with database.begin() as connection:
            an_employer(connection, siret)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(enrol, range(4)))
    with database.begin() as connection:
        letters = connection.execute(text("SELECT letters FROM series WHERE siret = :s"), {"s": siret}).scalars().all()
    assert len(letters) == 1
