"""A signal of the case of a claim keeps instructions from it, before the agreement and until the signature."""

import json
from decimal import Decimal

from sqlalchemy import text

from models.bodies.decision import HandOverBody
from models.claim_labels import ClaimSignal, ClaimState
from models.labels import HoldReason
from models.store.cases import holds, requests, reviews
from models.store.cases.controls import SHARED_ACCOUNT, SHARED_SINCE
from models.store.claims import case_signals, controls, lists, records
from models.store.claims.lists import ListedClaim
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from tests import amendments
from tests.cases import DEPARTMENT, an_agent, file_a_case, let_silence_accept, register_a_decision
from tests.models.store.claims import builders, reviewed

LATE = "Avis du CSE non transmis dans le délai."
REMOTE = "Période qui commence plus de douze mois après le dépôt."


def control(database: Database, claim: ClaimRecord) -> tuple[ClaimSignal, ...]:
    """Control a claim as its process does, and return its signals."""
    with database.begin() as connection:
        controls.control(connection, claim.id)
        return records.get(connection, claim.id).signals


def open_signals(database: Database, reference: str) -> list[str]:
    with database.begin() as connection:
        return case_signals.list_open(connection, reference)


def test_a_claim_of_a_case_with_a_signal_waits_for_an_agent_who_sees_it(database: Database) -> None:
    reviewed.instruct(database, an_agent(database))
    claim = builders.claim(database, builders.authorize(database, bank_account=builders.an_account()))
    reviewed.signal_case(database, claim.reference, LATE)
    assert control(database, claim) == (ClaimSignal.CASE,)
    assert not reviewed.agree_by_instruction(database, claim)
    assert reviewed.agree(database, claim, an_agent(database)) == "done"
    assert reviewed.may_still_sign(database, claim)
    assert builders.broken(database) == []


def test_a_signal_that_comes_between_control_and_agreement_is_seen(database: Database) -> None:
    reviewed.instruct(database, an_agent(database))
    claim = reviewed.reviewed(database)
    reviewed.signal_case(database, claim.reference, LATE)
    assert not reviewed.agree_by_instruction(database, claim)
    reviewed.signal_case(database, claim.reference)
    assert reviewed.agree_by_instruction(database, claim)


def test_what_an_instruction_agreed_to_is_not_signed_once_the_case_has_a_signal(database: Database) -> None:
    reviewed.instruct(database, an_agent(database))
    claim = reviewed.reviewed(database)
    assert reviewed.agree_by_instruction(database, claim)
    assert reviewed.may_still_sign(database, claim)
    reviewed.signal_case(database, claim.reference, LATE)
    assert not reviewed.may_still_sign(database, claim)
    assert reviewed.lapse(database, claim)
    with database.begin() as connection:
        found = records.get(connection, claim.id)
    assert (found.state, found.signals) == (ClaimState.UNDER_REVIEW, (ClaimSignal.CASE,))
    assert not reviewed.agree_by_instruction(database, claim)
    assert builders.story(database, claim.id)[-1] == "claim_agreement_lapsed"
    assert builders.broken(database) == []


def test_what_a_signatory_saw_when_they_granted_is_open_no_more_and_what_came_later_is(database: Database) -> None:
    reference = file_a_case(database)
    reviewed.signal_case(database, reference, REMOTE)
    register_a_decision(database, reference, an_agent(database))
    assert open_signals(database, reference) == []
    reviewed.signal_case(database, reference, REMOTE, LATE)
    assert open_signals(database, reference) == [LATE]


def test_what_a_signatory_saw_when_they_let_it_go_is_open_no_more(database: Database) -> None:
    reference = builders.authorize(database)
    reviewed.signal_case(database, reference, REMOTE)
    with database.begin() as connection:
        holds.hold(connection, reference, HoldReason.LIMITS)
        body = HandOverBody(reason="Les jours ont été comparés avec ceux des autres dossiers.")
        reviews.release(connection, reference, body, an_agent(database))
    assert open_signals(database, reference) == []


def test_an_account_that_another_firm_gives_later_is_open_for_the_first_one_too(database: Database) -> None:
    reviewed.instruct(database, an_agent(database))
    account = builders.an_account()
    claim = reviewed.reviewed(database, reference=builders.authorize(database, bank_account=account))
    assert reviewed.agree_by_instruction(database, claim)
    assert reviewed.may_still_sign(database, claim)
    builders.authorize(database, employer=builders.employer_of(database, claim.reference), bank_account=account)
    assert open_signals(database, claim.reference) == []
    builders.authorize(database, bank_account=account)
    assert open_signals(database, claim.reference) == [SHARED_SINCE]
    assert not reviewed.may_still_sign(database, claim)
    with database.begin() as connection:
        requests.see_signals(connection, claim.reference)
    assert open_signals(database, claim.reference) == []
    reviewed.signal_case(database, claim.reference, f"{SHARED_ACCOUNT} 1 autre établissement.")
    assert open_signals(database, claim.reference) == [f"{SHARED_ACCOUNT} 1 autre établissement."]


def test_what_an_agent_saw_when_they_agreed_to_a_claim_keeps_no_instruction_from_the_next_one(
    database: Database,
) -> None:
    reviewed.instruct(database, an_agent(database))
    reference = builders.authorize(database, bank_account=builders.an_account())
    reviewed.signal_case(database, reference, REMOTE)
    first = reviewed.reviewed(database, reference=reference)
    assert not reviewed.agree_by_instruction(database, first)
    assert reviewed.agree(database, first, an_agent(database)) == "done"
    assert open_signals(database, reference) == []
    second = reviewed.reviewed(database, reference=reference, part=2)
    assert reviewed.agree_by_instruction(database, second)
    assert builders.broken(database) == []


def test_a_signal_of_an_amendment_counts_once_it_is_accepted(database: Database) -> None:
    reference = builders.authorize(database)
    amended = amendments.amend(database, reference, hours=Decimal(20_000))
    reviewed.signal_case(database, amended, REMOTE)
    assert open_signals(database, reference) == []
    let_silence_accept(database, amended)
    assert open_signals(database, reference) == [REMOTE]
    with database.begin() as connection:
        requests.see_signals(connection, reference)
    assert open_signals(database, reference) == []


def shown(database: Database, claim: ClaimRecord) -> ListedClaim:
    """A claim as the desk shows it now."""
    with database.begin() as connection:
        [found] = lists.list_named(connection, [DEPARTMENT], [claim.id])
    return found


def test_a_claim_whose_signals_are_not_those_shown_is_not_agreed_to(database: Database) -> None:
    agent = an_agent(database)
    claim = reviewed.reviewed(database, reference=builders.authorize(database, bank_account=builders.an_account()))
    before = shown(database, claim)
    reviewed.signal_case(database, claim.reference, LATE)
    assert reviewed.agree(database, claim, agent, before.signals_digest) == "signals-changed"
    assert (reviewed.count_visas(database, claim), open_signals(database, claim.reference)) == (0, [LATE])
    now = shown(database, claim)
    assert (before.signals, now.signals, now.case_signals) == ((), (ClaimSignal.CASE,), (LATE,))
    assert reviewed.agree(database, claim, agent, now.signals_digest) == "done"
    assert open_signals(database, claim.reference) == []
    assert reviewed.agree(database, claim, agent, before.signals_digest) == "already"


def test_a_signal_of_the_claim_itself_that_came_since_is_told_too(database: Database) -> None:
    claim = reviewed.reviewed(database)
    before = shown(database, claim).signals_digest
    assert reviewed.agree(database, claim, an_agent(database), before) == "done"
    assert reviewed.lapse(database, claim)
    with database.begin() as connection:
        signals = json.dumps([ClaimSignal.OTHER_ESTABLISHMENT])
        connection.execute(text("UPDATE claim SET signals = CAST(:signals AS jsonb)"), {"signals": signals})
    assert reviewed.agree(database, claim, an_agent(database), before) == "signals-changed"


def test_an_account_that_another_firm_gives_after_a_visa_was_not_seen_by_it(database: Database) -> None:
    account = builders.an_account()
    claim = reviewed.reviewed(database, reference=builders.authorize(database, bank_account=account))
    assert reviewed.agree(database, claim, an_agent(database), shown(database, claim).signals_digest) == "done"
    builders.authorize(database, bank_account=account)
    assert open_signals(database, claim.reference) == [SHARED_SINCE]


def test_what_a_visa_saw_of_a_case_and_its_amendment_is_seen_of_both(database: Database) -> None:
    reference = builders.authorize(database, bank_account=builders.an_account())
    amended = amendments.amend(database, reference, hours=Decimal(20_000))
    let_silence_accept(database, amended)
    claim = reviewed.reviewed(database, reference=reference)
    for each, sentence in ((reference, LATE), (amended, REMOTE)):
        reviewed.signal_case(database, each, sentence)
    assert reviewed.agree(database, claim, an_agent(database), shown(database, claim).signals_digest) == "done"
    assert open_signals(database, reference) == []
    reviewed.signal_case(database, amended, REMOTE, LATE)
    assert open_signals(database, reference) == [LATE], "the amendment had none of these words before"
