"""Changes of bank account: numbered like amendments, one at a time, decided by an agent and by nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from models.errors import Conflict, NotAllowed, Unknown
from models.store.cases import bank_changes, requests, silence
from models.store.database import Database
from tests.amendments import amend
from tests.bank_changes import OTHER_IBAN, ask, decide
from tests.cases import IBAN, an_agent, file_a_case, let_silence_accept
from tests.models.store.claims.reviewed import end_delegations


def authorized(database: Database) -> str:
    reference = file_a_case(database)
    let_silence_accept(database, reference)
    return reference


def account(database: Database, reference: str) -> str:
    with database.begin() as connection:
        return requests.get_nominal(connection, reference).iban


def state(database: Database, number: str) -> str:
    with database.begin() as connection:
        return bank_changes.get(connection, number).state


def test_a_change_has_the_next_number_of_an_amendment_and_changes_nothing_by_itself(database: Database) -> None:
    reference = authorized(database)
    amendment = amend(database, reference, hours=Decimal(15_000))
    number = ask(database, reference)
    assert (amendment, number) == (f"{reference}01", f"{reference}02")
    with database.begin() as connection:
        [change] = bank_changes.list_of(connection, reference)
    assert (change.number, change.state, change.iban) == (number, "received", OTHER_IBAN)
    assert account(database, reference) == IBAN


def test_silence_never_accepts_a_change(database: Database) -> None:
    reference = authorized(database)
    number = ask(database, reference)
    with database.begin() as connection:
        requests.advance(connection, reference, timedelta(days=60))
        silence.establish(connection, reference)
    assert (state(database, number), account(database, reference)) == ("received", IBAN)


def test_a_decision_that_lapsed_is_taken_again_under_another_id(database: Database) -> None:
    """Its process heard of the first one, and would take the same id for a repeat."""
    reference, agent = authorized(database), an_agent(database)
    number = ask(database, reference)
    decide(database, reference, number, agent)
    end_delegations(database, agent)
    with database.begin() as connection:
        assert bank_changes.lapse_if_powerless(connection, number)
    with pytest.raises(Conflict, match="a perdu son effet"):
        decide(database, reference, number)
    assert state(database, number) == "received"
    decide(database, reference, number, id="B-2")
    assert state(database, number) == "decided"


def test_of_two_changes_at_once_one_is_asked_for(database: Database) -> None:
    reference = authorized(database)

    def attempt(_: int) -> str:
        try:
            return ask(database, reference)
        except Conflict as refused:
            return refused.slug

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(attempt, range(4)))
    assert found == sorted([f"{reference}01", *["amendment-pending"] * 3])


def test_a_decision_is_taken_once_by_whoever_has_the_power(database: Database) -> None:
    reference, agent = authorized(database), an_agent(database)
    number = ask(database, reference)
    with pytest.raises(NotAllowed):
        decide(database, reference, number, an_agent(database, "agent", "75"))
    for _ in range(2):
        decide(database, reference, number, agent)
    assert state(database, number) == "decided"
    with pytest.raises(Conflict, match="a déjà sa décision"):
        decide(database, reference, number, agent, id="another")
    with pytest.raises(Conflict, match="déjà servi"):
        decide(database, reference, number, agent, outcome="refusal", grounds="Ce compte n’est pas le vôtre.")
    assert account(database, reference) == IBAN  # until it is signed


def test_a_change_is_decided_in_its_own_case_alone(database: Database) -> None:
    reference, other = authorized(database), authorized(database)
    number = ask(database, reference)
    with pytest.raises(Unknown):
        decide(database, other, number)
