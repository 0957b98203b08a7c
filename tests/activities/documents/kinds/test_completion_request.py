"""Demande de pièces: an example, and what it must state."""

from datetime import date

from activities.documents.contents import Piece
from activities.documents.kinds.completion_request import CompletionRequest
from tests.activities.documents.examples import (
    HEADING,
    PRINTED_RECEPTION,
    RECEIVED,
    SILENCE,
    Example,
)

EXAMPLE = Example(
    CompletionRequest.model_validate(
        HEADING
        | {
            "received_at": RECEIVED,
            "tacit_acceptance_at": SILENCE.tacit_acceptance_at,
            "pieces": (
                Piece(
                    code="avis_cse",
                    label="Avis du comité social et économique",
                    text_reference="Code du travail, article R. 5122-2",
                ),
            ),
            "reasons": "L’avis joint à la demande porte sur une autre période.",
            "due_on": date(2026, 12, 10),
            "agent": "Nadia Perrin",
            "agent_quality": "contrôleuse du travail",
        }
    ),
    (
        PRINTED_RECEPTION,
        "notifiée après le 30 novembre 2026 à minuit (heure de Paris)",
        "Code du travail, article R. 5122-2",
        "porte sur une autre période",
        "au plus tard le 10 décembre 2026 à minuit (heure de Paris)",
        "le délai reste arrêté",
        "vous pouvez encore fournir les pièces",
        "s’arrête",
        "recommence en entier",
        "Nadia Perrin, contrôleuse du travail",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
