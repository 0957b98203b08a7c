"""What the register of establishments says wins over what was stated; a département never moves a deadline."""

from law.calendar import local
from models.establishments import ListedEstablishment, PostalAddress
from models.store.cases import requests
from models.store.database import Database
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.operations import evictions
from models.store.people import accounts, companies, listings, series
from tests.cases import a_siret, an_employer, file_a_case

ADDRESS = PostalAddress(lines=("1 place DU MARCHE",), postcode="75001", commune="PARIS 1", commune_code="75101")


def listed(siret: str, **changes: object) -> ListedEstablishment:
    facts: dict[str, object] = {
        "siret": siret,
        "name": "GRANDE FIRME SA",
        "address": ADDRESS,
        "department": "75",
        "state": "active",
        "head_office": True,
        "head_office_siret": siret,
        "source": "sirene",
    }
    return ListedEstablishment.model_validate(facts | changes)


def learn(database: Database, siret: str, **changes: object) -> None:
    with database.begin() as connection:
        companies.store(connection, siret, "listed", "sirene", [listed(siret, **changes)])
        listings.apply(connection, siret)
        listings.apply(connection, siret)


def an_establishment(database: Database, department: str = "974") -> str:
    with database.begin() as connection:
        return an_employer(connection, department=department).siret


def now(database: Database, siret: str) -> tuple[str, str, str]:
    with database.begin() as connection:
        record = accounts.get_establishment(connection, siret)
    return record.department, record.name, record.address


def kinds(database: Database, siret: str) -> list[str]:
    with database.begin() as connection:
        assert events.broken_links(connection, siret) == []
        return [each.type for each in events.list_of(connection, siret)]


def test_before_anything_is_filed_the_department_follows_at_once(database: Database) -> None:
    siret = an_establishment(database)
    learn(database, siret)
    assert now(database, siret) == ("75", "GRANDE FIRME SA", ADDRESS.text)
    assert kinds(database, siret) == ["establishment_relocated", "department_confirmed"]
    with database.begin() as connection:
        assert listings.find_department(connection, siret) == "75"


def test_once_something_is_filed_its_deadline_stays_and_requests_to_come_follow_the_register(
    database: Database,
) -> None:
    with database.begin() as connection:
        employer = an_employer(connection, department="974")
    reference = file_a_case(database, employer=employer)
    with database.begin() as connection:
        before = requests.get(connection, reference)
    learn(database, employer.siret)
    with database.begin() as connection:
        assert requests.get(connection, reference) == before
    assert now(database, employer.siret)[0] == "75"
    assert kinds(database, employer.siret) == ["establishment_relocated", "department_confirmed"]
    with database.begin() as connection:
        following = series.next_reference(connection, employer.siret, employer.account_id)
    assert (following[:3], following[7:]) == ("075", "01")
    assert local(before.received_at, "974").utcoffset()


def test_an_act_of_operators_wins_over_the_register(database: Database) -> None:
    siret = an_establishment(database, "34")
    with database.begin() as connection:
        evictions.relocate(connection, siret, "974", Actor(role="operator"), a_siret())
    learn(database, siret)
    assert now(database, siret)[0] == "974"


def test_whoever_enrols_after_an_act_of_operators_states_the_department_that_it_corrected(database: Database) -> None:
    siret = an_establishment(database, "34")
    learn(database, siret)
    with database.begin() as connection:
        evictions.relocate(connection, siret, "974", Actor(role="operator"), a_siret())
    learn(database, siret)
    assert now(database, siret)[0] == "974"
    with database.begin() as connection:
        assert listings.find_department(connection, siret) == "974"


def test_the_register_wins_again_once_it_gives_another_department(database: Database) -> None:
    siret = an_establishment(database, "34")
    learn(database, siret)
    with database.begin() as connection:
        evictions.relocate(connection, siret, "974", Actor(role="operator"), a_siret())
    learn(database, siret, department="38")
    assert now(database, siret)[0] == "38"
    with database.begin() as connection:
        assert listings.find_department(connection, siret) == "38"


def test_the_department_stated_is_confirmed_when_the_register_says_the_same(database: Database) -> None:
    siret = an_establishment(database, "75")
    learn(database, siret)
    assert kinds(database, siret) == ["department_confirmed"]


def test_what_the_register_does_not_say_changes_nothing(database: Database) -> None:
    siret = an_establishment(database)
    before = now(database, siret)
    learn(database, siret, name=None, address=None, department=None)
    assert now(database, siret) == before
    assert kinds(database, siret) == []


def test_an_address_that_is_not_complete_does_not_replace_one_that_is(database: Database) -> None:
    siret = an_establishment(database)
    learn(database, siret, address=PostalAddress(postcode="75001", commune="PARIS 1"))
    assert now(database, siret)[2] == "12, rue de l’Église, 34000 Montpellier"


def test_letters_left_by_an_establishment_that_moved_are_given_again_and_never_twice(database: Database) -> None:
    sirets = [an_establishment(database) for _ in range(3)]
    learn(database, sirets[0])
    more = [an_establishment(database) for _ in range(3)]
    with database.begin() as connection:
        places = {accounts.get_establishment(connection, each).department for each in (*sirets[1:], *more)}
    assert places == {"974"}


def test_nothing_is_applied_to_an_establishment_that_nobody_enrolled(database: Database) -> None:
    siret = a_siret()
    learn(database, siret)
    assert kinds(database, siret) == []
    with database.begin() as connection:
        assert listings.find_department(connection, siret) == "75"


def test_no_answer_no_department(database: Database) -> None:
    with database.begin() as connection:
        assert listings.find_department(connection, an_establishment(database)) is None
