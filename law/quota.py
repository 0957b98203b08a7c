"""The annual quota of hours per employee, and the most hours a request can need (R. 5122-6, R. 5122-7).

The quota covers a calendar year (recalled, not verified), by the date of the idle hours; at most 100 of these
hours for the modernisation of installations and buildings, and from 26 March 2020 for the whole of ground 4.
The ministers, or the préfet for the 100 hours, may allow more.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from law.dated import Dated, DatedValue
from law.grounds import Ground
from law.texts import Reason, Text, because

_1000: Final = Decimal(1000)
_1607: Final = Decimal(1607)
_100: Final = Decimal(100)
_LEGAL_WEEK: Final = Decimal(35)
_LEGAL_DAY: Final = Decimal(7)

_ANNUAL: Final = Dated(
    "le contingent annuel d’heures",
    DatedValue(date(2013, 7, 1), _1000, Text.R_5122_6, Text.ORDER_2013_QUOTA),
    DatedValue(date(2020, 1, 1), _1607, Text.R_5122_6, Text.ORDER_2020_QUOTA),
    # Doubt: legally 1,000 again from 1 January to 13 May 2021; the order then set the whole year.
    DatedValue(date(2021, 1, 1), _1607, Text.R_5122_6, Text.ORDER_2021_QUOTA),
    DatedValue(date(2022, 1, 1), _1000, Text.R_5122_6, Text.ORDER_2013_QUOTA),
)
# None: the 100 hours apply only to a modernisation of installations, which a request does not identify.
_TRANSFORMATION: Final = Dated[Decimal | None](
    "le contingent annuel d’heures",
    DatedValue(date(2013, 7, 1), None, Text.R_5122_7, Text.ORDER_2013_QUOTA_2),
    DatedValue(date(2020, 3, 26), _100, Text.R_5122_7, Text.DECREE_2020_325_1),
)


@dataclass(frozen=True, slots=True)
class Quota:
    """Hours for which one employee may be paid in a calendar year, and why."""

    hours: Decimal
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PlausibleHours:
    """The most hours that a request can need; more raises a signal for the agent, never a refusal."""

    maximum: Decimal
    why: tuple[Reason, ...]


def annual_quota(ground: Ground, idle_on: date) -> Quota:
    """Return the annual quota per employee for hours idle on a day; raises BeforeFirstText."""
    general = _ANNUAL.on(idle_on)
    reason = general.reason("Contingent annuel par salarié.", f"{general.value} heures")
    if ground is not Ground.RESTRUCTURING:
        return Quota(general.value, (reason,))
    special = _TRANSFORMATION.on(idle_on)
    if special.value is None:
        text = "Dans la limite de 100 heures pour la modernisation des installations et des bâtiments."
        return Quota(general.value, (reason, special.reason(text, "selon les travaux")))
    text = "Contingent annuel par salarié propre à ce motif."
    return Quota(special.value, (special.reason(text, f"{special.value} heures"),))


def plausible_hours(ground: Ground, start_on: date, end_on: date, employees: int) -> PlausibleHours:
    """Return employees × legal weekly hours over the calendar of an inclusive period, within the quota.

    A week counts 7 hours a day, up to 35; each calendar year is capped by its own quota. Raises
    BeforeFirstText.
    """
    each = sum((_hours_of_year(ground, *span) for span in _by_year(start_on, end_on)), Decimal(0))
    legal = because(
        Text.R_5122_6,
        "Durée légale de 35 heures par semaine sur la période, dans la limite du contingent annuel.",
        f"{each} heures par salarié",
        Text.L_3121_27,
    )
    quota = annual_quota(ground, start_on)
    return PlausibleHours(each * employees, (*quota.why, legal))


def _by_year(start_on: date, end_on: date) -> list[tuple[date, date]]:
    years = range(start_on.year, end_on.year + 1)
    return [(max(start_on, date(year, 1, 1)), min(end_on, date(year, 12, 31))) for year in years]


def _hours_of_year(ground: Ground, start_on: date, end_on: date) -> Decimal:
    hours = Decimal(0)
    while start_on <= end_on:
        sunday = start_on + timedelta(days=6 - start_on.weekday())
        days = (min(sunday, end_on) - start_on).days + 1
        hours += min(_LEGAL_WEEK, _LEGAL_DAY * days)
        start_on = sunday + timedelta(days=1)
    # The quota on the last day is that of the year; ground 4 changed within 2020.
    return min(hours, annual_quota(ground, end_on).hours)
