"""Acceptances beyond the limits stand, are flagged, and are handed over once a signatory has looked at them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.bodies.decision import HandOverBody
from models.errors import Conflict, NotAllowed
from models.labels import HoldReason, Outcome, Proof
from models.store.cases import decisions, holds, limits, requests, reviews, silence
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.people import accounts, authorities
from tests.cases import Employer, an_agent, an_employer, file_a_case, register_a_decision
from tests.models.clocks import story

BODY = HandOverBody(reason="Les deux demandes visent des ateliers différents.")
PAST = timedelta(seconds=-1)
MONTH = {"start_on": "2026-12-01", "end_on": "2026-12-31"}


@pytest.fixture
def firm(database: Database) -> Employer:
    with database.begin() as connection:
        return an_employer(connection)


def accepted(database: Database, firm: Employer, number: int = 5, **changes: Any) -> list[str]:
    """Requests of one establishment, filed before living ones were counted, all accepted by silence."""
    references = [file_a_case(database, employer=firm, left=PAST, **changes) for _ in range(number)]
    with database.begin() as connection:
        silence.establish(connection, references[0])
        assert {requests.get(connection, each).outcome for each in references} == {Outcome.TACIT}
    return references


def held(database: Database, reference: str) -> list[HoldReason]:
    with database.begin() as connection:
        limits.hold_for_review(connection, reference)
        return [each.reason for each in holds.list_standing(connection, reference)]


def test_of_five_acceptances_for_one_month_the_first_is_handed_over_and_four_wait(
    database: Database, firm: Employer
) -> None:
    references = accepted(database, firm, period=MONTH)
    assert [held(database, each) for each in references] == [[], *[[HoldReason.LIMITS]] * 4]
    with database.begin() as connection:
        assert requests.get(connection, references[0]).signals == ()
        signals = requests.get(connection, references[1]).signals
    assert any(references[0] in each and each.startswith(limits.EXCESS) for each in signals)
    assert story(database, references[1])[-1] == "hand_over_held"


def test_other_employees_within_the_headcount_exceed_nothing(database: Database, firm: Employer) -> None:
    references = accepted(database, firm, 2, period=MONTH, employees=21, other_employees=True)
    assert [held(database, each) for each in references] == [[], []]


def test_fifteen_months_are_too_many(database: Database, firm: Employer) -> None:
    references = []
    for start, last in (("2026-12-01", "2027-02-28"), ("2027-03-01", "2027-05-31"), ("2027-06-01", "2027-08-31")):
        period = {"start_on": start, "end_on": last}
        references += accepted(database, firm, 1, period=period, ground="economic_conditions")
    assert [held(database, each) for each in references] == [[], [], [HoldReason.LIMITS]]


def test_a_signatory_lets_it_be_handed_over_and_it_is_not_held_again(database: Database, firm: Employer) -> None:
    first, second = accepted(database, firm, 2, period=MONTH)
    assert held(database, second) == [HoldReason.LIMITS]
    for nobody in (an_agent(database, "instructor"), an_agent(database, "agent", "75"), Actor(role="system")):
        with pytest.raises(NotAllowed), database.begin() as connection:
            reviews.release(connection, second, BODY, nobody)
    with database.begin() as connection:
        assert reviews.release(connection, second, BODY, an_agent(database)) == [HoldReason.LIMITS]
        with pytest.raises(Conflict):
            reviews.release(connection, first, BODY, an_agent(database))
    assert held(database, second) == []
    assert story(database, second)[-2:] == ["hand_over_reviewed", "hand_over_released"]


def test_a_paper_request_waits_for_another_signatory_than_its_registrar(database: Database) -> None:
    registrar, reference = an_agent(database), file_a_case(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET channel = 'paper' WHERE reference = :r"), {"r": reference})
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
        connection.execute(
            text("UPDATE event SET actor_id = :by WHERE subject = :r"), {"by": registrar.account_id, "r": reference}
        )
    assert held(database, reference) == [HoldReason.PAPER]
    with pytest.raises(NotAllowed, match="autre signataire"), database.begin() as connection:
        reviews.release(connection, reference, BODY, registrar)
    with database.begin() as connection:
        assert reviews.release(connection, reference, BODY, an_agent(database)) == [HoldReason.PAPER]
    assert held(database, reference) == []


@pytest.mark.parametrize("proven", [True, False])
def test_of_two_grants_for_one_month_to_two_who_are_proven_the_second_waits(
    database: Database, firm: Employer, proven: bool
) -> None:
    with database.begin() as connection:
        other = accounts.create(connection, "employer", "Direction", "direction@example.invalid")
        accounts.enrol(connection, other, accounts.get_establishment(connection, firm.siret), apart=True)
    references = []
    for each in (Employer(other, firm.siret, firm.department), firm):
        references.append(file_a_case(database, employer=each, period=MONTH))
        decision = register_a_decision(database, references[-1], an_agent(database))
        with database.begin() as connection:
            decisions.sign(connection, decision)
            decisions.notify(connection, decision)
    if proven:
        with database.begin() as connection:
            authorities.record(connection, firm.siret, other, Proof.TRIAL)
    assert [held(database, each) for each in references] == [[], [HoldReason.LIMITS] if proven else []]
