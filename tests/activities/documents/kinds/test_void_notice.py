"""Avis de caducité: an example, and what it must state."""

from datetime import datetime

from activities.documents.kinds.void_notice import VoidNotice
from tests.activities.documents.examples import PARIS, PRINTED_ACCEPTANCE, PRINTED_DEADLINE, Example, tacit_fields

EXAMPLE = Example(
    VoidNotice.model_validate(
        tacit_fields() | {"voided": "refusal", "registered_at": datetime(2026, 11, 30, 23, 58, 0, tzinfo=PARIS)}
    ),
    (
        "Une décision de refus a été enregistrée le 30 novembre 2026 à 23 h 58 min 00 s",
        PRINTED_ACCEPTANCE,
        PRINTED_DEADLINE,
        "caduque",
        "telle que vous l’avez déposée, est acceptée implicitement",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
