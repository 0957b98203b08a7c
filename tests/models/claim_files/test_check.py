"""Whole files: every planted fault is found and none invented; the same claim is the same cents in every form."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cli.examiner import own_examiner
from law.allowance import HeadcountNeeded, hourly_amounts
from law.amounts import to_the_cent
from law.pay import Circumstances, Pay
from law.rates import RateUnknown
from local.payroll_files import as_csv, as_dsn, as_json, as_xlsx
from local.payrolls import PERSON_COLUMNS, Line, Table, long_table, payroll, wide_table
from models.bodies.claim_files import ClaimFileQuestion
from models.claim_files.check import PROGRESS_STEP, CheckedFile, check
from models.claim_files.faults import FaultCode
from models.claim_files.fields import Field
from models.claim_files.profile import ReadingContext
from models.claim_files.reading import UnreadableFile, read
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import CLAIM
from models.examination.client import Examiner
from tests.models.claim_files.planted import MONTH, OF_WEEKS, PERIOD, PLANTS, planted

PEOPLE = 40
Form = Callable[[list[Line]], bytes]
Check = Callable[..., CheckedFile]


def _csv(of: Callable[[list[Line]], Table], separator: str, encoding: str) -> Form:
    return lambda lines: as_csv(of(lines), separator).encode(encoding)


FORMS: Mapping[str, Form] = {
    "long ;": _csv(long_table, ";", "utf-8"),
    "long , with mark": _csv(long_table, ",", "utf-8-sig"),
    "long tab UTF-16": _csv(long_table, "\t", "utf-16"),
    "wide ; 1252": _csv(wide_table, ";", "cp1252"),
    "wide ,": _csv(wide_table, ",", "utf-8"),
    "XLSX": lambda lines: as_xlsx(long_table(lines)),
    "wide XLSX": lambda lines: as_xlsx(wide_table(lines)),
    "JSON": lambda lines: as_json(long_table(lines)),
}


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    with own_examiner(CLAIM) as running:
        yield running


@pytest.fixture
def checked(examiner: Examiner) -> Check:
    def judge(content: bytes, payee: str = "establishment", **stated: Any) -> CheckedFile:
        question = ClaimFileQuestion.model_validate(stated)
        month = f"{question.month_on:%Y-%m}" if question.month_on else None
        context = ReadingContext.model_validate({"month": month, "payee": payee})
        return check(read(examiner, content, context), question.claim)

    return judge


def the_claim(month: date = MONTH, people: int = PEOPLE) -> list[Line]:
    return list(payroll(people, month))


def found(result: CheckedFile) -> Counter[tuple[int, FaultCode]]:
    assert (result.error_count, result.warning_count) == (len(result.errors), len(result.warnings))
    return Counter((each.line, each.code) for each in (*result.errors, *result.warnings))


def within_period(people: int) -> list[Line]:
    return [line for line in the_claim(people=people) if line.week >= date(2021, 3, 8)]


def judged(checked: Check, content: bytes) -> Counter[tuple[int, FaultCode]]:
    return found(checked(content, payee="employees", month="2021-03", period=PERIOD))


def test_a_thousand_faults_of_twenty_five_kinds_are_found_and_none_is_invented(checked: Check) -> None:
    table, wanted = planted(long_table(within_period(1_050)), list(PLANTS), 40, seed=1)
    assert (len(wanted), len({code for _, code in wanted})) == (1_000, 25)
    assert judged(checked, as_csv(table).encode()) == Counter(wanted)


@pytest.mark.parametrize("seed", range(3))
def test_so_are_those_of_a_wide_table(checked: Check, seed: int) -> None:
    kinds = [each for each in PLANTS if each not in OF_WEEKS]
    table, wanted = planted(wide_table(within_period(100)), kinds, 3, seed)
    assert judged(checked, as_csv(table, ",").encode("cp1252", "replace")) == Counter(wanted)


@pytest.mark.parametrize("form", [as_xlsx, as_json])
def test_so_are_those_of_a_workbook_and_of_json(checked: Check, form: Callable[[Table], bytes]) -> None:
    kinds = [each for each in PLANTS if each is not FaultCode.LINE_LENGTH]
    table, wanted = planted(long_table(within_period(100)), kinds, 3, seed=2)
    header = 1 if form is as_json else 0
    assert judged(checked, form(table)) == Counter((line - header, code) for line, code in wanted)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_claim_is_worth_the_same_in_every_form(checked: Check, form: str) -> None:
    lines = the_claim()
    result = checked(FORMS[form](lines), month="2021-03")
    assert found(result) == Counter()
    assert (result.month, result.lines, result.people) == (MONTH, len(lines), PEOPLE)
    assert (result.worth.hours, result.worth.allowance, result.worth.indemnity) == worth_by_calculator(lines)


def worth_by_calculator(lines: list[Line]) -> tuple[Decimal, Decimal, Decimal]:
    """One product a person, as the calculator gives it for one hour."""
    totals, by_person = [Decimal(0)] * 3, dict[tuple[str, ...], Decimal]()
    for line in lines:
        by_person[line.person] = by_person.get(line.person, Decimal(0)) + line.idle
    for person, hours in by_person.items():
        *_, gross, apprentice = person
        pay = Pay(Decimal(gross.replace(",", ".")), apprentice=bool(apprentice))
        hourly = hourly_amounts(MONTH, pay, Circumstances("75"))
        amounts = (hourly.allowance, hourly.indemnity)
        for at, amount in enumerate((hours, *(to_the_cent(each * hours) for each in amounts))):
            totals[at] += amount
    return totals[0], totals[1], totals[2]


def test_a_dsn_gives_the_same_people_and_month_totals(checked: Check) -> None:
    lines = the_claim()
    result = checked(as_dsn(lines, MONTH), month="2021-03")
    claimed = checked(FORMS["long ;"](lines), month="2021-03")
    assert (result.people, result.worth.hours) == (claimed.people, claimed.worth.hours)
    assert (result.is_priced, found(result)) == (False, Counter())
    with pytest.raises(UnreadableFile) as refused:
        checked(as_dsn(lines, MONTH), month="2021-04")
    assert refused.value.code is RefusalCode.DSN_OTHER_MONTH


def test_the_month_is_that_of_most_weeks_when_nobody_says(checked: Check) -> None:
    content = FORMS["long ;"](the_claim())
    assert checked(content) == checked(content, month="2021-03")


def test_each_month_of_a_quarter_is_its_own_claim(checked: Check) -> None:
    months = [date(2021, 5, 1), date(2021, 6, 1), date(2021, 7, 1)]
    quarter = [line for month in months for line in the_claim(month, 3) if _is_of(line.week, month)]
    together = checked(FORMS["long ;"](quarter), holidays_worked=False)
    assert (together.month, found(together)) == (None, Counter())
    each = [
        checked(FORMS["long ;"]([line for line in quarter if _is_of(line.week, month)]), holidays_worked=False)
        for month in months
    ]
    assert together.worth.allowance == sum(one.worth.allowance for one in each)


def _is_of(monday: date, month: date) -> bool:
    """Whether most working days of a week are of a month."""
    return (monday + timedelta(days=2)).replace(day=1) == month


def test_a_line_with_an_error_counts_in_no_sum(checked: Check) -> None:
    lines = the_claim(people=2)
    table = long_table(lines)
    table.rows[0][table.header.index(Field.HOURLY_GROSS.label)] = ""
    result = checked(as_csv(table).encode(), month="2021-03")
    assert found(result) == Counter([(2, FaultCode.WAGE_MISSING)])
    assert (result.lines, result.people) == (len(lines), 2)
    assert result.worth.hours == sum(line.idle for line in lines[1:])


def test_hours_of_a_holiday_are_one_warning_a_week_until_the_employer_says(checked: Check) -> None:
    table = long_table(the_claim(date(2021, 7, 1)))
    at = {field: table.header.index(field.label) for field in Field if field.label in table.header}
    bastille = [row for row in table.rows if row[at[Field.WEEK]] == "2021-W28"]
    for row in bastille:
        row[at[Field.WORKED]], row[at[Field.IDLE]] = "0", row[at[Field.CONTRACT_HOURS]]
    content = as_csv(table).encode()
    (warning,) = checked(content, month="2021-07").warnings
    assert (warning.code, warning.line) == (FaultCode.IDLE_ABOVE_PAYABLE, 2 + table.rows.index(bastille[0]))
    assert f"Semaine du 12/07/2021, {PEOPLE} lignes" in warning.message
    assert found(checked(content, month="2021-07", holidays_worked=True)) == Counter()
    assert checked(content, month="2021-07", holidays_worked=False).error_count == PEOPLE


@pytest.mark.parametrize(
    ("stated", "days"),
    [
        ({"month": "2026-03"}, "2 jours ouvrés de cette semaine : 14 h"),
        ({"month": "2026-04"}, "3 jours ouvrés de cette semaine : 21 h"),
        ({"period": {"start_on": "2026-04-03", "end_on": "2026-04-30"}}, "1 jour ouvré de cette semaine : 7 h"),
    ],
)
def test_a_whole_week_claimed_for_some_of_its_days_is_one_warning_a_week(
    checked: Check, stated: dict[str, Any], days: str
) -> None:
    contract = PERSON_COLUMNS.index(Field.CONTRACT_HOURS)
    whole = [
        line._replace(person=(*line.person[:contract], "35", *line.person[contract + 1 :]), worked=Decimal(0))
        for line in the_claim(date(2026, 3, 1), 2)
        if line.week == date(2026, 3, 30)
    ]
    assert checked(FORMS["long ;"]([line._replace(idle=Decimal(7)) for line in whole]), **stated).warnings == ()
    result = checked(FORMS["long ;"]([line._replace(idle=Decimal(35)) for line in whole]), **stated)
    assert (result.error_count, result.worth.hours) == (0, Decimal(70))
    (warning,) = result.warnings
    assert (warning.code, warning.shown) == (FaultCode.IDLE_ABOVE_PAYABLE, "0 h travaillées et 35 h chômées")
    assert f"Semaine du 30/03/2026, 2 lignes. La demande couvre {days}" in warning.message


def test_a_week_of_a_quarter_is_whole_but_for_the_period(checked: Check) -> None:
    months = [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)]
    quarter = [line for month in months for line in the_claim(month, 1) if _is_of(line.week, month)]
    content = FORMS["long ;"]([line._replace(worked=Decimal(0), idle=Decimal(17)) for line in quarter])
    assert checked(content, holidays_worked=True).warnings == ()
    (warning,) = checked(
        content, holidays_worked=True, period={"start_on": "2026-06-29", "end_on": "2026-09-28"}
    ).warnings
    assert "Semaine du 28/09/2026, 1 ligne. La demande couvre 1 jour ouvré" in warning.message


def test_flat_amounts_need_no_pay_but_the_headcount(checked: Check) -> None:
    content = FORMS["long ;"](the_claim(date(2019, 3, 1), 3))
    with pytest.raises(HeadcountNeeded):
        checked(content, month="2019-03")
    assert found(checked(content, month="2019-03", headcount=20)) == Counter()


def test_a_month_without_a_rate_is_no_guess(checked: Check) -> None:
    with pytest.raises(RateUnknown):
        checked(FORMS["long ;"](the_claim(date(2021, 2, 1), 3)), month="2021-02", department="976")


def test_a_week_before_the_first_text_stops_its_line_only(checked: Check) -> None:
    table = long_table(the_claim(people=3))
    table.rows[4][table.header.index(Field.WEEK.label)] = "2012-W10"
    result = checked(as_csv(table).encode())
    assert found(result) == Counter([(6, FaultCode.WEEK_UNREADABLE)])
    assert "Aucun texte connu" in result.errors[0].message


def test_progress_is_told(examiner: Examiner) -> None:
    file, told = read(examiner, FORMS["long ;"](the_claim(people=3)), ReadingContext()), list[tuple[int, int]]()
    check(file, ClaimFileQuestion().claim, lambda done, total: told.append((done, total)))
    assert file.total < PROGRESS_STEP
    assert told == [(0, file.total), (file.total, file.total)]
