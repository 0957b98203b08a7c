"""The grammar knows every type of event that the programs append to a case, and each state that it asks for."""

from models.labels import CaseEvent
from models.store.journal import claim_grammar
from models.store.journal.facts import CHANGES
from models.store.journal.grammar import EVER, NEW, PENDING, STEPS
from tests.models.store.journal.test_facts import appended

OF_OTHERS = (
    "draft_",
    "enrolment_",
    "credentials_",
    "establishment_",
    "department_",
    "claim_",
    "entitlement_",
    "payment_",
)
"""Beginnings of the types that drafts, establishments, claims, their payments and entitlements have."""


def test_each_type_that_the_programs_append_to_a_case_is_in_the_grammar() -> None:
    types = {each for each in appended() if not each.startswith(OF_OTHERS)}
    assert types | {str(each.value) for each in CaseEvent} | {"void_notice_issued"} == STEPS.keys() - {"nominal_erased"}


def test_each_type_that_may_change_a_fact_is_in_the_grammar_but_by_a_pattern() -> None:
    named = {each for types in CHANGES.values() for each in types.split("|") if "\\" not in each}
    assert named <= STEPS.keys() | claim_grammar.STEPS.keys()


def test_every_state_that_a_step_asks_for_is_one_that_a_step_leaves() -> None:
    left = {(step.thing, step.after) for step in STEPS.values()}
    cases = {after for thing, after in left if thing == "case"} | {"settled" for step in STEPS.values() if step.settles}
    assert cases == set(EVER)
    asked = {(step.thing, state) for step in STEPS.values() for state in step.before if state != NEW}
    asked |= {(thing, state) for thing, states in PENDING.values() for state in states}
    assert asked <= left
    owed = {step.owes for step in STEPS.values()}
    assert {step.pays for step in STEPS.values()} == owed


def test_what_is_pending_is_named_by_the_table_of_what_may_be() -> None:
    for step in STEPS.values():
        assert {*step.unless, *step.ends, *([step.needs[0]] if step.needs else [])} <= PENDING.keys()
