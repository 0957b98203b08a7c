"""Decisions: contents, reasons, grants, remedies."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from law.decision import (
    Terms,
    cited_codes,
    grant_objections,
    is_partial,
)

ASKED = Terms(date(2026, 12, 1), date(2027, 2, 28), 42, Decimal(12000))
REASONS = ["Article R. 5122-9.", "La durée maximale est déjà atteinte depuis juin."]


def test_a_grant_as_asked_needs_no_reasons() -> None:
    assert not is_partial(ASKED, ASKED)
    assert grant_objections(ASKED, replace(ASKED, hours=Decimal("12000.00"))) == ()


@pytest.mark.parametrize(
    ("granted", "pointer"),
    [
        (replace(ASKED, start_on=date(2026, 11, 30)), "/period/start_on"),
        (replace(ASKED, end_on=date(2027, 3, 1)), "/period/end_on"),
        (replace(ASKED, employees=43), "/employees"),
        (replace(ASKED, hours=Decimal("12000.01")), "/hours"),
    ],
)
def test_a_grant_never_gives_more_than_was_asked(granted: Terms, pointer: str) -> None:
    assert [(each.pointer, each.code) for each in grant_objections(ASKED, granted, REASONS)] == [
        (pointer, "more-than-asked")
    ]


def test_a_grant_of_less_states_its_reasons_of_law_and_of_fact() -> None:
    less, fact = replace(ASKED, employees=41), "L’atelier B est resté ouvert tout le mois."
    both = ["reasons-without-law", "reasons-without-facts"]
    assert [each.code for each in grant_objections(ASKED, less)] == ["partial-without-reasons", *both]
    assert [each.code for each in grant_objections(ASKED, less, ["non"])] == both
    assert [each.code for each in grant_objections(ASKED, less, [fact])] == both[:1]
    assert grant_objections(ASKED, less, ["Article R. 5122-1.", fact]) == ()


def test_the_code_of_relations_with_the_public_is_cited_since_it_exists() -> None:
    assert len(cited_codes(date(2015, 12, 31))) == 1
    assert "relations entre le public" in cited_codes(date(2016, 1, 1))[1]
