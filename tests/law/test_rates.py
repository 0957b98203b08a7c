"""Rows of rates: one on each day, which begins on the first of a month but for a named list."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from law.apprentices import apprentice_rule
from law.dated import BeforeFirstText
from law.floors import floors
from law.rates import RateUnknown, Scheme, Sector, own_rates, rate
from law.smic import smic

FIRST, LAST = date(2013, 7, 1), date(2026, 12, 31)
WITHIN_A_MONTH = {
    ("976", date(2018, 11, 7)),
    ("976", date(2020, 3, 26)),
    ("apprentices", date(2020, 3, 27)),
    ("apprentices", date(2020, 4, 15)),
    ("chido", date(2024, 12, 14)),
}
"""Rows that do not begin on the first of a month; a monthly claim splits its lines at them only."""
GAPS = {("976", date(2013, 7, 1), date(2018, 11, 6)), ("976", date(2021, 1, 1), date(2021, 9, 30))}
"""Days on which no text was read; and the raised floor of Mayotte in the first months of 2023."""


def days(first: date = FIRST) -> list[date]:
    return [first + timedelta(days=number) for number in range((LAST - first).days + 1)]


def test_rows_begin_on_the_first_of_a_month_but_for_a_named_list() -> None:
    found = set[tuple[str, date]]()
    for day in days():
        rows = [("75", rate(day, "75").since)]
        rows += [(sector.value, _since(day, sector)) for sector in Sector]
        rows.append(("apprentices", apprentice_rule(day).since))
        if day >= date(2018, 11, 7):
            rows += [("976", rate(day, "976").since), ("976", smic(day, "976").since)]
        if day >= date(2020, 3, 26):
            rows += [("75", floors(day, "75").since), ("976", floors(day, "976").since)]
        found |= {(what, since) for what, since in rows if since.day != 1}
    assert found == WITHIN_A_MONTH


def _since(day: date, sector: Sector) -> date:
    """Return the first day of the row of a sector; the common one of Mayotte is not its own."""
    if sector is not Sector.CHIDO:
        return rate(day, "75", sector=sector).since
    chido = rate(day, "976", sector=sector).since if day >= date(2024, 12, 1) else day.replace(day=1)
    return chido if chido >= date(2024, 12, 14) else day.replace(day=1)


def test_mayotte_has_gaps_that_are_known() -> None:
    gaps = {day for day in days() if _unknown(day)}
    named = {day for _, first, last in GAPS for day in days(first) if day <= last}
    assert gaps == named


def _unknown(day: date) -> bool:
    try:
        return rate(day, "976").since >= date(2020, 3, 26) and floors(day, "976").value.ordinary is None
    except (RateUnknown, BeforeFirstText):
        return True


@pytest.mark.parametrize("department", ["75", "976"])
def test_the_ordinary_floor_is_nine_tenths_of_the_raised_one(department: str) -> None:
    for day in days(date(2021, 10, 1)):
        row = floors(day, department).value
        if row.ordinary and row.raised:
            assert abs(row.ordinary - row.raised * Decimal("0.9")) <= Decimal("0.01"), day


@pytest.mark.parametrize(
    ("scheme", "on"), [(Scheme.APLD, "2027-01-01"), (Scheme.APLD, "2020-06-30"), (Scheme.APLD_R, "2025-02-28")]
)
def test_an_agreement_has_no_rate_outside_its_time(scheme: Scheme, on: str) -> None:
    with pytest.raises((RateUnknown, BeforeFirstText)):
        rate(date.fromisoformat(on), "75", scheme)


@pytest.mark.parametrize(
    ("sector", "last"),
    [
        (Sector.PROTECTED, "2021-08-31"),
        (Sector.PROTECTED_LOSS, "2022-02-28"),
        (Sector.CLOSED, "2022-03-31"),
        (Sector.SKI, "2021-10-31"),
        (Sector.CHILDCARE, "2022-07-31"),
        (Sector.VULNERABLE, "2023-01-31"),
    ],
)
def test_a_sector_returns_to_the_common_rates_on_its_day(sector: Sector, last: str) -> None:
    day = date.fromisoformat(last)
    assert rate(day, "75", sector=sector).value != rate(day, "75").value
    after = day + timedelta(days=1)
    assert rate(after, "75", sector=sector).value == rate(after, "75").value


def test_chido_is_of_mayotte_alone() -> None:
    with pytest.raises(RateUnknown, match="Mayotte"):
        rate(date(2025, 1, 1), "974", sector=Sector.CHIDO)


def test_the_sectors_that_have_rates_of_their_own_in_a_month_are_told() -> None:
    assert own_rates(date(2026, 12, 1), date(2026, 12, 31), "75") == ()
    assert own_rates(date(2020, 6, 1), date(2020, 6, 30), "75") == (
        Sector.PROTECTED, Sector.PROTECTED_LOSS, Sector.CLOSED,
    )  # fmt: skip
    assert own_rates(date(2024, 12, 1), date(2024, 12, 31), "976") == (Sector.CHIDO,), "from the 14th"
    assert own_rates(date(2024, 12, 1), date(2024, 12, 31), "75") == ()
