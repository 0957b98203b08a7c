"""Every act is declared, implemented and has its options; every message of a workflow is named and described."""

import ast
import importlib
import pkgutil
from inspect import isabstract

import pytest

import activities
from models.messages.act_family import Acts
from models.messages.acts import (
    ClaimActs,
    DocumentActs,
    EnrolmentActs,
    EvidenceActs,
    LetterActs,
    MailActs,
    ReadingActs,
    RegisterActs,
    UploadActs,
    VerificationActs,
)
from models.messages.agency_acts import AgencyActs, AnswerActs, NominalActs
from tests.architecture.repository import functions, name, nodes, under
from workflows.parts.running_acts import ACT_OPTIONS

FAMILIES = (
    RegisterActs,
    ClaimActs,
    EnrolmentActs,
    DocumentActs,
    VerificationActs,
    ReadingActs,
    UploadActs,
    EvidenceActs,
    LetterActs,
    MailActs,
    AgencyActs,
    NominalActs,
    AnswerActs,
)
DECLARED = {act for family in FAMILIES for act in family.__abstractmethods__}
AWAITED_BY_A_PERSON = {"preview_decision", "verify_document", "look_up_establishment"}
"""Each runs in its own process, which gives up instead of parking (`run_without_parking`)."""


def test_the_families_are_all_the_declarations() -> None:
    assert {family for family in Acts.__subclasses__() if family.__module__.startswith("models.messages.")} == set(
        FAMILIES
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_every_act_has_one_implementation(family: type[Acts]) -> None:
    for module in pkgutil.walk_packages(activities.__path__, "activities."):
        importlib.import_module(module.name)
    ours = [each for each in family.__subclasses__() if each.__module__.startswith("activities.")]
    assert len(ours) == 1
    assert not isabstract(ours[0])


def test_every_act_has_a_way_and_every_way_is_of_an_act() -> None:
    assert set(ACT_OPTIONS) == DECLARED - AWAITED_BY_A_PERSON


def test_every_act_is_asked_for_by_some_process() -> None:
    asked = {node.attr for path in under("workflows") for node in nodes(path) if isinstance(node, ast.Attribute)}
    assert asked >= DECLARED


def test_every_way_says_in_french_what_is_done() -> None:
    assert [act for act, way in ACT_OPTIONS.items() if not way.summary or not way.summary[0].isupper()] == []


def test_every_message_to_a_process_is_named_and_described() -> None:
    heard = {
        f"{name(path)}:{function.name}": {keyword.arg for keyword in decorator.keywords}
        for path in under("workflows")
        for function in functions(path)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)
        if decorator.func.attr in ("update", "signal", "query")
    }
    assert heard
    assert {message for message, given in heard.items() if not {"name", "description"} <= given} == set()


def test_no_message_to_a_process_goes_unnamed() -> None:
    bare = [
        f"{name(path)}:{function.name}"
        for path in under("workflows")
        for function in functions(path)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Attribute) and decorator.attr in ("update", "signal", "query")
    ]
    assert bare == []


def test_every_process_is_named_after_the_legal_thing() -> None:
    for path in under("workflows"):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Workflow"):
                (defined,) = [each for each in node.decorator_list if isinstance(each, ast.Call)]
                (named,) = [each.value for each in defined.keywords if each.arg == "name"]
                assert isinstance(named, ast.Constant)
                assert isinstance(named.value, str)
                assert node.name == f"{named.value}Workflow"
