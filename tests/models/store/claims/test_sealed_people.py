"""Who the people of a claim are: sealed, bound to their line, gone with the key of the case."""

from decimal import Decimal

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from models.claim_files import canonical
from models.engine.keys import KeyDestroyed
from models.store.claims.people import find_stated_lines
from models.store.claims.sealed_people import CaseSeal, ListedPerson, NamedPerson, list_people
from models.store.database import Database
from models.store.journal import keys
from tests.cases import master_key
from tests.models.store.claims.builders import LAST_WEEK, WEEK, authorize, close
from tests.models.store.claims.real_lines import (
    PAYEE,
    SENTINEL_IBAN,
    SENTINEL_NAME,
    SENTINEL_NIR,
    a_line,
    a_nir,
    stage_real,
)


def listed(database: Database, claim_id: str, after: int = 0, limit: int | None = None) -> list[ListedPerson]:
    with database.begin() as connection:
        return list(list_people(connection, claim_id, master_key(), after=after, limit=limit))


def test_people_are_read_in_the_order_of_their_lines(database: Database) -> None:
    claim_id = stage_real(database, authorize(database), a_line(3, line=7), a_line(1, line=2), a_line(2, line=5))
    assert [(each.figures.n, each.named and each.named.nir) for each in listed(database, claim_id)] == [
        (2, a_nir(1)),
        (5, a_nir(2)),
        (7, a_nir(3)),
    ]
    assert [each.figures.n for each in listed(database, claim_id, after=2, limit=1)] == [5]


def test_people_are_read_page_by_page(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    claim_id = stage_real(database, authorize(database), *(a_line(each) for each in range(1, 6)))
    monkeypatch.setattr("models.store.claims.sealed_people.PAGE_PEOPLE", 2)
    assert [each.figures.n for each in listed(database, claim_id)] == [1, 2, 3, 4, 5]
    assert [each.figures.n for each in listed(database, claim_id, limit=3)] == [1, 2, 3]


def test_a_payee_is_kept_only_where_the_agency_pays_the_employees(database: Database) -> None:
    reference, line = authorize(database), a_line(payee=PAYEE)
    kept, dropped = (stage_real(database, reference, line, direct=each) for each in (True, False))
    (direct,), (own,) = listed(database, kept), listed(database, dropped)
    assert direct.named is not None
    assert own.named is not None
    lines = [*direct.named.lines(direct.figures), *own.named.lines(own.figures)]
    assert [line.payee for line in lines] == [PAYEE, None]


def test_each_line_of_the_file_that_writes_a_claim_leads_back_to_its_person(database: Database) -> None:
    lines = [a_line(person, week, line=person + 1) for person in (1, 2, 3) for week in (WEEK, LAST_WEEK)]
    claim_id = stage_real(database, authorize(database), *lines)
    people = listed(database, claim_id)
    stated = (line for each in people if each.named for line in each.named.lines(each.figures))
    written = dict(enumerate(canonical.write(stated), start=1))
    with database.begin() as connection:
        found = find_stated_lines(connection, claim_id, [*written, max(written) + 1])
    assert {line: a_nir(n - 1) for line, n in found.items()} == {
        line: row.split(";")[0] for line, row in written.items() if line > 1
    }


def test_what_is_sealed_opens_under_its_own_line_only(database: Database) -> None:
    reference = authorize(database)
    person = NamedPerson.of(a_line(), direct=False)
    with database.begin() as connection:
        seal = CaseSeal(connection, reference, master_key())
    sealed = seal.seal("one", 3, person)
    assert seal.open("one", 3, sealed) == person
    for claim_id, n in (("one", 4), ("two", 3)):
        with pytest.raises(InvalidTag):
            seal.open(claim_id, n, sealed)


def test_nothing_that_names_a_person_is_in_a_table(database: Database) -> None:
    stage_real(database, authorize(database), a_line(payee=PAYEE), direct=True)
    with database.begin() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        for table in tables:
            for (row,) in connection.execute(text(f'SELECT t::text FROM "{table}" t')):
                for sentinel in (SENTINEL_NIR, SENTINEL_NAME, SENTINEL_IBAN):
                    assert sentinel not in row, table
                    assert sentinel.encode().hex() not in row, table


def test_nobody_is_named_once_the_key_of_the_case_is_destroyed(database: Database) -> None:
    reference = authorize(database)
    claim_id = stage_real(database, reference)
    close(database, reference)
    with database.begin() as connection:
        keys.destroy(connection, reference)
    (person,) = listed(database, claim_id)
    assert (person.named, person.figures.payable) == (None, Decimal(7))
    with pytest.raises(KeyDestroyed), database.begin() as connection:
        CaseSeal(connection, reference, master_key())
