"""Every workflow has its descriptor, and each descriptor says the same as what it describes."""

import inspect
from typing import get_type_hints

import pytest

from models.engine.names import (
    CHAIN,
    account_process,
    announcement_id,
    authorization_id,
    claim_process,
    deposit_id,
    draft_id,
    enrolment_id,
    subject_of,
)
from models.engine.process_kind import ProcessKind, department_in_words
from models.engine.processes import EXPECTED, PROCESSES, find_kind, find_kind_of_subject
from models.store.database import Database
from models.store.operations import expected_processes
from tests.models.store.claims import builders
from worker import WORKFLOWS

BUILDERS = (
    account_process,
    announcement_id,
    authorization_id,
    claim_process,
    deposit_id,
    draft_id,
    enrolment_id,
)
TYPES = {each.__name__.removesuffix("Workflow"): each for each in WORKFLOWS}


def test_every_workflow_that_no_schedule_starts_has_a_descriptor() -> None:
    assert {kind.workflow for kind in PROCESSES} == TYPES.keys() - {"Answers", "Chain"}


@pytest.mark.parametrize("kind", PROCESSES, ids=lambda kind: kind.prefix)
def test_a_descriptor_names_the_input_of_its_workflow(kind: ProcessKind) -> None:
    run = TYPES[kind.workflow].__dict__["run"]
    (_, message) = inspect.signature(run).parameters
    assert get_type_hints(run)[message] is kind.input


def test_ids_that_the_register_builds_are_those_of_a_descriptor() -> None:
    for build in BUILDERS:
        kind = find_kind(build("034AQHV02"))
        assert kind is not None
        assert kind.id("034AQHV02") == build("034AQHV02")
    for kind in PROCESSES:
        assert find_kind(kind.id("x")) is kind
        assert subject_of(kind.id("x")) == "x"


def test_what_is_no_process_of_ours_has_no_kind() -> None:
    assert [find_kind(each) for each in ("", "authorization", "other:034AQHV02", CHAIN, f"{CHAIN}-1T01:00")] == [
        None
    ] * 5


@pytest.mark.parametrize(
    ("subject", "prefix"),
    [
        ("034AQHV02", "authorization"),
        ("35600000000048", "enrolment"),
        ("0190a0a0-0000-7000-8000-000000000000", "draft"),
        ("034AQHV02:2021-04:1:2", "claim"),
        ("authorizations", None),
    ],
)
def test_a_subject_is_recognised_by_its_form(subject: str, prefix: str | None) -> None:
    kind = find_kind_of_subject(subject)
    assert (kind.prefix if kind else None) == prefix
    assert kind is None or kind.clock is not None


def test_a_kind_that_the_register_expects_can_be_started_from_it(database: Database) -> None:
    assert [kind.prefix for kind in PROCESSES if kind.expected and kind.load is None] == []
    with database.begin() as connection:
        assert expected_processes.list_open(connection, EXPECTED) == []


def test_the_engine_tells_versions_and_parts_of_a_claim_apart_and_names_nobody(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database), part=2)
    kind = find_kind(claim_process(claim.subject))
    assert kind is not None
    assert kind.load is not None
    with database.begin() as connection:
        launch = kind.load(connection, claim.subject)
    assert launch is not None
    assert launch.summary == f"{claim.reference} · décembre 2026, partie 2 · {department_in_words('34')}"
    assert launch.details == f"Demande d’indemnisation de **décembre 2026, partie 2, dossier {claim.reference}**."
