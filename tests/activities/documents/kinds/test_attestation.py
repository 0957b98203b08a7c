"""Attestation d’acceptation implicite: an example, and what it must state."""

from datetime import date

from activities.documents.kinds.attestation import Attestation
from law.opinion import tacit_council_notice
from tests.activities.documents.examples import (
    ACCOUNT,
    EFFECTS,
    PRINTED_ACCEPTANCE,
    PRINTED_RECEPTION,
    Example,
    tacit_fields,
)

COUNCIL = tacit_council_notice(date(2026, 12, 1))
EXAMPLE = Example(
    Attestation.model_validate(
        tacit_fields() | {"bank_account": ACCOUNT, "council_notice": COUNCIL, "effects": EFFECTS}
    ),
    (
        PRINTED_RECEPTION,
        PRINTED_ACCEPTANCE,
        "Il est attesté",
        "L. 232-3",
        "12 000 heures",
        "Ce qui vient ensuite",
        "FR14 2004 1010 0505 0001 3M02 606",
        "L’employeur informe le comité social et économique, s’il existe, de cette acceptation implicite",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
