"""Décision de refus: an example, and what it must state."""

from tests.activities.documents.examples import IN_EVERY_DECISION, REMEDIES, Example, a_refusal

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


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
