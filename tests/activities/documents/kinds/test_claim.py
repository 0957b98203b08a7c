"""Demande d'indemnisation signée: an example, and what it must state; it names nobody whose hours it claims."""

from datetime import date
from decimal import Decimal

from activities.documents.kinds.claim import AuthorisedLimits, PrintedRate, SignedClaim
from activities.documents.render import render
from models.identifiers import Period
from tests.activities.documents.examples import ACCOUNT, AT, Example, signed_claim_fields, text_of

STATED = signed_claim_fields() | {
    "limits": AuthorisedLimits(
        period=Period(start_on=date(2026, 12, 1), end_on=date(2027, 2, 28)), employees=42, hours=Decimal(12_000)
    ),
    "rates": (
        PrintedRate(hourly="8,03 €", hours=Decimal("1200.5"), allowance="9 640,00 €"),
        PrintedRate(hourly="7,91 €", hours=Decimal(4), allowance="31,64 €"),
    ),
    "state_share": "6 480,00 €",
    "unedic_share": "3 191,64 €",
    "bank_account": ACCOUNT,
    "nominal_sha256": "5f" * 32,
}
EXAMPLE = Example(
    SignedClaim.model_validate(
        STATED | {"instruction": "instruction permanente donnée par Hugo Lenoir le 2 janvier 2027"}
    ),
    (
        "Vu le code du travail",
        "Vu l’autorisation n° 034AQHV0200",
        "8,03 €",
        "1 200,5",
        "7,91 €",
        "Total",
        "9 671,64 €",
        "Allocation à la charge de l’État : 6 480,00 €",
        "FR14 2004 1010 0505 0001 3M02 606",
        "42 salariés au plus, 12 000 heures au plus",
        "arrêté du 24 juillet 2014, article 5",
        "instruction permanente donnée par Hugo Lenoir",
        "5f5f5f5f",
        "Demande signée électroniquement",
        "Hugo Lenoir",
        "Pour le préfet de l’Hérault et par délégation",
    ),
)


def test_it_states_what_the_order_of_2014_requires() -> None:
    assert EXAMPLE.missing() == []


def test_an_instruction_that_is_not_there_is_not_mentioned() -> None:
    text = text_of(render(SignedClaim.model_validate(STATED), AT))
    assert "instruction permanente" not in text
