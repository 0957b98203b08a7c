"""Récépissé de changement de compte: an example, and what it must state."""

from activities.documents.kinds.bank_change_receipt import BankChangeReceipt
from tests.activities.documents.examples import AMENDED, AUTHOR, HEADING, PRINTED_RECEPTION, RECEIVED, Example

EXAMPLE = Example(
    BankChangeReceipt.model_validate(
        HEADING
        | {
            "number": "034AQHV0201",
            "amends": AMENDED,
            "author": AUTHOR,
            "received_at": RECEIVED,
            "account": "FR76 … 0189, au nom de Ateliers Cœur d’Ÿonne",
            "reasons": "L’entreprise a changé de banque.",
        }
    ),
    (
        AUTHOR,
        PRINTED_RECEPTION,
        AMENDED,
        "FR76 … 0189",
        "L’entreprise a changé de banque.",
        "ne vaut pas acceptation",
        "article R. 5122-26 du code du travail",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
