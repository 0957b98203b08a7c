"""Standing instructions: within a delegation of whoever gives them, ended by them or a head, and told if planted."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from models.errors import NotAllowed, Unknown, Unlawful
from models.store.audit import verdicts
from models.store.claims import instructions
from models.store.database import Database
from models.store.journal.events import Actor
from tests.cases import DEPARTMENT, an_agent
from tests.models.store.claims.reviewed import instruct, today, with_delegation


def revoke(database: Database, given: str, actor: Actor, *departments: str) -> None:
    with database.begin() as connection:
        instructions.revoke(connection, given, actor, departments)


def listed(database: Database, actor: Actor, *departments: str) -> list[str]:
    with database.begin() as connection:
        return [each.id for each in instructions.list_current(connection, str(actor.account_id), departments)]


def audited(database: Database) -> list[str]:
    with database.snapshot() as connection:
        found = verdicts.examine(connection, lambda *_: None, everything=True, offsets=True).broken
    return [each.what for each in found]


def test_an_instruction_is_given_within_one_delegation_to_agree(database: Database) -> None:
    day = today(database)
    until = {"outcomes": ["claim"], "until_on": day + timedelta(days=5)}
    agent = with_delegation(database, **until)
    for beyond in ({"to_on": day + timedelta(days=6)}, {"departments": [DEPARTMENT, "75"]}):
        with pytest.raises(NotAllowed, match="tous ces départements et tous ces jours"):
            instruct(database, agent, **{"to_on": day} | beyond)
    with pytest.raises(NotAllowed):
        instruct(database, with_delegation(database, outcomes=["claim_refusal"]))
    given = instruct(database, agent, to_on=day + timedelta(days=5))
    with database.begin() as connection:
        record = instructions.get(connection, given)
    assert (record.ceiling_cents, record.departments, record.revoked_at) == (500_000, (DEPARTMENT,), None)


def test_an_instruction_is_not_for_the_past(database: Database) -> None:
    with pytest.raises(Unlawful) as refused:
        instruct(database, an_agent(database), from_on=today(database) - timedelta(days=1))
    assert [each.code for each in refused.value.objections] == ["instruction-retroactive"]


def test_whoever_gave_it_or_a_head_of_its_departements_ends_it_once(database: Database) -> None:
    agent, head = an_agent(database), an_agent(database, "head")
    first, second = instruct(database, agent), instruct(database, agent)
    with pytest.raises(NotAllowed, match="chef d’unité"):
        revoke(database, first, an_agent(database), DEPARTMENT)
    for stranger in (an_agent(database, "head", "75"), an_agent(database, "agent", "75")):
        with pytest.raises(Unknown):
            revoke(database, first, stranger, "75")
    assert listed(database, head, DEPARTMENT) == [second, first]
    revoke(database, first, agent)
    revoke(database, first, agent)
    revoke(database, second, head, DEPARTMENT)
    assert listed(database, agent, DEPARTMENT) == []
    assert audited(database) == []


def test_agents_see_their_own_and_those_of_their_departements(database: Database) -> None:
    agent = an_agent(database)
    given = instruct(database, agent)
    assert listed(database, agent) == [given]
    assert listed(database, an_agent(database), "75") == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE standing_instruction SET ceiling_cents = 900000000", "ce que donne"),
        ("UPDATE standing_instruction SET revoked_at = NULL, to_on = to_on + 90", "l’instruction permanente"),
        (
            "INSERT INTO standing_instruction (account_id, delegation_id, departments, ceiling_cents, from_on, to_on)"
            " SELECT account_id, delegation_id, departments, 1, from_on, to_on FROM standing_instruction",
            "aucun événement ne raconte l’instruction permanente",
        ),
        ("DELETE FROM standing_instruction", "n’est plus au registre"),
    ],
)
def test_the_audit_tells_an_instruction_that_was_changed_or_planted(
    database: Database, statement: str, told: str
) -> None:
    agent = an_agent(database)
    revoke(database, instruct(database, agent), agent)
    assert audited(database) == []
    with database.begin() as connection:
        connection.execute(text(statement))
    assert any(told in each for each in audited(database))
