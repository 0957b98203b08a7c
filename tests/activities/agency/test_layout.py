"""The agency's file: its fields, its caps, the same bytes for the same rows."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import pytest

from activities.agency.layout import RowTooLarge, lay_out, name
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


def rows(count: int) -> list[Row]:
    return [a_row(key=sha256(str(number).encode()).hexdigest()) for number in range(count)]


def test_a_file_has_the_habits_of_the_agency() -> None:
    content, count = lay_out([a_row()], 700, PLENTY)
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


def test_the_same_rows_give_the_same_bytes() -> None:
    assert lay_out(rows(3), 700, PLENTY) == lay_out(rows(3), 700, PLENTY)


@pytest.mark.parametrize(("offered", "held"), [(1, 1), (700, 700), (701, 700)])
def test_a_file_holds_no_more_rows_than_the_agency_takes(offered: int, held: int) -> None:
    content, count = lay_out(rows(offered), 700, PLENTY)
    lines = json.loads(content)["lignesTelechargement"]
    assert count == held
    assert [line["numLigne"] for line in lines] == list(range(1, held + 1))


def test_a_file_holds_no_more_bytes_than_the_agency_takes() -> None:
    whole = len(lay_out(rows(10), 700, PLENTY).content)
    assert lay_out(rows(10), 700, whole).rows == 10
    cut = lay_out(rows(10), 700, whole - 1)
    assert cut.rows == 9
    assert len(cut.content) < whole
    assert len(json.loads(cut.content)["empreintes"]) == 9


def test_a_row_larger_than_a_file_is_an_error() -> None:
    with pytest.raises(RowTooLarge):
        lay_out(rows(2), 700, 500)


def test_a_file_is_named_by_its_second() -> None:
    assert name("TACITE_DA_", datetime(2021, 5, 12, 10, 27, 43, tzinfo=UTC)) == "TACITE_DA_20210512102743.json"
