"""Récépissé de dépôt: an example, and what it must state."""

from tests.activities.documents.examples import PRINTED_ACCEPTANCE, PRINTED_RECEPTION, Example, a_receipt

EXAMPLE = Example(
    a_receipt(),
    (
        "Jeanne Martin",
        PRINTED_RECEPTION,
        PRINTED_ACCEPTANCE,
        "sous réserve qu’elle soit complète",
        "droit à une attestation",
        "au plus tard le 30 novembre 2026",
        "15 jours calendaires",
        "R. 5122-4",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
