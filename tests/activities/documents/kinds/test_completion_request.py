"""Demande de pièces: an example, and what it must state."""

from datetime import date

from activities.documents.contents import Piece
from activities.documents.kinds.completion_request import CompletionRequest
from tests.activities.documents.examples import (
    HEADING,
    PRINTED_ACCEPTANCE,
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
            "agent": "Nadia Perrin, contrôleuse du travail",
        }
    ),
    (
        PRINTED_RECEPTION,
        PRINTED_ACCEPTANCE,
        "Code du travail, article R. 5122-2",
        "porte sur une autre période",
        "au plus tard le 10 décembre 2026",
        "s’arrête",
        "recommence en entier",
        "Nadia Perrin",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
