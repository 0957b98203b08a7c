"""A week is read in each of the forms that people write, and only as one week."""

from datetime import date

import pytest

from examining.claims.weeks import between, day, monday, within_header

JUNE = date(2021, 6, 1)
WEEK_26 = date(2021, 6, 28)


@pytest.mark.parametrize(
    "written",
    [
        *("2021-W26", "2021W26", "2021-S26", "2021 S26", "2021-W26-1", "2021/s26"),
        *("26/2021", "26-2021", "26 2021", "S26/2021", "S26-2021", "Semaine 26 2021", "sem. 26/2021", "W26 2021"),
        *("S26", "s26", "S 26", "W26", "Sem 26", "Sem. 26", "semaine 26", "Semaine n°26", "26"),
        *("28/06/2021", "28-06-2021", "28.06.2021", "28/6/2021", "28/06/21", "2021-06-28", "2021-06-28T00:00:00"),
        *("lundi 28/06/2021", "semaine du 28/06/2021", "du 28/06/2021", "44375"),
        *("du 28/06/2021 au 04/07/2021", "Du 28/06 au 04/07/2021", "28/06/2021 - 04/07/2021", "28/06/2021 au 2/7/2021"),
        *("du 28/06/2021 au 30/06/2021", "du 01/07/2021 au 04/07/2021", "2021-06-28 au 2021-07-04"),
        *("semaine du 28/06/2021 au 04/07/2021", " 2021-W26 ", "01/07/2021"),
    ],
)
def test_a_week_in_each_form_is_its_monday(written: str) -> None:
    assert monday(written, JUNE) == WEEK_26


@pytest.mark.parametrize(
    "written",
    [
        *("", "?", "juin", "2021", "2021-W54", "2021-W00", "53/2021", "S54", "0", "29/06/2021", "2021-06-31"),
        *("31/06/2021", "du 28/06/2021 au 05/07/2021", "du 04/07/2021 au 28/06/2021", "12345", "1999-W10", "44376"),
        *("28/06", "2021-W26 2021-W27", "٢٦/٢٠٢١", "9" * 60, "S" * 1000),
    ],
)
def test_what_is_no_week_is_not_read(written: str) -> None:
    assert monday(written, JUNE) is None


@pytest.mark.parametrize(
    ("first", "last", "week"),
    [
        ("28/06/2021", "04/07/2021", WEEK_26),
        ("28/06/21", "02/07/21", WEEK_26),
        ("2021-06-28", "2021-06-30", WEEK_26),
        ("01/07/2021", "04/07/2021", WEEK_26),
        ("29/06/2021", "29/06/2021", WEEK_26),
        ("44375", "44381", WEEK_26),
        ("28/06/2021", "2021-07-04", WEEK_26),
        ("28/06/2021", "", WEEK_26),
        ("29/06/2021", "", None),
        ("28/06/2021", "05/07/2021", None),
        ("01/06/2021", "30/06/2021", None),
        ("04/07/2021", "28/06/2021", None),
        ("", "04/07/2021", None),
        ("28/06/2021", "hier", None),
    ],
)
def test_two_days_of_two_columns_are_one_week(first: str, last: str, week: date | None) -> None:
    assert between(first, last, JUNE) == week


def test_a_number_alone_needs_the_month_claimed_and_takes_its_year() -> None:
    assert monday("S26") is None
    assert monday("S53", date(2021, 1, 1)) == date(2020, 12, 28)
    assert monday("S1", date(2019, 12, 1)) == date(2019, 12, 30)
    assert monday("S10", date(2021, 1, 1)) == date(2021, 3, 8)


@pytest.mark.parametrize(
    ("header", "left"),
    [
        ("S26 travaillées", "travaillées"),
        ("Travaillées S26", "Travaillées"),
        ("H trav S26", "H trav"),
        ("Heures chômées 2021-W26", "Heures chômées"),
        ("Heures travaillées semaine 26", "Heures travaillées"),
        ("28/06/2021 trav", "trav"),
        ("Heures travaillées 28/06/2021", "Heures travaillées"),
        ("Heures chômées du 28/06/2021 au 04/07/2021", "Heures chômées"),
        ("chom_26", "chom_"),
        ("26/2021 - chômées", "- chômées"),
        ("Sem. 26 - H. trav.", "- H. trav."),
        ("S26 du 28/06/2021 travaillées", "travaillées"),
        ("Semaine 26 du 28/06/2021 au 04/07/2021 chômées", "chômées"),
    ],
)
def test_the_header_of_a_wide_table_names_its_week(header: str, left: str) -> None:
    found = within_header(header.replace("_", " "), JUNE)
    assert found is not None
    assert (found[0], found[1].split()) == (WEEK_26, left.replace("_", " ").split())


@pytest.mark.parametrize("header", ["trav_26", "26_trav", "trav_S26", "S26_trav", "trav_2021-W26", "2021-06-28_trav"])
def test_words_may_be_joined_by_underscores(header: str) -> None:
    found = within_header(header, JUNE)
    assert found is not None
    assert (found[0], found[1].strip(" _")) == (WEEK_26, "trav")


@pytest.mark.parametrize("header", ["nir", "heures travaillées", "H35"])
def test_other_headers_name_none(header: str) -> None:
    assert within_header(header, JUNE) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("01/10/1995", date(1995, 10, 1)),
        ("1995-10-01", date(1995, 10, 1)),
        ("34973", date(1995, 10, 1)),
        ("01/10/95", None),
        ("31/02/1995", None),
        ("", None),
    ],
)
def test_a_birth_date_has_its_whole_year(written: str, read: date | None) -> None:
    assert day(written) == read
