"""Récépissé d'une demande d'indemnisation: an example, and what it must state."""

from datetime import date

from activities.documents.kinds.claim_receipt import ClaimReceipt
from law.payment import payment_delay
from tests.activities.documents.examples import AUTHOR, Example, claim_fields

DELAY = payment_delay(date(2027, 1, 4))
EXAMPLE = Example(
    ClaimReceipt.model_validate(claim_fields() | {"author": AUTHOR, "due_on": DELAY.due_on, "why": DELAY.why}),
    (
        AUTHOR,
        "Récépissé de demande d’indemnisation",
        "Demande d’indemnisation de décembre 2026, partie 1, version 2, dossier 034AQHV02",
        "4 janvier 2027 à 9 h 12 min 30 s, heure de Paris (UTC+1)",
        "au plus tard le 14 janvier 2027, si la demande est complète",
        "du 1er décembre 2026 au 31 décembre 2026",
        "1 204,5 heures",
        "9 671,64 €",
        "16 862,30 €",
        "Paiement dans les 10 jours de la réception",
        "il ne vaut ni accord",
    ),
)


def test_it_states_what_was_received_and_until_when_it_is_paid() -> None:
    assert EXAMPLE.missing() == []
