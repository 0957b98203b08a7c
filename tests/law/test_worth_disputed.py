"""docs/money.md: where published examples differ, « here » is what is computed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from law.allowance import HourlyAmounts, hourly_amounts
from law.pay import Pay
from law.worth import worth
from tests.architecture.repository import ROOT
from tests.law.test_allowance import circumstances

PAGE = (ROOT / "docs/money.md").read_text("utf-8")
DISPUTED = [row for row in PAGE.partition("examples that differ\n")[2].splitlines() if row.startswith("| ")][1:]
"""Rows of the table, without its header."""


def of(on: str, gross: str, contract: Decimal | None = None, **said: Any) -> HourlyAmounts:
    return hourly_amounts(date.fromisoformat(on), Pay(Decimal(gross), contract_hours=contract), circumstances(**said))


def _total(on: str, hours: str, gross: str) -> Decimal:
    day = date.fromisoformat(on)
    return worth(day, day, Decimal(hours), Pay(Decimal(gross)), circumstances()).indemnity


def _share(on: str, **said: Any) -> str:
    """Return the share of 25 €, where no floor or ceiling interferes."""
    return f"{of(on, '25', **said).allowance / 25 * 100:.0f} %"


COMPUTED = [
    (" 30.45 € at 70 % ", of("2020-04-15", "30.45").allowance),
    (" 50.75 € at 70 % ", of("2020-04-15", "50.75").indemnity),
    (" ceiling at 70 % ", of("2020-04-15", "60").allowance),
    (" 2020, ground 4 ", _share("2020-10-15")),
    (" 10.50 €, 151.67 h ", f"{_total('2020-04-15', '151.67', '10.50'):,}"),
    ("| March 2020 ", _share("2020-03-15")),
    ("| March 2020 ", of("2020-03-15", "10.15").allowance),
    (" 2,300 € a month", _total("2020-04-15", "75.835", "15.16")),
    (
        " apprentice at 43 % ",
        hourly_amounts(date(2020, 2, 14), Pay(smic_share=Decimal("0.43"), apprentice=True), circumstances()).allowance,
    ),
    ("| October 2020 ", _share("2020-10-15", scheme="apld")),
    ("| November and December 2021 ", _share("2021-11-15", sector="ski")),
    (
        " part-timers and temporary workers, 11.27 €",
        of("2023-01-16", "11.27", Decimal(24)).indemnity,
    ),
    (" cyclone Chido ", _share("2025-09-30", department="976", sector="chido")),
    ("| January 2021 ", _share("2021-01-15")),
    ("| January 2021 ", of("2021-01-15", "10.25").allowance),
]


@pytest.mark.parametrize(("row", "computed"), COMPUTED, ids=lambda each: str(each))
def test_what_the_page_says_of_a_disputed_example_is_what_is_computed(row: str, computed: object) -> None:
    (cells,) = [each.split("|") for each in DISPUTED if row in each]
    assert str(computed) in cells[4]


def test_each_disputed_example_of_the_page_is_computed() -> None:
    assert all(any(row in each for row, _ in COMPUTED) for each in DISPUTED)
