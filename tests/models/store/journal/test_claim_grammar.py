"""The grammar of claims knows what is appended to them, and each state that it asks for."""

from models.claim_labels import ClaimEvent
from models.store.claims.ends import ENDS
from models.store.claims.steps import STEPS as CLAIM_STEPS
from models.store.journal.claim_grammar import STEPS, ClaimCourse, claim_chain, entitlement_chain, is_claim_chain
from models.store.journal.grammar import NEW
from models.store.payments.bookings import EVENTS
from tests.models.store.journal.test_facts import appended


def test_each_type_that_the_programs_append_to_a_claim_is_in_the_grammar() -> None:
    literal = {each for each in appended() if each.startswith(("claim_", "entitlement_", "payment_"))}
    named = {each.event for each in ENDS.values()} | {each.event for each in CLAIM_STEPS.values()}
    apart = {"claim_signalled", "claim_agreement_lapsed", "claim_refusal_lapsed", "incident_opened", "incident_closed"}
    assert literal | named | apart | set(EVENTS) == STEPS.keys()


def test_what_an_employer_sees_of_a_claim_is_in_the_grammar() -> None:
    assert {each.value for each in ClaimEvent} <= STEPS.keys()


def test_every_state_that_a_step_asks_for_is_one_that_a_step_leaves() -> None:
    asked = {state for _, before, _ in STEPS.values() for state in before}
    assert asked <= {after for _, _, after in STEPS.values()} | {NEW}


def test_a_claim_ends_once_after_it_was_received() -> None:
    course = ClaimCourse(claim_chain("x"))
    kinds = ("claim_held", "claim_received", "claim_held", "claim_received", "claim_replaced", "claim_voided")
    assert [course.follow(each, {}) is None for each in kinds] == [False, True, True, False, True, False]


def test_an_event_is_of_its_own_chain() -> None:
    assert ClaimCourse(entitlement_chain("034AQHV02")).follow("claim_received", {})
    assert ClaimCourse(claim_chain("x")).follow("entitlement_opened", {})
    assert ClaimCourse(claim_chain("x")).follow("receipt_issued", {})
    assert [is_claim_chain(each) for each in ("claim:x", "entitlement:x", "034AQHV02", "access:x")] == [
        True,
        True,
        False,
        False,
    ]
