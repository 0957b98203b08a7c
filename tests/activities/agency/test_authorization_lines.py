"""An authorization as the agency reads it: each field in its form."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from activities.agency.authorization_lines import AUTHORIZATION_LINES
from activities.agency.layout import lay_out
from models.store.agency.rows import Row

PLENTY = 2 * 1024 * 1024


def a_row(**changes: object) -> Row:
    row: dict[str, object] = {
        "key": "a" * 64,
        "reference": "034AQHV02",
        "number": "034AQHV0200",
        "siret": "73282932000074",
        "tacit": True,
        "effect_at": datetime(2026, 12, 7, 23, 0, 0, tzinfo=UTC),
        "start_on": "2026-12-01",
        "end_on": "2027-02-28",
        "employees": 42,
        "hours": Decimal("12000.5"),
        "ground": "disaster_or_weather",
        "iban": "FR1420041010050500013M02606",
        "holder": "Ateliers Cœur d’Ÿonne",
        "sha256": "b" * 64,
    }
    return Row.model_validate(row | changes)


def test_a_file_has_the_habits_of_the_agency() -> None:
    content, count = lay_out(AUTHORIZATION_LINES, [a_row()], 700, PLENTY)
    assert count == 1
    assert json.loads(content) == {
        "msgInformatif": None,
        "telId": None,
        "lignesTelechargement": [
            {
                "numLigne": 1,
                "typeMouvement": "C",
                "cleLigne": "a" * 64,
                "mesure": "ACTIVITE_PARTIELLE",
                "siret": "73282932000074",
                "numAutorisation": "034AQHV0200",
                "natureDecision": "TACITE",
                "dateEffet": "08/12/2026",
                "heureEffet": "00:00:00",
                "motifRecours": 3,
                "dateDebut": "01/12/2026",
                "dateFin": "28/02/2027",
                "nbSalaries": 42,
                "nbHeures": "12000,50",
                "iban": "FR1420041010050500013M02606",
                "titulaireCompte": "ATELIERS COEUR D'YONNE",
                "empreinteDocument": "b" * 64,
                "codeTraitement": None,
                "libelleTraitement": None,
            }
        ],
        "empreintes": [{"numLigne": 1, "document": "034AQHV0200.pdf", "sha256": "b" * 64}],
    }


@pytest.mark.parametrize(
    ("holder", "written"),
    [
        ("Đặng Łódź – Ørsted", "DANG LODZ - ORSTED"),
        ("Ateliers\nDurand\tSA", "ATELIERS DURAND SA"),
        ("œ" * 140, "OE" * 70),
        ("北京", "BEIJING"),
        ("\u200b", "TITULAIRE ILLISIBLE"),
        ("...", "TITULAIRE ILLISIBLE"),
    ],
)
def test_a_holder_keeps_its_letters_and_is_never_empty(holder: str, written: str) -> None:
    content, _ = lay_out(AUTHORIZATION_LINES, [a_row(holder=holder)], 700, PLENTY)
    assert json.loads(content)["lignesTelechargement"][0]["titulaireCompte"] == written
