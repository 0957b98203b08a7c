"""Claims under review, and agents who say something of them."""

from datetime import date, timedelta
from itertools import count

from sqlalchemy import text

from cli.environment import OPERATOR
from law.calendar import local
from models.bodies.claims_review import InstructionBody
from models.bodies.unit import AgentChange
from models.claim_labels import ClaimSignal, ClaimState
from models.store.cases import requests
from models.store.claims import instructions, steps, visas
from models.store.claims.records import ClaimRecord
from models.store.claims.visas import Answer, VisaRecord
from models.store.database import Database, now
from models.store.journal import accesses
from models.store.journal.events import Actor
from models.store.people import agents, delegations
from tests.cases import DEPARTMENT, a_delegation, an_agent
from tests.models.store.claims import builders

CLAIM_GROUNDS = (
    "Article R. 5122-11 du code du travail.",
    "Douze salariés étaient en congé pendant la semaine du 7 décembre.",
)
"""Reasons of law and of fact that suffice."""
_people = count(1_000)


def reviewed(database: Database, *signals: ClaimSignal, reference: str = "", part: int = 1) -> ClaimRecord:
    """A claim that its controls left under review, of a person whom no other one has."""
    reference = reference or builders.authorize(database, bank_account=builders.an_account())
    claim = builders.claim(database, reference, builders.a_person(next(_people), n=1), part=part)
    control(database, claim, *signals)
    return claim


def control(database: Database, claim: ClaimRecord, *signals: ClaimSignal) -> None:
    """Have the controls of a claim leave it under review, with these signals."""
    with database.begin() as connection:
        assert steps.take(connection, claim.id, ClaimState.UNDER_REVIEW, signals=signals)


def agree(database: Database, claim: ClaimRecord, agent: Actor, seen: str | None = None) -> Answer:
    with database.begin() as connection:
        return visas.agree(connection, claim.id, agent, seen)


def refuse(database: Database, claim: ClaimRecord, agent: Actor, *grounds: str) -> Answer:
    with database.begin() as connection:
        return visas.register_refusal(connection, claim.id, grounds or CLAIM_GROUNDS, agent)


def standing(database: Database, claim: ClaimRecord) -> VisaRecord:
    with database.begin() as connection:
        found = visas.find_standing(connection, claim.id)
    assert found is not None
    return found


def may_still_sign(database: Database, claim: ClaimRecord) -> bool:
    given = standing(database, claim)
    with database.begin() as connection:
        return visas.may_still_sign(connection, given)


def lapse(database: Database, claim: ClaimRecord) -> bool:
    with database.begin() as connection:
        return visas.lapse(connection, claim.id)


def today(database: Database) -> date:
    with database.begin() as connection:
        return local(now(connection), DEPARTMENT).date()


def an_instruction(database: Database, **changes: object) -> InstructionBody:
    """An instruction for Hérault of thirty days from today, up to 5,000 euros a claim."""
    day = today(database)
    body = {"departments": [DEPARTMENT], "ceiling": "5000", "from_on": day, "to_on": day + timedelta(days=30)}
    return InstructionBody.model_validate(body | changes)


def instruct(database: Database, agent: Actor, **changes: object) -> str:
    body = an_instruction(database, **changes)
    with database.begin() as connection:
        return instructions.give(connection, body, agent)


def signal_case(database: Database, reference: str, *sentences: str) -> None:
    """Have the controls of a case find these signals, and no other."""
    with database.begin() as connection:
        requests.add_signals(connection, reference, [*sentences])


def agree_by_instruction(database: Database, claim: ClaimRecord) -> bool:
    with database.begin() as connection:
        return visas.agree_by_instruction(connection, claim.id)


def with_delegation(database: Database, **delegation: object) -> Actor:
    """A signatory whose one delegation is this one."""
    agent = an_agent(database, "instructor")
    with database.begin() as connection:
        agents.change(connection, str(agent.account_id), AgentChange(role="signatory"), OPERATOR)
        accesses.write_last(connection, "account_changed", OPERATOR, account=str(agent.account_id))
        delegations.give(connection, str(agent.account_id), a_delegation(**delegation), None)
    return agent


def end_delegations(database: Database, agent: Actor) -> None:
    with database.begin() as connection:
        delegations.revoke_all(connection, str(agent.account_id), OPERATOR)


def close(database: Database, agent: Actor) -> None:
    with database.begin() as connection:
        agents.change(connection, str(agent.account_id), AgentChange(closed=True), OPERATOR)
        accesses.write_last(connection, "account_changed", OPERATOR, account=str(agent.account_id))


def count_visas(database: Database, claim: ClaimRecord) -> int:
    """Visas that a claim ever had."""
    query = text("SELECT count(*) FROM visa WHERE claim_id = :id")
    with database.begin() as connection:
        counted: int = connection.execute(query, {"id": claim.id}).scalar_one()
    return counted
