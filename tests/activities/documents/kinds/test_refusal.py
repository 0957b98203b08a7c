"""Décision de refus: an example, and what it must state."""

from activities.documents.render import render
from tests.activities.documents.examples import AT, IN_EVERY_DECISION, REMEDIES, Example, a_refusal, text_of

EXAMPLE = Example(
    a_refusal(),
    (
        *IN_EVERY_DECISION,
        "est refusée",
        "En droit",
        "En fait",
        "le motif invoqué doit être établi",
        "site que le sinistre n’a pas touché",
        "Claire Fontaine",
        *REMEDIES,
    ),
)


def test_no_account_is_printed_on_a_refusal() -> None:
    assert "IBAN" not in text_of(render(EXAMPLE.content, AT))


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
