"""Attestation d’acceptation implicite: an example, and what it must state."""

from activities.documents.kinds.attestation import Attestation
from tests.activities.documents.examples import (
    ACCOUNT,
    COUNCIL,
    PRINTED_ACCEPTANCE,
    PRINTED_RECEPTION,
    Example,
    tacit_fields,
)

EXAMPLE = Example(
    Attestation.model_validate(tacit_fields() | {"bank_account": ACCOUNT, "council_notice": COUNCIL}),
    (
        PRINTED_RECEPTION,
        PRINTED_ACCEPTANCE,
        "Il est attesté",
        "L. 232-3",
        "12 000 heures",
        "42 salariés",
        "FR14 2004 1010 0505 0001 3M02 606",
        "L’employeur informe de la présente décision le comité",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
