"""Récépissé de complétude: an example, and what it must state."""

from datetime import datetime

from activities.documents.kinds.completion_receipt import CompletionReceipt
from law.silence import silence
from tests.activities.documents.examples import PARIS, PRINTED_RECEPTION, RECEIVED, Example, a_receipt

COMPLETED = datetime(2026, 11, 21, 8, 0, 1, tzinfo=PARIS)
AGAIN = silence(COMPLETED, "34", completed=True)
EXAMPLE = Example(
    CompletionReceipt.model_validate(
        a_receipt().model_dump(exclude={"kind"})
        | {
            "filed_at": RECEIVED,
            "received_at": COMPLETED,
            "tacit_acceptance_at": AGAIN.tacit_acceptance_at,
            "last_day_on": AGAIN.last_day_on,
            "why": AGAIN.why,
            "pieces": ("Avis du comité social et économique",),
        }
    ),
    (
        "Jeanne Martin",
        PRINTED_RECEPTION,
        "21 novembre 2026 à 8 h 00 min 01 s",
        "7 décembre 2026 à 0 h 00 min 00 s",
        "au plus tard le 6 décembre 2026 à minuit (heure de Paris)",
        "Avis du comité social et économique",
        "le délai entier recommence",
        "sous réserve qu’elle soit complète",
        "droit à une attestation",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
