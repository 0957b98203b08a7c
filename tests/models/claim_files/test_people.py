"""Two names under one number, a week twice: told once, at the line that is wrong."""

from datetime import date
from decimal import Decimal

import pytest

from models.claim_files.faults import FaultCode
from models.claim_files.fields import Category, Field
from models.claim_files.lines import ClaimLine, Payee
from models.claim_files.people import person_faults

MONDAY = date(2021, 3, 1)
TWICE, NAMES = FaultCode.WEEK_TWICE, FaultCode.NIR_TWO_NAMES


PAYEE = Payee(
    "Lefèvre", "Mme", date(1980, 4, 17), "75056", "1, rue Haute", "75001", "Paris", "FR7630006000011234567890189"
)


def a_line(line: int, name: str = "Martin", day: int = 1, nir: str = "180017511100129") -> ClaimLine:
    hours = (Decimal(35), MONDAY.replace(day=day), Decimal(0), Decimal(35), Decimal(15))
    return ClaimLine(line, nir, name, "", "Zoé", Category.WORKER, "02", *hours, apprentice=False)


def found(*lines: ClaimLine) -> list[tuple[int, FaultCode, int]]:
    return [(lines[at].line, code, other) for at, code, other, _ in person_faults(lines)]


def test_right_lines_have_no_fault() -> None:
    assert found(a_line(2), a_line(3, day=8), a_line(4, "Durand", nir="280017511100118")) == []


def test_a_second_line_of_a_week_names_the_first() -> None:
    assert found(a_line(2), a_line(3, day=8), a_line(4)) == [(4, TWICE, 2)]


def test_the_name_of_fewer_lines_is_wrong_wherever_it_stands() -> None:
    lines = [a_line(2, "Durand"), a_line(3, day=8), a_line(4, day=15)]
    assert found(*lines) == [(2, NAMES, 3)]


def test_the_first_name_stands_where_as_many_lines_have_each() -> None:
    assert found(a_line(2), a_line(3, "Durand", day=8)) == [(3, NAMES, 2)]


def test_a_line_under_another_name_repeats_no_week() -> None:
    assert found(a_line(2), a_line(3, day=8), a_line(4, "Durand")) == [(4, NAMES, 2)]


def test_accents_hyphens_and_capitals_make_no_other_name() -> None:
    assert found(a_line(2, "Lefèvre-Noël"), a_line(3, "LEFEVRE NOEL", day=8)) == []


def test_another_usage_name_is_wrong_and_one_that_is_left_out_is_not() -> None:
    married = [a_line(each, day=day)._replace(usage_name=usage) for each, day, usage in USAGES]
    assert found(*married) == [(5, NAMES, 3)]


USAGES = ((2, 1, ""), (3, 8, "Lefèvre"), (4, 15, "LEFEVRE"), (5, 22, "Noël"))


@pytest.mark.parametrize(
    ("stated", "field"),
    [({"iban": "FR1420041010050500013M02606"}, Field.IBAN), ({"city": "Lyon", "iban": "FR14"}, Field.CITY)],
)
def test_a_later_line_that_pays_another_contradicts_the_first(stated: dict[str, str], field: Field) -> None:
    lines = [a_line(2)._replace(payee=PAYEE), a_line(3, day=8)._replace(payee=PAYEE._replace(**stated))]  # type: ignore[arg-type]
    assert [*person_faults(lines)] == [(1, FaultCode.PAYEE_DIFFERS, 2, field)]


def test_one_payee_written_otherwise_is_the_same() -> None:
    written = PAYEE._replace(birth_name="LEFEVRE", address="1, RUE HAUTE")
    assert found(a_line(2)._replace(payee=PAYEE), a_line(3, day=8)._replace(payee=written)) == []


def test_lines_of_one_row_of_a_wide_table_do_not_repeat_each_other() -> None:
    assert found(a_line(2), a_line(2, day=8)) == []
