"""Visas of claims: given once, under a power in force, and worth nothing more when that power has ended."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models.claim_labels import ClaimSignal, ClaimState
from models.errors import NotAllowed, Unknown, Unlawful
from models.store.claims import admission, ends, instructions, records, steps, visas
from models.store.claims.records import ClaimRecord
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from models.store.journal.events import Actor
from tests.cases import a_delegation, an_agent
from tests.models.store.claims import builders, reviewed
from tests.models.store.claims.builders import EMPLOYER, a_person, stage, state, story
from tests.models.store.claims.reviewed import (
    agree,
    agree_by_instruction,
    close,
    count_visas,
    end_delegations,
    instruct,
    lapse,
    may_still_sign,
    refuse,
    standing,
    with_delegation,
)


def test_an_agent_agrees_once_with_name_certificate_and_act_of_the_delegation(database: Database) -> None:
    claim, agent = reviewed.reviewed(database), an_agent(database)
    assert [agree(database, claim, agent), agree(database, claim, an_agent(database))] == ["done", "already"]
    found = standing(database, claim)
    assert (found.name, found.certificate, found.outcome) == ("Nadia Perrin", "delegate", "agreed")
    assert found.act == a_delegation().act
    assert state(database, claim.id) == ClaimState.AGREED
    assert may_still_sign(database, claim)
    assert builders.broken(database) == []


def test_only_a_claim_under_review_is_agreed_to(database: Database) -> None:
    agent, claim = an_agent(database), builders.claim(database, builders.authorize(database))
    assert agree(database, claim, agent) == "not-under-review"
    with database.begin() as connection:
        steps.take(connection, claim.id, ClaimState.HELD, signals=[ClaimSignal.OPINION])
    assert agree(database, claim, agent) == "not-under-review"
    assert count_visas(database, claim) == 0
    with pytest.raises(Unknown):
        agree(database, claim.model_copy(update={"id": "0" * 8 + "-0000-7000-8000-" + "0" * 12}), agent)


@pytest.mark.parametrize(
    "delegation",
    [
        {"outcomes": ["grant", "refusal", "claim_refusal"]},
        {"outcomes": ["claim"], "departments": ["75"]},
        {"outcomes": ["claim"], "from_on": "2099-01-01"},
    ],
)
def test_nobody_agrees_without_a_delegation_for_claims(database: Database, delegation: dict[str, object]) -> None:
    claim = reviewed.reviewed(database)
    with pytest.raises(NotAllowed, match="agréer les demandes d’indemnisation"):
        agree(database, claim, with_delegation(database, **delegation))
    assert state(database, claim.id) == ClaimState.UNDER_REVIEW


def test_a_refusal_states_law_and_fact_and_keeps_everybody_from_agreeing(database: Database) -> None:
    claim, agent = reviewed.reviewed(database), an_agent(database)
    with pytest.raises(Unlawful) as unfounded:
        refuse(database, claim, agent, "Demande irrecevable.")
    codes = {each.code for each in unfounded.value.objections}
    assert codes == {"reasons-without-law", "reasons-without-facts"}
    assert [refuse(database, claim, agent), refuse(database, claim, agent)] == ["done", "already"]
    assert refuse(database, claim, an_agent(database)) == "refused"
    assert agree(database, claim, an_agent(database)) == "refused"
    assert not agree_by_instruction(database, claim)
    assert standing(database, claim).reasons == reviewed.CLAIM_GROUNDS
    assert story(database, claim.id)[-1] == "claim_refusal_registered"
    assert builders.broken(database) == []


def test_a_refusal_needs_a_delegation_of_its_own(database: Database) -> None:
    claim = reviewed.reviewed(database)
    with pytest.raises(NotAllowed, match="refuser les demandes"):
        refuse(database, claim, with_delegation(database, outcomes=["claim", "refusal"]))


def test_no_control_moves_a_claim_that_is_refused_and_it_ends_with_its_hours_given_back(database: Database) -> None:
    reference = builders.authorize(database)
    claim = builders.claim(database, reference)
    assert refuse(database, claim, an_agent(database)) == "done"
    with database.begin() as connection:
        assert not steps.take(connection, claim.id, ClaimState.UNDER_REVIEW)
        assert not steps.take(connection, claim.id, ClaimState.HELD)
        assert ends.end(connection, claim.id, ClaimState.REFUSED, EMPLOYER)
    assert builders.entitlement(database, reference).admitted_hours == 0
    assert (builders.differences(database), builders.broken(database)) == ((), [])


ENDINGS: dict[str, Callable[[Database, Actor], None]] = {"delegation": end_delegations, "account": close}


@pytest.mark.parametrize("ended", ENDINGS)
def test_what_was_agreed_under_a_power_that_ended_is_signed_no_more_and_agreed_again(
    database: Database, ended: str
) -> None:
    claim, agent = reviewed.reviewed(database), an_agent(database)
    agree(database, claim, agent)
    ENDINGS[ended](database, agent)
    assert not may_still_sign(database, claim)
    assert [lapse(database, claim), lapse(database, claim)] == [True, False]
    assert state(database, claim.id) == ClaimState.UNDER_REVIEW
    assert agree(database, claim, an_agent(database)) == "done"
    assert count_visas(database, claim) == 2
    assert builders.broken(database) == []


def test_a_refusal_that_nobody_may_sign_any_more_leads_back_to_the_controls(database: Database) -> None:
    claim, agent = reviewed.reviewed(database), an_agent(database)
    refuse(database, claim, agent)
    assert may_still_sign(database, claim)
    end_delegations(database, agent)
    assert not may_still_sign(database, claim)
    assert lapse(database, claim)
    assert state(database, claim.id) == ClaimState.ADMITTED
    with database.begin() as connection:
        assert steps.take(connection, claim.id, ClaimState.UNDER_REVIEW)
    assert agree(database, claim, an_agent(database)) == "done"
    assert builders.broken(database) == []


def test_what_is_signed_does_not_lapse(database: Database) -> None:
    claim = reviewed.reviewed(database)
    agree(database, claim, an_agent(database))
    with database.begin() as connection:
        steps.take(connection, claim.id, ClaimState.SIGNED)
    assert not lapse(database, claim)


def test_an_instruction_agrees_to_a_claim_without_a_signal_in_the_name_of_whoever_gave_it(database: Database) -> None:
    agent = an_agent(database)
    given = instruct(database, agent)
    claim = reviewed.reviewed(database)
    assert agree_by_instruction(database, claim)
    found = standing(database, claim)
    assert (found.instruction_id, found.account_id) == (given, agent.account_id)
    assert may_still_sign(database, claim)
    assert not agree_by_instruction(database, claim)
    assert builders.broken(database) == []


def test_an_instruction_leaves_signals_and_larger_sums_to_a_person(database: Database) -> None:
    instruct(database, an_agent(database), ceiling="83.29")
    assert not agree_by_instruction(database, reviewed.reviewed(database))
    instruct(database, an_agent(database), ceiling="83.30")
    assert not agree_by_instruction(database, reviewed.reviewed(database, ClaimSignal.DSN_TOTAL))
    assert agree_by_instruction(database, reviewed.reviewed(database))


def test_the_parts_of_a_month_are_under_one_ceiling(database: Database) -> None:
    instruct(database, an_agent(database), ceiling="166.59")
    first = reviewed.reviewed(database)
    assert agree_by_instruction(database, first)
    second = builders.claim(database, first.reference, builders.a_person(2), part=2)
    reviewed.control(database, second)
    assert not agree_by_instruction(database, second)
    with database.begin() as connection:
        assert ends.end(connection, first.id, ClaimState.VOID, builders.EMPLOYER)
    assert agree_by_instruction(database, second)


def test_an_instruction_of_another_departement_or_of_later_agrees_to_nothing(database: Database) -> None:
    instruct(database, an_agent(database, "agent", "75"), departments=["75"])
    later = reviewed.today(database) + timedelta(days=1)
    instruct(database, an_agent(database), from_on=later, to_on=later)
    assert not agree_by_instruction(database, reviewed.reviewed(database))


@pytest.mark.parametrize("ended", ["revoked", *ENDINGS])
def test_an_instruction_that_ended_agrees_to_nothing_and_what_it_agreed_to_is_not_signed(
    database: Database, ended: str
) -> None:
    agent = an_agent(database)
    given = instruct(database, agent)
    before, after = reviewed.reviewed(database), reviewed.reviewed(database)
    assert agree_by_instruction(database, before)
    if ended == "revoked":
        with database.begin() as connection:
            instructions.revoke(connection, given, agent, ())
    else:
        ENDINGS[ended](database, agent)
    assert not agree_by_instruction(database, after)
    assert not may_still_sign(database, before)
    assert lapse(database, before)
    assert not agree_by_instruction(database, before)
    assert builders.broken(database) == []


def test_of_two_agents_at_once_one_agrees(database: Database) -> None:
    claim = reviewed.reviewed(database)
    agents = [an_agent(database) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: agree(database, claim, each), agents))
    assert sorted(answers) == ["already"] * 7 + ["done"]
    assert count_visas(database, claim) == 1
    assert story(database, claim.id).count("claim_agreed") == 1


def cancel(database: Database, claim: ClaimRecord) -> bool:
    with database.begin() as connection:
        return ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)


@pytest.mark.slow  # a race, repeated
def test_an_agreement_a_refusal_a_replacement_and_a_cancellation_at_once_leave_the_ledger_whole(
    database: Database,
) -> None:
    agent, other = an_agent(database), an_agent(database)
    for _ in range(6):
        reference = builders.authorize(database)
        claim = reviewed.reviewed(database, reference=reference)
        newer = stage(database, reference, a_person(2))

        def replace(newer: str = newer, claim: ClaimRecord = claim) -> bool:
            try:
                with database.begin() as connection:
                    return bool(admission.admit(connection, newer, EMPLOYER, replaces=claim.id).version)
            except AdmissionRefused:
                return False

        with ThreadPoolExecutor(4) as pool:
            agreed = pool.submit(agree, database, claim, agent)
            refused = pool.submit(refuse, database, claim, other)
            replaced, void = pool.submit(replace), pool.submit(cancel, database, claim)
        assert [agreed.result(), refused.result()].count("done") <= 1
        with database.begin() as connection:
            found = records.get(connection, claim.id).state
        # One that is cancelled first is replaced by nothing: the other is admitted beside it.
        assert found == (ClaimState.VOID if void.result() else ClaimState.REPLACED)
        assert replaced.result() or void.result()
        assert story(database, claim.id)[-1] in {"claim_replaced", "claim_voided"}
    assert (builders.differences(database), builders.broken(database)) == ((), [])


def test_a_revocation_waits_for_the_signature_that_asked_before_it(database: Database) -> None:
    claim, agent = reviewed.reviewed(database), an_agent(database)
    agree(database, claim, agent)
    given = standing(database, claim)
    with ThreadPoolExecutor(1) as pool:
        with database.begin() as connection:
            assert visas.may_still_sign(connection, given)
            ending = pool.submit(end_delegations, database, agent)
            with pytest.raises(TimeoutError):
                ending.result(timeout=0.3)
        ending.result()
    assert not may_still_sign(database, claim)
