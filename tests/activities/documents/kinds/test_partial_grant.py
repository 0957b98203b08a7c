"""Décision d’autorisation partielle: an example, and what it must state."""

from decimal import Decimal

from activities.documents.kinds.partial_grant import PartialGrant
from tests.activities.documents.examples import (
    IN_EVERY_DECISION,
    PRINTED_ACCOUNT,
    REMEDIES,
    Example,
    decision_fields,
    grant_fields,
    refusal_fields,
)

EXAMPLE = Example(
    PartialGrant.model_validate(
        decision_fields() | refusal_fields() | grant_fields(employees=30, hours=Decimal("8400.5"))
    ),
    (
        *IN_EVERY_DECISION,
        PRINTED_ACCOUNT,
        "Article 2 — Le surplus de la demande est refusé",
        "Ce qui vient ensuite",
        "8 400,5 heures",
        "12 000 heures",
        "En droit",
        "En fait",
        "site que le sinistre n’a pas touché",
        *REMEDIES,
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
