"""What is wrong in a file of answers is told by its lines and fields, and nothing that it quotes is."""

import json

import pytest

from models.agency_diagnosis import LineFault, diagnose

KEY, OTHER = "a" * 64, "b" * 64
NAME, NIR = "DUPONT MARIE", "253077500000191"
MALFORMED_CODE = "« codeTraitement » n’a pas la forme attendue."


def written(*lines: dict[str, object]) -> bytes:
    usual = {"typeMouvement": "C", "codeTraitement": "0000", "libelleTraitement": f"{NAME} {NIR}"}
    return json.dumps({"lignesTelechargement": [usual | each for each in lines]}).encode()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", [(None, "Le contenu n’est pas du JSON lisible.")]),
        (b"{}", [(None, "« lignesTelechargement » manque.")]),
        (written({"numLigne": 1}, {"numLigne": 2, "codeTraitement": NIR}), [(2, MALFORMED_CODE)]),
        (written({"numLigne": NAME}), [(1, "« numLigne » n’a pas la valeur attendue.")]),
        (written({"numLigne": 9}), [(9, "Le fichier déposé n’a pas de ligne de ce numéro.")]),
        (written({"numLigne": 1, "cleLigne": OTHER}), [(1, "La clé n’est pas celle de la ligne déposée.")]),
        (
            written({"numLigne": 1, "typeMouvement": "M"}),
            [(1, "Le mouvement n’est pas celui des demandes d’indemnisation.")],
        ),
        (b'{"lignesTelechargement": ["DUPONT MARIE"]}', [(1, "Ce n’est pas une ligne.")]),
        (
            written({"numLigne": 9}, {"numLigne": NAME}),
            [(9, "Le fichier déposé n’a pas de ligne de ce numéro."), (2, "« numLigne » n’a pas la valeur attendue.")],
        ),
        (written({"numLigne": 1, "cleLigne": KEY}), []),
        (written({"numLigne": 9, "codeTraitement": None}), []),
    ],
)
def test_each_line_that_is_wrong_is_told_without_what_it_holds(content: bytes, expected: list[object]) -> None:
    found = diagnose(content, {1: KEY})
    assert found == expected
    assert not [each for each in found if NAME in each.what or NIR in each.what]


def test_answers_to_a_file_that_we_did_not_put_name_no_line() -> None:
    assert diagnose(written({"numLigne": 1}), None) == [
        LineFault(None, "Aucun fichier déposé par nous ne porte ce nom.")
    ]
