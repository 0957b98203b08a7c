"""The register checks a decision against the law and against the instant of silence, whatever the caller."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from pydantic import ValidationError

from models.bodies.decision import GrantBody, RefusalBody
from models.errors import Conflict, Unlawful
from models.labels import Outcome
from models.messages.case import Established, Void
from models.store.cases import decisions, silence
from models.store.cases.decisions import Proposal
from models.store.database import Database
from models.store.journal.events import Actor
from tests.cases import GROUNDS, an_agent, file_a_case
from tests.models.clocks import MICROSECOND, SECOND, clock_at, deadline, refuse, story, wait_for_lock


@pytest.mark.parametrize("reasons", [{}, {"grounds": ()}, {"grounds": [" "]}, {"grounds": ""}])
def test_a_refusal_without_reasons_cannot_be_built(reasons: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RefusalBody.model_validate({"id": "D1", "outcome": "refusal"} | reasons)


def test_a_grant_of_more_or_of_less_without_reasons_is_not_registered(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    body = GrantBody.model_validate({"id": "D1", "outcome": "grant", "employees": 999, "hours": "1"})
    with database.begin() as connection:
        with pytest.raises(Unlawful) as refused:
            decisions.register(connection, reference, body, b"1", actor=agent)
        assert decisions.list_of(connection, reference) == []
    assert [(each.pointer, each.code) for each in refused.value.objections] == [
        ("/employees", "more-than-asked"),
        ("/grounds", "partial-without-reasons"),
        ("/grounds", "reasons-without-law"),
        ("/grounds", "reasons-without-facts"),
    ]


def test_the_register_says_whether_a_grant_is_partial(database: Database) -> None:
    agent = an_agent(database)
    less = {"hours": "1", "grounds": GROUNDS}
    for stated, partial in ((less, True), ({}, False)):
        body = GrantBody.model_validate({"id": f"D-{partial}", "outcome": "grant"} | stated)
        with database.begin() as connection:
            found = decisions.register(connection, file_a_case(database), body, b"1", actor=agent)
        assert found.partial is partial


@pytest.mark.parametrize("after", [timedelta(), MICROSECOND, SECOND])
def test_a_decision_notified_at_the_instant_or_later_is_void(database: Database, after: timedelta) -> None:
    reference = file_a_case(database)
    decision = refuse(database, reference, an_agent(database))
    due = deadline(database, reference)
    with clock_at(database, due + after) as frozen:
        with frozen.begin() as connection:
            assert decisions.notify(connection, decision) == Void(standing=None)
        with frozen.begin() as connection:
            found = silence.establish(connection, reference)
    assert found == Established(effect_at=due, recorded_at=due + after, void=decision)
    assert story(database, reference)[-2:] == ["decision_voided", "authorization_tacitly_granted"]


def test_a_decision_registered_in_time_and_overtaken_by_silence_is_void(database: Database) -> None:
    reference = file_a_case(database)
    decision = refuse(database, reference, an_agent(database))
    with clock_at(database, deadline(database, reference)) as frozen, frozen.begin() as connection:
        found = silence.establish(connection, reference)
        assert isinstance(found, Established)
        assert found.void == decision
        assert decisions.notify(connection, decision) == Void(standing=Outcome.TACIT)


def test_the_same_decision_posted_again_is_the_same_decision(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    body = GrantBody(id="D1", outcome="grant")
    for _ in range(2):
        with database.begin() as connection:
            decisions.register(connection, reference, body, b"same", actor=agent)
    with database.begin() as connection, pytest.raises(Conflict) as told:
        decisions.register(connection, reference, body, b"other", actor=agent)
    assert told.value.slug == "decision-id-reused"
    assert story(database, reference).count("decision_registered") == 1


def test_one_decision_id_for_two_cases_at_once_is_a_conflict(database: Database) -> None:
    agent = an_agent(database)
    references = [file_a_case(database) for _ in range(2)]
    body = RefusalBody(id="D1", outcome="refusal", grounds=tuple(GROUNDS))

    def decide(reference: str) -> str:
        with database.begin() as connection:
            return decisions.register(connection, reference, body, b"1", actor=agent).reference

    with ThreadPoolExecutor(1) as threads, database.begin() as connection:
        decisions.register(connection, references[0], body, b"1", actor=agent)
        waiting = threads.submit(decide, references[1])
        wait_for_lock(database)
        connection.commit()
        with pytest.raises(Conflict, match="déjà servi"):
            waiting.result()


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts at the same moment; a `Conflict` is an answer."""
    gate = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        gate.wait()
        try:
            return act()
        except Conflict as conflict:
            return conflict.slug

    with ThreadPoolExecutor(len(acts)) as threads:
        futures: list[Future[object]] = [threads.submit(one, act) for act in acts]
        return [future.result() for future in futures]


@pytest.mark.slow
def test_of_two_contradictory_decisions_in_parallel_one_stands_fifty_times(database: Database) -> None:
    first, second = an_agent(database), an_agent(database)

    def decide(reference: str, agent: Actor, body: GrantBody | RefusalBody) -> object:
        with database.begin() as connection:
            return decisions.register(connection, reference, body, b"1", actor=agent).id

    for turn in range(50):
        reference = file_a_case(database)
        grant = GrantBody(id=f"grant-{turn}", outcome="grant")
        refusal = RefusalBody(id=f"refusal-{turn}", outcome="refusal", grounds=tuple(GROUNDS))
        answers = together(
            lambda r=reference, b=grant: decide(r, first, b),  # type: ignore[misc]
            lambda r=reference, b=refusal: decide(r, second, b),  # type: ignore[misc]
        )
        assert sorted(map(str, answers))[0] == "already-decided"
        assert answers.count("already-decided") == 1
        assert story(database, reference).count("decision_registered") == 1


def test_a_proposal_of_an_earlier_release_is_read() -> None:
    """As the API of an earlier release stores it for the workers of this one."""
    stored = (
        '{"reference":"034AQHV02","body":{"id":"D1","outcome":"grant","period":null,"employees":null,"hours":null,'
        '"commitments":null,"grounds":[]},"digest":"00","partial":false,"actor":{"role":"agent",'
        '"account_id":null},"delegation_id":null}'
    )
    assert Proposal.model_validate_json(stored).body.outcome == "grant"
