"""What an idle hour is worth: published examples, both sides of each break-even pay, properties."""

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.allowance import HeadcountNeeded, hourly_amounts
from law.amounts import CENT
from law.pay import Circumstances, Pay
from law.rates import RateUnknown, Scheme, Sector
from tests.law.worth_examples import EXAMPLES, Example

FIRST, LAST = date(2013, 7, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, LAST)
PAYS = st.decimals("7.00", "80.00", places=2)


def circumstances(department: str = "75", headcount: int | None = 20, **said: Any) -> Circumstances:
    return Circumstances(department, headcount, Scheme(said.get("scheme", "ap")), Sector(said.get("sector", "general")))


def amounts(on: str | date, gross: str | Decimal, **said: Any) -> tuple[Decimal, Decimal]:
    day = date.fromisoformat(on) if isinstance(on, str) else on
    pay = Pay(Decimal(gross), apprentice=said.pop("apprentice", False))
    found = hourly_amounts(day, pay, circumstances(**said))
    return found.allowance, found.indemnity


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.on} {each.gross} {each.said}")
def test_a_published_example_is_found_to_the_cent(example: Example) -> None:
    allowance, indemnity = amounts(example.on, example.gross, **example.said)
    assert example.allowance is None or allowance == Decimal(example.allowance), example.source
    assert example.indemnity is None or indemnity == Decimal(example.indemnity), example.source


@pytest.mark.parametrize(
    ("on", "last_at_the_floor", "floor"),
    [
        ("2020-03-01", "11.47", "8.03"),
        ("2020-06-01", "13.39", "8.03"),
        ("2021-01-01", "13.52", "8.11"),
        ("2021-06-01", "15.60", "8.11"),
        ("2021-07-01", "20.29", "7.30"),
        ("2021-10-01", "20.76", "7.47"),
        ("2022-01-01", "20.93", "7.53"),
        ("2022-05-01", "21.48", "7.73"),
        ("2022-08-01", "21.90", "7.88"),
        ("2023-01-01", "22.31", "8.03"),
        ("2023-05-01", "22.81", "8.21"),
        ("2024-01-01", "23.06", "8.30"),
        ("2024-11-01", "23.51", "8.46"),
        ("2026-01-01", "23.81", "8.57"),
    ],
)
def test_the_floor_ends_at_the_break_even_pay(on: str, last_at_the_floor: str, floor: str) -> None:
    last = Decimal(last_at_the_floor)
    assert amounts(on, last)[0] == Decimal(floor)
    assert amounts(on, last + 3 * CENT)[0] > Decimal(floor)


@pytest.mark.parametrize(
    ("on", "said", "share", "floor"),
    [
        # 70 % and 60 % with the raised floor
        ("2021-01-01", {"sector": "closed"}, "0.70", "8.11"),
        ("2021-10-01", {"sector": "closed"}, "0.70", "8.30"),
        ("2022-01-01", {"sector": "closed"}, "0.70", "8.37"),
        ("2022-05-01", {"sector": "vulnerable"}, "0.70", "8.59"),
        ("2022-08-01", {"sector": "vulnerable"}, "0.70", "8.76"),
        ("2022-09-01", {"sector": "vulnerable"}, "0.60", "8.76"),
        ("2023-01-01", {"sector": "vulnerable"}, "0.60", "8.92"),
        ("2020-07-01", {"scheme": "apld"}, "0.60", "7.23"),
        ("2021-01-01", {"scheme": "apld"}, "0.60", "8.11"),
        ("2023-05-01", {"scheme": "apld"}, "0.60", "9.12"),
        ("2024-01-01", {"scheme": "apld"}, "0.60", "9.22"),
        ("2024-11-01", {"scheme": "apld"}, "0.60", "9.40"),
        ("2026-01-01", {"scheme": "apld_r"}, "0.60", "9.52"),
        # Mayotte
        ("2020-03-26", {"department": "976"}, "0.70", "8.03"),
        ("2020-06-01", {"department": "976"}, "0.60", "8.03"),
        ("2020-09-01", {"department": "976"}, "0.60", "7.05"),
        ("2021-10-01", {"department": "976"}, "0.36", "6.52"),
        ("2022-01-01", {"department": "976"}, "0.36", "6.54"),
        ("2022-05-01", {"department": "976"}, "0.36", "6.71"),
        ("2022-08-01", {"department": "976"}, "0.36", "6.85"),
        ("2023-01-01", {"department": "976"}, "0.36", "6.94"),
        ("2023-05-01", {"department": "976"}, "0.36", "7.09"),
        ("2024-01-01", {"department": "976"}, "0.36", "7.14"),
        ("2024-11-01", {"department": "976"}, "0.36", "7.29"),
        ("2026-01-01", {"department": "976"}, "0.36", "7.50"),
        ("2024-12-14", {"department": "976", "sector": "chido"}, "0.70", "8.10"),
    ],
)
def test_so_does_each_other_floor(on: str, said: dict[str, str], share: str, floor: str) -> None:
    above = ((Decimal(floor) + CENT / 2) / Decimal(share)).quantize(CENT, ROUND_CEILING)
    assert amounts(on, above - CENT, **said)[0] == Decimal(floor)
    assert amounts(on, above, **said)[0] == Decimal(floor) + CENT


@pytest.mark.parametrize(
    ("on", "smic", "cap"),
    [
        ("2020-03-01", "10.15", "31.97"),
        ("2020-06-01", "10.15", "27.41"),
        ("2021-01-01", "10.25", "27.68"),
        ("2021-06-01", "10.25", "23.99"),
        ("2021-07-01", "10.25", "16.61"),
        ("2021-10-01", "10.48", "16.98"),
        ("2022-01-01", "10.57", "17.12"),
        ("2026-06-01", "12.31", "19.94"),
    ],
)
def test_pay_beyond_four_and_a_half_smic_gives_no_more(on: str, smic: str, cap: str) -> None:
    ceiling = Decimal("4.5") * Decimal(smic)
    assert amounts(on, ceiling)[0] == amounts(on, ceiling + 100)[0] == Decimal(cap)


def test_the_indemnity_had_no_ceiling_before_2021() -> None:
    assert amounts("2020-12-31", "100.00")[1] == Decimal("70.00")
    assert amounts("2021-01-01", "100.00")[1] == Decimal("32.29")


def test_the_flat_amounts_need_the_headcount() -> None:
    with pytest.raises(HeadcountNeeded):
        amounts("2020-02-29", "12", headcount=None)
    assert amounts("2020-03-01", "12", headcount=None)[0] == Decimal("8.40")


@pytest.mark.parametrize("on", ["2013-07-01", "2018-11-06", "2021-01-01", "2021-09-30"])
def test_mayotte_has_no_rate_where_none_was_read(on: str) -> None:
    with pytest.raises(RateUnknown):
        amounts(on, "12", department="976")


@pytest.mark.parametrize(
    ("on", "gross", "allowance"),
    [
        ("2018-11-07", "8", "5.84"),
        ("2020-03-25", "8", "5.84"),
        ("2020-03-26", "8", "8.03"),
        ("2020-09-01", "8", "7.05"),
        ("2021-10-01", "8", "6.52"),
        ("2024-11-01", "10", "7.29"),
        ("2026-01-01", "10", "7.50"),
    ],
)
def test_mayotte_has_its_own_floors(on: str, gross: str, allowance: str) -> None:
    assert amounts(on, gross, department="976")[0] == Decimal(allowance)


def test_a_minimum_that_was_not_read_is_said_to_be_unknown() -> None:
    found = hourly_amounts(date(2023, 4, 30), Pay(Decimal("10.00")), circumstances("976"))
    assert (found.allowance, found.indemnity) == (Decimal("6.94"), Decimal("6.00"))
    assert found.why[-1].value == "inconnue"
    after = hourly_amounts(date(2023, 5, 1), Pay(Decimal("10.00")), circumstances("976"))
    assert (after.indemnity, "inconnue" in {each.value for each in after.why}) == (Decimal("7.88"), False)


@pytest.mark.parametrize(("on", "is_told"), [("2021-08-31", False), ("2021-09-01", True), ("2019-09-02", True)])
def test_a_sector_without_a_rate_of_its_own_is_told(on: str, is_told: bool) -> None:
    found = hourly_amounts(date.fromisoformat(on), Pay(Decimal("20.00")), circumstances(sector="protected"))
    assert ("ne s’applique pas" in found.why[0].text) is is_told
    assert (
        "ne s’applique pas" not in hourly_amounts(date.fromisoformat(on), Pay(Decimal(20)), circumstances()).why[0].text
    )


def test_pay_that_is_a_share_of_the_smic_is_never_exceeded_by_a_flat_amount() -> None:
    found = hourly_amounts(date(2019, 5, 2), Pay(smic_share=Decimal("0.41")), circumstances())
    assert found.allowance == Decimal("4.11")


SITUATIONS: list[tuple[date, dict[str, str]]] = [
    (FIRST, {}),
    (date(2021, 10, 1), {"department": "976"}),
    (date(2023, 5, 1), {"department": "976", "sector": "chido"}),
    (date(2020, 7, 1), {"scheme": "apld"}),
    (date(2025, 3, 1), {"scheme": "apld_r"}),
    *((FIRST, {"sector": each.value}) for each in Sector if each is not Sector.CHIDO),
]
"""Every scheme and sector, from a day on without gaps."""
DAYS_OF_SITUATIONS = st.sampled_from(SITUATIONS).flatmap(
    lambda each: st.tuples(st.dates(each[0], LAST), st.just(each[1]))
)


@given(DAYS_OF_SITUATIONS, PAYS, PAYS)
def test_more_pay_never_gives_less(situation: tuple[date, dict[str, str]], one: Decimal, other: Decimal) -> None:
    on, said = situation
    (less_allowance, less_indemnity), (allowance, indemnity) = (
        amounts(on, pay, **said) for pay in sorted((one, other))
    )
    assert less_allowance <= allowance
    assert less_indemnity <= indemnity


@given(DAYS, PAYS)
def test_each_amount_is_explained_to_its_article(on: date, pay: Decimal) -> None:
    found = hourly_amounts(on, Pay(pay), circumstances())
    assert {"D. 5122-13", "R. 5122-18"} <= {each.article for each in found.why}
    assert all(each.text.endswith(".") and each.source for each in found.why)


@given(st.dates(date(2020, 3, 1), LAST), PAYS.filter(lambda pay: pay >= Decimal("12.31")))
def test_the_employer_never_receives_more_than_the_employee(on: date, pay: Decimal) -> None:
    allowance, indemnity = amounts(on, pay)
    assert allowance <= indemnity


def test_every_day_has_amounts() -> None:
    day = FIRST
    while day <= LAST:
        assert amounts(day, "15")[0] > 0
        day += timedelta(days=1)
