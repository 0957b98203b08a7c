"""Powers: an act whose effect may be an authorization needs a delegation in force, at the case's own time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from cli.accounts import open_account
from law.calendar import local
from models.bodies.unit import AgentChange
from models.errors import NotAllowed, Unlawful
from models.messages.case import Established, NotDue
from models.store.cases import completions, decisions, requests, silence
from models.store.database import Database, case_now, now
from models.store.journal.events import SYSTEM, Actor
from models.store.people import agents, delegations, notices
from tests.cases import GROUNDS, a_delegation, an_agent, file_a_case, register_a_decision
from tests.models.clocks import MICROSECOND, SECOND, ask_pieces, clock_at, deadline, story, wait_for_lock


def asked(database: Database, reference: str, agent: Actor) -> str:
    """Have pieces requested and notified: the clock is stopped."""
    with database.begin() as connection:
        completion = ask_pieces(connection, reference, agent)
        completions.notify(connection, completion)
    return completion


def powerless(database: Database, **delegation: object) -> Actor:
    """An agent with one delegation, or none, that does not allow to grant."""
    agent = an_agent(database, "instructor")
    with database.begin() as connection:
        agents.change(connection, str(agent.account_id), AgentChange(role="signatory"), SYSTEM)
        if delegation.get("until_on") == "today":
            delegation["until_on"] = local(now(connection), "34").date()
        if delegation:
            delegations.give(connection, str(agent.account_id), a_delegation(**delegation), None)
    return agent


@pytest.mark.parametrize(
    "delegation",
    [{}, {"outcomes": ["refusal"]}, {"departments": ["75"]}, {"until_on": "today"}, {"from_on": "2099-01-01"}],
)
@pytest.mark.parametrize("after", [-SECOND, -MICROSECOND, timedelta(), SECOND])
def test_no_cancelled_request_for_pieces_makes_silence_win_without_a_delegation_to_grant(
    database: Database, delegation: dict[str, object], after: timedelta
) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    due, completion = deadline(database, reference), asked(database, reference, agent)
    stranger = powerless(database, **delegation)
    with clock_at(database, due + after) as frozen:
        with pytest.raises(NotAllowed, match="délégation"), frozen.begin() as connection:
            completions.cancel(connection, reference, completion, stranger)
        with frozen.begin() as connection:
            assert isinstance(silence.establish(connection, reference), NotDue)
            assert requests.get(connection, reference).outcome is None


@pytest.mark.parametrize(("after", "ended"), [(-SECOND, NotDue), (timedelta(), Established), (SECOND, Established)])
def test_a_signatory_cancels_and_silence_comes_at_the_instant_of_the_receipt(
    database: Database, after: timedelta, ended: type[object]
) -> None:
    reference, agent, author = file_a_case(database), an_agent(database), an_agent(database, "instructor")
    due, completion = deadline(database, reference), asked(database, reference, author)
    with clock_at(database, due + after) as frozen:
        with frozen.begin() as connection:
            completions.cancel(connection, reference, completion, agent)
        with frozen.begin() as connection:
            assert isinstance(silence.establish(connection, reference), ended)
            assert requests.get(connection, reference).effect_at in (None, due)
    with database.begin() as connection:
        told = [notices.list_unsent(connection, f"account:{each}") for each in (author.account_id, agent.account_id)]
        employer = requests.get(connection, reference).account_id
        told.append(notices.list_unsent(connection, f"account:{employer}"))
    assert [[each.kind for each in one] for one in told] == [["completion_cancelled"], [], ["completion_cancelled"]]


def test_an_author_without_a_delegation_in_force_cancels_no_decision(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    decision = register_a_decision(database, reference, agent, outcome="refusal", grounds=GROUNDS)
    with database.begin() as connection:
        today = local(case_now(connection, reference), "34").date()
        given = delegations.require(connection, agent.account_id, "34", today, "refusal")
        delegations.revoke(connection, given.id, SYSTEM)
    with pytest.raises(NotAllowed, match="délégation"), database.begin() as connection:
        decisions.cancel(connection, reference, decision, agent)
    with database.begin() as connection:
        assert [each.state for each in decisions.list_of(connection, reference)] == ["registered"]
        delegations.give(connection, str(agent.account_id), a_delegation(outcomes=["refusal"]), None)
        decisions.cancel(connection, reference, decision, agent)
        assert [each.state for each in decisions.list_of(connection, reference)] == ["cancelled"]


def test_the_delegation_is_judged_at_the_time_of_the_case(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    completion = asked(database, reference, agent)
    with database.begin() as connection:
        today = local(case_now(connection, reference), "34").date()
    lasting = powerless(database, until_on=today + timedelta(days=30))
    with database.begin() as connection:
        requests.advance(connection, reference, timedelta(days=32))
        with pytest.raises(NotAllowed):
            completions.cancel(connection, reference, completion, lasting)
    with database.begin() as connection:
        completions.cancel(connection, reference, completion, agent)


def test_a_closed_account_and_one_that_no_longer_signs_have_no_power(database: Database) -> None:
    agent = an_agent(database)
    for change in (AgentChange(closed=True), AgentChange(closed=False, role="instructor")):
        with database.begin() as connection:
            agents.change(connection, str(agent.account_id), change, SYSTEM)
            day = local(case_now(connection, file_a_case(database)), "34").date()
            with pytest.raises(NotAllowed):
                delegations.require(connection, agent.account_id, "34", day, "grant")


def test_a_delegation_does_not_come_back_with_the_role(database: Database) -> None:
    agent = an_agent(database)
    with database.begin() as connection:
        day = local(case_now(connection, file_a_case(database)), "34").date()
        delegations.require(connection, agent.account_id, "34", day, "grant")
        for role in ("instructor", "signatory"):
            agents.change(connection, str(agent.account_id), AgentChange.model_validate({"role": role}), SYSTEM)
        with pytest.raises(NotAllowed):
            delegations.require(connection, agent.account_id, "34", day, "grant")


@pytest.mark.parametrize("department", ["34", "974", "975"])
def test_a_delegation_begins_on_the_local_day_it_is_recorded_at_the_earliest(
    database: Database, department: str
) -> None:
    signatory = str(an_agent(database, "agent", department).account_id)
    with database.begin() as connection:
        today = local(now(connection), department).date()
        for days, refused in ((-400, True), (-1, True), (0, False), (30, False)):
            body = a_delegation(departments=[department], from_on=today + timedelta(days=days))
            if refused:
                with pytest.raises(Unlawful) as unlawful:
                    delegations.give(connection, signatory, body, None)
                assert [each.code for each in unlawful.value.objections] == ["delegation-retroactive"]
            else:
                assert delegations.give(connection, signatory, body, None).from_on == body.from_on


def test_no_account_is_opened_with_a_delegation_of_the_past(database: Database) -> None:
    past = a_delegation(from_on="2024-01-03")
    with pytest.raises(Unlawful):
        open_account(database, "head", "Marc Olivier", "head@tacite.invalid", departments=["34"], delegation=past)


def test_a_revocation_waits_for_the_act_under_way(database: Database) -> None:
    agent = an_agent(database)
    with database.begin() as connection, ThreadPoolExecutor(1) as threads:
        day = local(case_now(connection, file_a_case(database)), "34").date()
        found = delegations.require(connection, agent.account_id, "34", day)
        ending = threads.submit(_revoke, database, found.id, str(agent.account_id))
        wait_for_lock(database)
        assert not ending.done()
        connection.commit()


def _revoke(database: Database, delegation_id: str, by: str) -> None:
    with database.begin() as connection:
        delegations.revoke(connection, delegation_id, Actor(role="head", account_id=by))


def test_only_its_author_or_a_head_with_the_same_power_cancels_a_decision(database: Database) -> None:
    reference, author = file_a_case(database), an_agent(database)
    decision = register_a_decision(database, reference, author)
    head, reason = an_agent(database, "head"), "Le dossier est à reprendre avec l’avis du comité."
    without = an_agent(database, "head", "75")
    for actor, refused in ((an_agent(database), NotAllowed), (without, NotAllowed), (head, Unlawful)):
        with pytest.raises(refused), database.begin() as connection:
            decisions.cancel(connection, reference, decision, actor, reason if refused is NotAllowed else "")
    with database.begin() as connection:
        decisions.cancel(connection, reference, decision, head, reason)
        assert decisions.get(connection, decision).state == "cancelled"
        told = notices.list_unsent(connection, f"account:{author.account_id}")
    assert [(each.kind, each.data) for each in told] == [("decision_cancelled", {"reference": reference})]
    assert story(database, reference)[-1] == "decision_cancelled"


def test_an_author_cancels_without_a_reason_and_is_not_told(database: Database) -> None:
    reference, author = file_a_case(database), an_agent(database)
    decision = register_a_decision(database, reference, author)
    with database.begin() as connection:
        decisions.cancel(connection, reference, decision, author)
        assert notices.list_unsent(connection, f"account:{author.account_id}") == []


def test_a_paper_request_is_filed_by_nobody_without_a_delegation_to_grant(database: Database) -> None:
    for actor in (an_agent(database, "instructor"), powerless(database, outcomes=["refusal"]), Actor(role="system")):
        with pytest.raises(NotAllowed), database.begin() as connection:
            requests.refuse_paper(connection, actor, "34")
    with database.begin() as connection:
        requests.refuse_paper(connection, an_agent(database), "34")
