"""Living requests in the register: what counts for whom, and which express grants may overlap."""

from datetime import date

import pytest

from law.living import LivingRequest
from models.errors import Conflict
from models.labels import Belonging, Outcome, Proof
from models.store.cases import deadlines, decisions, living, requests
from models.store.database import Database, case_now
from models.store.people import accounts, authorities, members
from tests.cases import GROUNDS, Employer, an_agent, an_employer, file_a_case, register_a_decision

MONTH = {"start_on": "2026-12-01", "end_on": "2026-12-31"}


@pytest.fixture
def firm(database: Database) -> Employer:
    with database.begin() as connection:
        return an_employer(connection)


def found(database: Database, firm: Employer) -> dict[str, LivingRequest]:
    with database.begin() as connection:
        return {each.reference: each for each in living.list_living(connection, firm.siret, firm.account_id)}


def end(database: Database, reference: str, outcome: Outcome) -> str:
    with database.begin() as connection:
        requests.get(connection, reference, hold=True)
        deadlines.compare_and_set(connection, reference, outcome, case_now(connection, reference))
    return reference


def test_requests_live_until_they_are_refused_or_given_up(database: Database, firm: Employer) -> None:
    review = file_a_case(database, employer=firm)
    alive = [end(database, file_a_case(database, employer=firm), each) for each in (Outcome.GRANTED, Outcome.TACIT)]
    for dead in (Outcome.REFUSED, Outcome.DESISTED):
        end(database, file_a_case(database, employer=firm), dead)
    assert list(found(database, firm)) == [review, *alive]
    with database.begin() as connection:
        assert len(living.list_earlier_periods(connection, firm.siret, firm.account_id)) == 2


def test_what_is_granted_in_part_counts_once_it_is_notified(database: Database, firm: Employer) -> None:
    reference = file_a_case(database, employer=firm)
    less = {"period": MONTH, "employees": 5, "grounds": GROUNDS}
    decision = register_a_decision(database, reference, an_agent(database), **less)
    with database.begin() as connection:
        decisions.sign(connection, decision)
    assert found(database, firm)[reference].end_on == date(2027, 2, 28)
    with database.begin() as connection:
        decisions.notify(connection, decision)
    granted = found(database, firm)[reference]
    assert (granted.end_on, granted.employees) == (date(2026, 12, 31), 5)


def test_a_stranger_of_the_establishment_does_not_count(database: Database, firm: Employer) -> None:
    with database.begin() as connection:
        stranger = accounts.create(connection, "employer", "Inconnu", "inconnu@example.invalid")
        accounts.enrol(connection, stranger, accounts.get_establishment(connection, firm.siret), apart=True)
    reference = file_a_case(database, employer=Employer(stranger, firm.siret, firm.department))
    assert found(database, firm) == {}
    assert list(found(database, Employer(stranger, firm.siret, firm.department))) == [reference]


def test_two_who_are_proven_count_for_each_other(database: Database, firm: Employer) -> None:
    with database.begin() as connection:
        other = accounts.create(connection, "employer", "Direction", "direction@example.invalid")
        accounts.enrol(connection, other, accounts.get_establishment(connection, firm.siret), apart=True)
        authorities.record(connection, firm.siret, other, Proof.TRIAL)
    reference = file_a_case(database, employer=Employer(other, firm.siret, firm.department))
    assert list(found(database, firm)) == [reference]


def test_express_grants_overlap_only_where_other_employees_are_stated(database: Database, firm: Employer) -> None:
    first, second = (file_a_case(database, employer=firm, employees=20) for _ in range(2))
    stated = file_a_case(database, employer=firm, employees=20, other_employees=True)
    register_a_decision(database, first, an_agent(database))
    with pytest.raises(Conflict, match="couvre déjà"):
        register_a_decision(database, second, an_agent(database))
    assert register_a_decision(database, stated, an_agent(database))


@pytest.mark.parametrize("first", ["stranger", "firm"])
def test_what_a_stranger_was_granted_bars_no_other_party(database: Database, firm: Employer, first: str) -> None:
    with database.begin() as connection:
        establishment = accounts.get_establishment(connection, firm.siret)
        stranger, ally = (accounts.create(connection, "employer", "Inconnu", "i@ailleurs.invalid") for _ in range(2))
        accounts.enrol(connection, stranger, establishment, apart=True)
        offer = (firm.siret, "Inconnu", "i@ailleurs.invalid", Belonging.MEMBER, stranger)
        members.accept(connection, members.invite(connection, *offer), ally)
    theirs = Employer(stranger, firm.siret, firm.department)
    pair = [theirs, firm] if first == "stranger" else [firm, theirs]
    for each in pair:
        assert register_a_decision(database, file_a_case(database, employer=each), an_agent(database))
    again = file_a_case(database, employer=Employer(ally, firm.siret, firm.department))
    with pytest.raises(Conflict, match="couvre déjà"):
        register_a_decision(database, again, an_agent(database))
