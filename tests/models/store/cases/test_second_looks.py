"""Nobody pays a firm on one agent's word: who validates, who grants or allows are two people."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from models.bodies.decision import HandOverBody
from models.errors import Conflict, NotAllowed
from models.labels import Belonging, HoldReason, Proof
from models.store.agency import rows
from models.store.cases import authority_holds, decisions, holds, reviews, second_looks, silence
from models.store.database import Database
from models.store.journal.events import SYSTEM, Actor
from models.store.people import accounts, mandates, members
from tests.cases import DEPARTMENT, Employer, an_agent, an_employer, file_a_case, register_a_decision
from tests.models.clocks import story

REASON = "Pièces vues au guichet de l’unité."
BODY = HandOverBody(reason="La signature et le cachet sont ceux de l’entreprise.")
PAST = timedelta(seconds=-1)
TODAY = date.today()  # noqa: DTZ011  days around today, in any zone
PERIOD = (TODAY - timedelta(days=3), TODAY + timedelta(days=3))


@pytest.fixture
def firm(database: Database) -> Employer:
    with database.begin() as connection:
        return an_employer(connection, proven=False)


def validate(database: Database, who: Employer, agent: Actor) -> None:
    with database.begin() as connection:
        assert authority_holds.validate(connection, who.siret, who.account_id, agent, REASON)


def grant(database: Database, reference: str, agent: Actor) -> None:
    decision = register_a_decision(database, reference, agent)
    with database.begin() as connection:
        decisions.sign(connection, decision)
        decisions.notify(connection, decision)


def held(database: Database, reference: str) -> list[HoldReason]:
    with database.begin() as connection:
        second_looks.hold_if_alone(connection, reference)
        return [each.reason for each in holds.list_standing(connection, reference)]


def allow(database: Database, reference: str, agent: Actor) -> list[HoldReason]:
    with database.begin() as connection:
        return reviews.release(connection, reference, BODY, agent)


def accept(database: Database, who: Employer) -> str:
    reference = file_a_case(database, employer=who, left=PAST)
    with database.begin() as connection:
        silence.establish(connection, reference)
    return reference


def test_who_validates_and_grants_is_one_person_and_another_signatory_allows_it(
    database: Database, firm: Employer
) -> None:
    alone, second = an_agent(database), an_agent(database)
    reference = file_a_case(database, employer=firm)
    validate(database, firm, alone)
    grant(database, reference, alone)
    assert held(database, reference) == [HoldReason.VALIDATION]
    for nobody in (alone, an_agent(database, "instructor"), an_agent(database, "agent", "75")):
        with pytest.raises(NotAllowed):
            allow(database, reference, nobody)
    assert allow(database, reference, second) == [HoldReason.VALIDATION]
    assert held(database, reference) == []
    assert story(database, reference)[-2:] == ["hand_over_reviewed", "hand_over_released"]


def test_a_validation_and_the_grant_of_a_colleague_are_two_pairs_of_eyes(database: Database, firm: Employer) -> None:
    reference = file_a_case(database, employer=firm)
    validate(database, firm, an_agent(database))
    grant(database, reference, an_agent(database))
    assert held(database, reference) == []
    with pytest.raises(Conflict):
        allow(database, reference, an_agent(database))


def test_silence_is_nobody_s_eyes(database: Database, firm: Employer) -> None:
    alone = an_agent(database, "head")
    validate(database, firm, alone)
    reference = accept(database, firm)
    with database.begin() as connection:
        assert rows.hand_over(connection, reference) == [HoldReason.VALIDATION]
    with pytest.raises(NotAllowed, match="Un autre signataire"):
        allow(database, reference, alone)
    assert allow(database, reference, an_agent(database)) == [HoldReason.VALIDATION]
    assert held(database, reference) == []


def test_a_letter_or_a_trial_account_needs_nobody(database: Database, firm: Employer) -> None:
    with database.begin() as connection:
        authority_holds.prove(connection, firm.siret, firm.account_id, Proof.LETTER, SYSTEM)
        trial = an_employer(connection)
    assert [held(database, accept(database, each)) for each in (firm, trial)] == [[], []]


def invited(connection: Connection, boss: Employer) -> str:
    holder = members.invite(connection, boss.siret, "Luc Petit", "luc@firm.invalid", Belonging.MAIN, boss.account_id)
    members.accept(connection, holder, holder)
    return holder


def mandated(connection: Connection, boss: Employer) -> str:
    given = mandates.give(connection, boss.siret, "Cabinet", "c@firm.invalid", PERIOD, boss.account_id)
    members.accept(connection, given.account_id, given.account_id)
    return given.account_id


def mandated_by_a_colleague(connection: Connection, boss: Employer) -> str:
    return mandated(connection, Employer(invited(connection, boss), boss.siret, boss.department))


@pytest.mark.parametrize("let_in", [invited, mandated, mandated_by_a_colleague])
def test_what_a_validated_account_gives_on_is_the_same_agent_s_word(
    database: Database, firm: Employer, let_in: Callable[[Connection, Employer], str]
) -> None:
    alone = an_agent(database)
    with database.begin() as connection:
        friend = Employer(let_in(connection, firm), firm.siret, DEPARTMENT)
    reference = file_a_case(database, employer=friend)
    validate(database, firm, alone)
    grant(database, reference, alone)
    assert held(database, reference) == [HoldReason.VALIDATION]
    with pytest.raises(NotAllowed):
        allow(database, reference, alone)


def test_a_row_that_waited_for_its_file_is_looked_at_again(database: Database, firm: Employer) -> None:
    agent, other = an_agent(database), an_agent(database)
    reference = file_a_case(database, employer=firm)
    validate(database, firm, other)
    grant(database, reference, agent)
    with database.begin() as connection:
        authority_holds.revoke(connection, firm.siret, firm.account_id, SYSTEM)
    validate(database, firm, agent)
    assert held(database, reference) == [HoldReason.VALIDATION]


@pytest.mark.parametrize("address", ["nadia@service.invalid", " Nadia@SERVICE.invalid "])
def test_nobody_validates_an_account_at_their_own_address(database: Database, firm: Employer, address: str) -> None:
    agent = an_agent(database)
    with database.begin() as connection:
        accounts.readdress(connection, str(agent.account_id), "nadia@service.invalid")
        accounts.readdress(connection, firm.account_id, address)
    with pytest.raises(NotAllowed, match="adresse"):
        validate(database, firm, agent)
    validate(database, firm, an_agent(database))


def test_a_request_on_paper_has_a_second_look_of_its_own(database: Database, firm: Employer) -> None:
    validate(database, firm, an_agent(database))
    reference = accept(database, firm)
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET channel = 'paper' WHERE reference = :r"), {"r": reference})
    assert held(database, reference) == []
