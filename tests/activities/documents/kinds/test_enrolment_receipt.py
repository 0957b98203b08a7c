"""Récépissé d’adhésion: an example, and what it must state."""

import re

from models.terms import terms
from tests.activities.documents.examples import PRINTED_RECEPTION, Example, an_enrolment_receipt

EXAMPLE = Example(
    an_enrolment_receipt(),
    (
        "Récépissé d’adhésion",
        "I de l’article R. 5122-26",
        "Jeanne Martin",
        "jeanne.martin@ateliers.example",
        PRINTED_RECEPTION,
        "Code d’activation envoyé au plus tard le 15 novembre 2026 à 15 h 03 min 09 s",
        "Version du 2 avril 2020",
        "applicables à compter du 2 avril 2020",
        " ".join(re.findall(".{8}", terms("2020-04-02").sha256)),
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
