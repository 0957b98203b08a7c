"""Décision d’autorisation: an example, and what it must state."""

from tests.activities.documents.examples import IN_EVERY_DECISION, PRINTED_ACCOUNT, Example, a_grant

EXAMPLE = Example(
    a_grant(),
    (
        *IN_EVERY_DECISION,
        "15 novembre 2026 à 14 h 03 min 09 s",
        "12 000 heures",
        PRINTED_ACCOUNT,
        "Dernier jour pour demander l’allocation due pour la période autorisée : le 31 août 2027",
        "du 1er décembre 2026 au 28 février 2027",
        "Maintien dans l’emploi",
        "jusqu’au 31 mai 2027",
        "et par délégation",
        "Hugo Lenoir",
        "arrêté du 3 janvier 2024 portant délégation de signature",
    ),
)


def test_it_states_what_the_law_requires() -> None:
    assert EXAMPLE.missing() == []
