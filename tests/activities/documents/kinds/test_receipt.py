"""Récépissé de dépôt: an example, and what it must state."""

from tests.activities.documents.examples import (
    AMENDED,
    PRINTED_ACCEPTANCE,
    PRINTED_DEADLINE,
    PRINTED_RECEPTION,
    Example,
    a_receipt,
)

EXAMPLE = Example(
    a_receipt(),
    (
        "Jeanne Martin",
        PRINTED_RECEPTION,
        PRINTED_ACCEPTANCE,
        PRINTED_DEADLINE,
        "Fermeture temporaire d’une partie de l’établissement",
        "L’atelier principal a été inondé",
        "Avis favorable du comité social et économique",
        "FR14 … 2606",
        " ".join(["5f5f5f5f"] * 8),
        "sous réserve qu’elle soit complète",
        "droit à une attestation",
        "15 jours calendaires",
        "R. 5122-4",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []


def test_that_of_an_amendment_says_what_it_amends() -> None:
    named = f"Demande d’avenant à l’autorisation {AMENDED}, dossier"
    received = f"Votre demande d’avenant à l’autorisation {AMENDED} a été reçue."
    assert Example(a_receipt(amends=AMENDED), (named, received)).missing() == []
