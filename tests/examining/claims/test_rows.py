"""Each row becomes lines, or every fault of it with its line and column; nothing of a line at fault is kept."""

import pytest

from models.claim_files.fields import Category, Field
from models.claim_files.profile import ImportProfile
from tests.examining.claims.files import (
    ANGE,
    ELODIE,
    HEADER,
    LINES,
    ROWS,
    WIDE_HEADER,
    WIDE_ROWS,
    codes,
    reading,
    row,
    table,
)


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        ("nir", "", "nir-missing"),
        ("nir", "29510991", "nir-form"),
        ("nir", "295109912611199", "nir-key"),
        ("nir", "7951099126111", "nir-temporary"),
        ("nom", "", "name-missing"),
        ("prenom", " ", "name-missing"),
        ("nom", "Mar\x07tin", "name-characters"),
        ("nom_usage", "Ã‰lodie", "name-characters"),
        ("categorie", "C", "category-unknown"),
        ("mode", "99", "mode-unknown"),
        ("semaine", "hier", "week-unreadable"),
        ("heures_travaillees", "sept", "hours-not-a-number"),
        ("heures_chomees", "", "hours-not-a-number"),
        ("heures_chomees", "-7", "hours-negative"),
        ("heures_travaillees", "7,125", "hours-too-precise"),
        ("duree_contrat", "", "contract-hours"),
        ("duree_contrat", "0", "contract-hours"),
        ("duree_contrat", "temps plein", "hours-not-a-number"),
        ("taux_horaire", "-12", "hours-negative"),
        ("taux_horaire", "douze", "hours-not-a-number"),
        ("alternance", "peut-être", "apprentice-unknown"),
    ],
)
def test_each_fault_is_said_at_its_line_and_column_and_no_other(column: str, written: str, code: str) -> None:
    found = reading(table([*ROWS, row(**{column: written}), ROWS[0]]))
    assert codes(found) == [(code, 5, column)]
    assert found.rows.splitlines() == [*LINES, LINES[0].replace("2|", "6|", 1)]
    assert (found.total, found.fault_count) == (5, 1)


@pytest.mark.parametrize("wrong", [ROWS[0][:-1], (*ROWS[0], "x"), ("x",)])
def test_a_row_of_another_length_is_at_fault_as_a_whole(wrong: tuple[str, ...]) -> None:
    assert codes(reading(table([ROWS[0], wrong, ROWS[1]]))) == [("line-length", 3, "")]


def test_a_value_below_an_empty_header_is_a_row_too_long() -> None:
    rows = [(*ROWS[0], ""), (*ROWS[1], "x")]
    assert codes(reading(table(rows, (*HEADER, "")))) == [("line-length", 3, "")]


def test_all_faults_of_a_row_are_said_in_the_order_of_its_columns() -> None:
    wrong = row(nir="1", nom="", semaine="?", heures_chomees="-1", taux_horaire="x")
    assert [column for _, _, column in codes(reading(table([wrong])))] == [
        "nir",
        "nom",
        "semaine",
        "heures_chomees",
        "taux_horaire",
    ]


def test_nothing_of_a_nir_or_an_iban_is_shown() -> None:
    found = reading(table([row(nir="295109912611199")]))
    assert found.faults[0].shown == "2…99"
    assert "295109912611199" not in found.model_dump_json()


@pytest.mark.parametrize("column", ["nom", "prenom", "categorie", "mode", "semaine", "heures_chomees", "taux_horaire"])
@pytest.mark.parametrize("number", ["295109912611193", "2 95 10 99 126 111 93", "FR76 3000 6000 0112 3456 7890 189"])
def test_nor_of_one_that_stands_in_another_column(number: str, column: str) -> None:
    (fault,) = reading(table([row(**{column: number})])).faults
    assert (fault.column, len(fault.shown)) == (column, 4)


def test_blank_rows_and_totals_are_no_lines() -> None:
    total = ("TOTAL", *("" for _ in range(7)), "46,5", "62,5", "", "")
    found = reading(table([ROWS[0], ("",) * 12, ROWS[1], ROWS[2], total]))
    assert (found.total, found.fault_count) == (3, 0)


def test_a_wide_row_is_a_line_a_week_but_for_weeks_left_blank() -> None:
    found = reading(table(WIDE_ROWS, WIDE_HEADER))
    assert found.rows.splitlines() == [LINES[1].replace("3|", "2|", 1), LINES[0], LINES[2].replace("4|", "3|", 1)]


def test_a_week_between_two_days_is_read_or_told_as_both() -> None:
    header = (*HEADER[:7], "du", "au", *HEADER[8:])
    rows = [(*ROWS[0][:7], first, last, *ROWS[0][8:]) for first, last in (("28/06/2021", "04/07/2021"), ("1", "2"))]
    found = reading(table(rows, header))
    assert found.rows == LINES[0]
    assert codes(found) == [("week-unreadable", 3, "du")]
    assert found.faults[0].shown == "du 1 au 2"


def test_a_wide_row_says_which_week_is_at_fault() -> None:
    wrong = (*ELODIE, "x", "35", "7,5", "", "12,30", "non")
    assert codes(reading(table([wrong], WIDE_HEADER))) == [
        ("hours-not-a-number", 2, "S25 trav"),
        ("hours-not-a-number", 2, "S26 chômées"),
    ]


def test_a_profile_maps_codes_and_states_what_all_lines_have_in_common() -> None:
    profile = ImportProfile(
        name="Paie",
        categories={"C": Category.SUPERVISOR},
        modes={"H": "01"},
        constants={Field.CONTRACT_HOURS: "39", Field.WEEK: "2021-W26"},
    )
    header = ("nir", "nom", "prenom", "csp", "mode", "h trav", "h chom", "taux horaire", "alternance")
    cells = (ANGE[0], ANGE[1], ANGE[3], "c", "h", "39", "0", "18,1234", "oui")
    assert reading(table([cells], header), profile=profile).rows == LINES[2].replace("4|", "2|", 1)


def test_a_second_way_to_write_hours_refuses_the_file_and_nothing_is_kept() -> None:
    found = reading(table([*ROWS, row(heures_chomees="27h30")]))
    assert (found.refusal, found.at_line, found.rows) == ("hours-mixed", 5, "")


def test_direct_payment_reads_the_payee_only_then() -> None:
    header = (*HEADER, "civilite", "naissance", "commune_insee", "adresse", "code_postal", "ville", "iban")
    cells = (*ROWS[0], "Mme", "01/10/1995", "99126", "1 rue Haute", "75001", "Paris", "FR7630006000011234567890189")
    assert reading(table([cells], header), direct=True).rows.endswith(
        "|Durand|Mme|1995-10-01|99126|1 rue Haute|75001|Paris|FR7630006000011234567890189"
    )
    assert codes(reading(table([(*cells[:-1], "FR7630006000011234567890188")], header), direct=True)) == [
        ("iban", 2, "iban")
    ]
    assert reading(table([cells], header)).rows == LINES[0]
