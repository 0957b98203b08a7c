"""What is odd in a request: said with the figures that were stated, refused by nothing."""

from datetime import date
from decimal import Decimal

import pytest

from law.grounds import Ground
from models.labels import FilingSignal
from starter.services.filing_signals import Figures, odd_account, odd_figures
from tests.builders import Credentials, a_filing
from tests.cases import IBAN
from tests.starter.people import Door

TODAY = date(2026, 11, 29)
USUAL: dict[str, object] = {
    "ground": Ground.ECONOMIC_CONDITIONS,
    "start_on": date(2026, 12, 7),
    "end_on": date(2026, 12, 20),
    "headcount": 42,
    "employees": 40,
    "hours": Decimal(2800),
}


def told(**changes: object) -> dict[FilingSignal, str]:
    figures = Figures(**(USUAL | changes))  # type: ignore[arg-type]
    return {each.signal: each.told.replace("\u202f", " ") for each in odd_figures(figures, TODAY)}


def test_two_weeks_of_everybody_at_35_hours_are_usual_and_one_hour_more_is_odd() -> None:
    assert told() == {}
    assert told(hours=Decimal(2801)) == {
        FilingSignal.HOURS_ABOVE_CALENDAR: (
            "Vous demandez 2 801 heures. Pour 40 salariés, le calendrier de la période en permet 2 800 au plus."
        )
    }


def test_more_employees_than_the_headcount_and_a_mistyped_year_are_odd() -> None:
    found = told(employees=43, start_on=date(2028, 1, 3), end_on=date(2028, 1, 16))
    assert found.keys() == {FilingSignal.EMPLOYEES_ABOVE_HEADCOUNT, FilingSignal.REMOTE_PERIOD}
    assert found[FilingSignal.EMPLOYEES_ABOVE_HEADCOUNT] == "Vous indiquez 43 salariés pour un effectif de 42."


@pytest.mark.parametrize(("iban", "odd"), [(IBAN, 0), ("fr14 2004 1010 05", 0), ("DE89370400440532013000", 1)])
def test_an_account_held_abroad_is_odd(iban: str, odd: int) -> None:
    assert len(odd_account(iban)) == odd


async def test_a_filing_answers_with_what_is_odd(door: Door, boss: Credentials) -> None:
    usual = await door(boss).post("/requests", json=a_filing())
    assert (usual.status_code, usual.json()["signals"]) == (201, [])
    await door(boss).post(f"/requests/{usual.json()['reference']}/desistment")
    odd = await door(boss).post("/requests", json=a_filing(employees=600, hours="9999999"))
    assert [each["code"] for each in odd.json()["signals"]] == ["employees-above-headcount", "hours-above-calendar"]
