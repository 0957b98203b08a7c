"""Décision sur un changement de compte: an example of each outcome, and what it must state."""

from typing import Any

from activities.documents.kinds.bank_change_decision import BankChangeDecision
from tests.activities.documents.examples import (
    ACCOUNT,
    AMENDED,
    DELEGATE,
    HEADING,
    PRINTED_ACCOUNT,
    RECEIVED,
    REMEDIES,
    Example,
)


def a_decision(**changes: Any) -> BankChangeDecision:
    return BankChangeDecision.model_validate(
        HEADING
        | {
            "number": "034AQHV0201",
            "amends": AMENDED,
            "received_at": RECEIVED,
            "visas": ("Vu la demande de changement de compte n° 034AQHV0201, reçue le 15 novembre 2026,",),
            "bank_account": ACCOUNT,
            "granted": True,
            "signatory": DELEGATE,
        }
        | changes
    )


EXAMPLE = Example(
    a_decision(),
    (
        "Vu la demande de changement de compte n° 034AQHV0201",
        f"autorisation {AMENDED} est versée, à compter de la présente décision",
        PRINTED_ACCOUNT,
        "Les autres dispositions de l’autorisation demeurent",
        "Hugo Lenoir",
        "et par délégation",
    ),
)
REFUSED = Example(
    a_decision(granted=False, reasons=("Ce compte est celui d’une autre entreprise.",), remedies=REMEDIES),
    ("est refusé", "Ce compte est celui d’une autre entreprise.", "reste versée", "tribunal administratif"),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []


def test_a_refusal_states_its_reasons_and_how_it_may_be_contested() -> None:
    assert REFUSED.missing() == []
