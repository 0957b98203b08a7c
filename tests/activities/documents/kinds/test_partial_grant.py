"""Décision d’autorisation partielle: an example, and what it must state."""

from decimal import Decimal

from activities.documents.kinds.partial_grant import PartialGrant
from tests.activities.documents.examples import (
    IN_EVERY_DECISION,
    REMEDIES,
    Example,
    decision_fields,
    granted,
    refusal_fields,
)

EXAMPLE = Example(
    PartialGrant.model_validate(
        decision_fields() | refusal_fields() | {"granted": granted(employees=30, hours=Decimal("8400.5"))}
    ),
    (
        *IN_EVERY_DECISION,
        "30 salariés",
        "8 400,5 heures",
        "12 000 heures",
        "Le surplus de la demande est refusé",
        "En droit",
        "En fait",
        "site que le sinistre n’a pas touché",
        *REMEDIES,
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
