"""The months and hours that the demonstration claims, whatever the day it is run."""

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from cli.examiner import own_examiner
from law.calendar import add_months, is_holiday
from law.pay import Circumstances
from models.claim_files.check import check
from models.claim_files.claim import Claim
from models.claim_files.profile import ReadingContext
from models.claim_files.reading import read
from models.claim_files.verdict import CLAIM
from scenarios.claims import AMENDED_HOURS, HOURS, first_month, lines

DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(5 * 365 + 1)]
FIRSTS = sorted({first_month(day) for day in DAYS})
SATURDAY = 5


def _three_months(first: date) -> list[date]:
    return [add_months(first, number) for number in range(3)]


def _hours(month: date, people: int) -> Decimal:
    return sum((Decimal(str(each["idle"])) for each in lines(month, people)), Decimal())


def _is_worked(day: date) -> bool:
    return day.weekday() < SATURDAY and not is_holiday(day, "38")


def _is_in_a_week_of_work(month: date) -> bool:
    """Tell whether the first day of a month has days of work before and after it in its week."""
    week = [month + timedelta(days=number - month.weekday()) for number in range(7)]
    return any(_is_worked(day) for day in week if day < month) and any(_is_worked(day) for day in week if day >= month)


def test_a_month_ends_in_the_middle_of_a_week_of_work_whatever_the_day() -> None:
    assert DAYS[-1] == date(2030, 12, 31)
    for day in DAYS:
        first, *ends = _three_months(first_month(day))
        assert first > day
        assert any(map(_is_in_a_week_of_work, ends)), day


def test_the_months_are_the_next_ones_of_which_one_ends_so() -> None:
    """In 2027 the first of January is a Friday; that of February and that of March are Mondays."""
    assert first_month(date(2026, 10, 31)) == date(2026, 11, 1)
    assert {first_month(date(2026, 11, 1) + timedelta(days=number)) for number in range(92)} == {date(2027, 2, 1)}
    assert first_month(date(2027, 2, 1)) == date(2027, 3, 1)
    assert all(first_month(day) <= add_months(day.replace(day=1), 3) for day in DAYS)


@pytest.mark.parametrize("first", FIRSTS)
def test_the_same_people_are_claimed_in_each_month_and_in_both_halves_of_a_week(first: date) -> None:
    months = [lines(month, 6) for month in _three_months(first)]
    everybody = {each["nir"] for each in months[0]}
    assert len(everybody) == 6
    assert all({each["nir"] for each in month} == everybody for month in months)
    by_week = [{(each["nir"], each["week"]) for each in month} for month in months]
    assert any({nir for nir, _ in one & next_one} == everybody for one, next_one in pairwise(by_week))


@pytest.mark.parametrize("first", FIRSTS)
def test_the_third_month_needs_the_hours_of_the_amendment(first: date) -> None:
    one, two, three = _three_months(first)
    assert _hours(one, 6) + _hours(two, 6) <= Decimal(HOURS)
    accepted = _hours(one, 5) + _hours(two, 6) + _hours(three, 6)
    assert Decimal(HOURS) < accepted <= Decimal(AMENDED_HOURS)


def test_the_lines_have_neither_error_nor_warning_which_no_standing_instruction_agrees_to() -> None:
    months = sorted({month for first in FIRSTS for month in _three_months(first)})
    with own_examiner(CLAIM) as examiner:
        for month in months:
            content = json.dumps({"lines": lines(month, 6)}).encode()
            file = read(examiner, content, ReadingContext(month=f"{month:%Y-%m}", payee="establishment"))
            found = check(file, Claim(month=month, where=Circumstances("38")))
            assert (found.error_count, found.warning_count) == (0, 0), month
