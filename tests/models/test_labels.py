"""Codes and their French labels."""

from pathlib import Path

import pytest

from models.bodies.account import TokenBody
from models.labels import (
    Belonging,
    CaseEvent,
    DocumentKind,
    DraftStatus,
    FilingSignal,
    Labelled,
    Outcome,
    Part,
    Status,
    TokenScope,
)
from models.messages.case import AlreadySettled

SHIPPED = ("law", "models", "workflows", "activities", "starter", "cli", "scenarios")


WORDS = (
    *(Belonging, CaseEvent, DocumentKind, DraftStatus),
    *(FilingSignal, Outcome, Part, Status, TokenScope),
)


@pytest.mark.parametrize("words", WORDS)
def test_every_code_has_one_label(words: type[Labelled]) -> None:
    assert all(each.label for each in words)
    assert words.labels() == {each.value: words.of(each.value).label for each in words}


def test_a_message_carries_the_code_and_reads_it_back() -> None:
    settled = AlreadySettled.model_validate_json(
        '{"kind": "standing", "outcome": "desisted", "effect_at": "2026-03-02T10:00:00Z"}'
    )
    assert settled.outcome is Outcome.DESISTED
    assert '"outcome":"desisted"' in settled.model_dump_json()


def test_the_contract_describes_the_codes_in_place() -> None:
    assert TokenBody.model_json_schema()["properties"]["scope"]["enum"] == ["read", "write"]
    assert "$defs" not in TokenBody.model_json_schema()


def test_giving_up_and_withdrawal_share_no_word() -> None:
    by_employer, by_authority = Status.DESISTED.label.split(), Status.WITHDRAWN.label.split()
    assert not set(by_employer) & set(by_authority)


def test_the_label_of_an_outcome_is_in_one_file() -> None:
    root = Path(__file__).parents[2]
    files = [path for folder in SHIPPED for path in (root / folder).rglob("*.py")]
    holding = {path.name for path in files for each in Outcome if f'"{each.label}"' in path.read_text("utf-8")}
    assert holding == {"labels.py"}
