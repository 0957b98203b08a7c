"""Nobody uses up the process of a case by taking acts and taking them back."""

from datetime import timedelta

import pytest

from models.bodies.decision import RefusalBody
from models.errors import QuotaReached
from models.store.cases import act_limits, decisions, requests
from models.store.database import Database, case_now
from models.store.journal.events import Actor
from tests.cases import GROUNDS, an_agent, attest, file_a_case, request_pieces


def refuse(database: Database, act: str, case: str, agent: Actor) -> None:
    """Register a refusal; the same act again is the same refusal."""
    body = RefusalBody.model_validate({"id": act, "outcome": "refusal", "grounds": GROUNDS})
    with database.begin() as connection:
        decisions.register(connection, case, body, act.encode(), actor=agent)


def take_back(database: Database, act: str, case: str, agent: Actor) -> None:
    with database.begin() as connection:
        decisions.cancel(connection, case, act, agent, "")


def test_the_acts_of_an_agent_in_a_case_are_bounded_within_a_day_and_those_of_a_colleague_are_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_limits, "MAX_ACTS_A_DAY", 3)
    reference, agent, colleague = file_a_case(database), an_agent(database), an_agent(database)
    for act in ("L1", "L2", "L3"):
        refuse(database, act, reference, agent)
        refuse(database, act, reference, agent)
        take_back(database, act, reference, agent)
    with pytest.raises(QuotaReached, match="Vous avez enregistré 3 décisions") as reached:
        refuse(database, "L4", reference, agent)
    assert 0 < reached.value.retry_after <= timedelta(days=1).total_seconds() + 1
    with pytest.raises(QuotaReached):
        request_pieces(database, reference, agent)
    refuse(database, "L5", file_a_case(database), agent)
    refuse(database, "L6", reference, colleague)
    take_back(database, "L6", reference, colleague)
    with database.begin() as connection:
        requests.advance(connection, reference, timedelta(days=1, minutes=1))
        at = case_now(connection, reference)
        act_limits.refuse_too_many(connection, reference, agent.account_id, at)
    refuse(database, "L7", reference, agent)


def test_all_agents_together_leave_most_updates_of_the_process(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert act_limits.MAX_ACTS_A_DAY * 10 <= act_limits.MAX_ACTS_OF_ALL_A_DAY <= 2_000 // 5
    monkeypatch.setattr(act_limits, "MAX_ACTS_OF_ALL_A_DAY", 2)
    reference, agents = file_a_case(database), [an_agent(database) for _ in range(3)]
    for number, agent in enumerate(agents[:2]):
        refuse(database, f"A{number}", reference, agent)
        take_back(database, f"A{number}", reference, agent)
    with pytest.raises(QuotaReached, match="2 décisions ou demandes de pièces ont été enregistrées"):
        refuse(database, "A2", reference, agents[2])


def test_attestations_of_an_agent_are_bounded_within_a_day_and_stop_no_decision(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_limits, "MAX_ACTS_A_DAY", 2)
    reference, agent = file_a_case(database), an_agent(database)
    for _ in range(2):
        attest(database, reference, agent)
    with pytest.raises(QuotaReached, match="attesté 2 listes"):
        attest(database, reference, agent)
    attest(database, reference, an_agent(database))
    refuse(database, "B1", reference, agent)
