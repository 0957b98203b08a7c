"""Questions of money and hours as people write them, and what has no answer."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from models.bodies.calculations import AllowanceQuestion, ForfeitureQuestion, HoursQuestion
from models.calculations import Unanswerable, allowance, forfeiture, payable_hours

ALLOWANCE = {"on": "2026-11-02", "hours": "151.67", "hourly_gross": "15"}
HOURS = {"week": "2026-11-02", "contract_week": "35", "worked": "14"}


def asked(**said: Any) -> AllowanceQuestion:
    return AllowanceQuestion.model_validate(ALLOWANCE | said)


@pytest.mark.parametrize("written", ["15", "15.00", "15,00", " 15,0 "])
def test_a_number_is_read_as_people_write_it(written: str) -> None:
    assert allowance(asked(hourly_gross=written)) == allowance(asked())


@pytest.mark.parametrize("written", ["", "quinze", "1e3", "-1", "0", "15 €", "1,5,0", "NaN", 15.5, "99999999"])
def test_what_is_no_number_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        asked(hourly_gross=written)


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"smic_share": "0.43"}, "/hourly_gross", "pay-needed"),
        ({"hourly_gross": None}, "/hourly_gross", "pay-needed"),
        ({"to": "2026-11-01"}, "/to", "period-order"),
        ({"to": "2036-11-01"}, "/to", "period-order"),
        ({"on": "2019-11-04"}, "/headcount", "headcount-needed"),
        ({"on": "2013-06-30", "headcount": 5}, "/on", "before-first-text"),
        ({"on": "2021-02-01", "department": "976"}, "/on", "rate-unknown"),
        ({"on": "2026-11-02", "sector": "chido"}, "/on", "rate-unknown"),
        ({"scheme": "apld", "sector": "closed"}, "/sector", "sector-does-not-apply"),
        ({"scheme": "apld_r", "on": "2025-01-01"}, "/on", "before-first-text"),
    ],
)
def test_a_question_without_an_answer_says_why(said: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(Unanswerable) as wrong:
        allowance(asked(**said))
    assert (wrong.value.pointer, wrong.value.code) == (pointer, code)
    assert str(wrong.value).endswith(".")


def test_money_and_hours_are_written_as_decimal_texts() -> None:
    found = allowance(asked()).model_dump(mode="json")
    assert found["allowance"] == {"hourly": "8.57", "total": "1299.81"}
    assert found["months"] == [{"month": "2026-11", "hours": "151.67", "allowance": "1299.81", "indemnity": "1443.90"}]
    hours = payable_hours(HoursQuestion.model_validate(HOURS)).model_dump(mode="json")
    assert (hours["payable_hours"], hours["by_month"]) == ("21", {"2026-11": "21"})


def test_a_week_is_named_by_its_monday() -> None:
    with pytest.raises(Unanswerable, match="lundi"):
        payable_hours(HoursQuestion.model_validate(HOURS | {"week": "2026-11-03"}))


@pytest.mark.parametrize(
    ("last", "is_told"),
    [("2026-11-28", False), ("2026-11-29", False), ("2026-11-30", True), ("2030-01-01", True)],
)
def test_figures_of_days_to_come_are_said_to_be_those_of_today(last: str, is_told: bool) -> None:
    asked_on = date(2026, 11, 29)
    found = allowance(asked(on="2026-11-02", to=last), asked_on)
    told = [each for each in found.why if "connus le 29 novembre 2026" in each.text]
    assert [(each.value, each.article) for each in told] == [
        ("SMIC de 12,31\xa0€ depuis le 1er juin 2026", "L. 3231-2")
    ][: int(is_told)]


@pytest.mark.parametrize("said", [{"days": 3}, {"half_days": 1}])
@pytest.mark.parametrize("mode", ["01", "02", "03", "04", "06", "07", "08", "09"])
def test_days_do_not_apply_to_a_mode_that_counts_hours(mode: str, said: dict[str, int]) -> None:
    with pytest.raises(Unanswerable) as wrong:
        payable_hours(HoursQuestion.model_validate(HOURS | said | {"mode": mode}))
    assert (wrong.value.pointer, wrong.value.code) == (f"/{next(iter(said))}", "days-do-not-apply")


@pytest.mark.parametrize("mode", ["05", "10"])
def test_a_collective_duration_does_not_apply_to_a_mode_that_counts_days(mode: str) -> None:
    with pytest.raises(Unanswerable) as wrong:
        payable_hours(HoursQuestion.model_validate(HOURS | {"mode": mode, "days": 1, "collective_week": "35"}))
    assert (wrong.value.pointer, wrong.value.code) == ("/collective_week", "collective-week-does-not-apply")


@pytest.mark.parametrize("mode", ["05", "10"])
def test_days_apply_to_a_mode_that_counts_them(mode: str) -> None:
    found = payable_hours(HoursQuestion.model_validate(HOURS | {"mode": mode, "days": 1, "half_days": 1}))
    assert f"{found.payable_hours:f}" == {"05": "10.50", "10": "13.13"}[mode]


def test_a_request_cannot_be_filed_in_a_far_future() -> None:
    stated = {"period_end": "2028-01-31", "filed_on": "2027-11-29"}
    assert forfeiture(ForfeitureQuestion.model_validate(stated), date(2026, 11, 29)).last_day_on == date(2028, 7, 31)
    with pytest.raises(Unanswerable) as wrong:
        forfeiture(ForfeitureQuestion.model_validate(stated | {"filed_on": "2027-11-30"}), date(2026, 11, 29))
    assert (wrong.value.pointer, wrong.value.code) == ("/filed_on", "filed-too-far-ahead")


def test_forfeiture_before_the_first_text_has_no_answer() -> None:
    question = ForfeitureQuestion.model_validate({"period_end": "2013-06-20", "filed_on": "2013-06-01"})
    with pytest.raises(Unanswerable):
        forfeiture(question)
