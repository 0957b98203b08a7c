"""Refus d'une demande d'indemnisation: an example, and what it must state."""

from activities.documents.kinds.claim_refusal import ClaimRefusal
from tests.activities.documents.examples import REMEDIES, Example, refusal_fields, signed_claim_fields

EXAMPLE = Example(
    ClaimRefusal.model_validate(signed_claim_fields() | refusal_fields()),
    (
        "Décide :",
        "La demande d’indemnisation de décembre 2026, partie 1, version 2, de l’établissement",
        "est refusée",
        "En droit",
        "En fait",
        "site que le sinistre n’a pas touché",
        "sont rendues à l’autorisation",
        "Hugo Lenoir",
        *REMEDIES,
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
