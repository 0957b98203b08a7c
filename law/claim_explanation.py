"""How an amount of a claim comes about: the duration that counts of each week, the worth of an hour, the product.

The same functions give the amounts and explain them (`law.claimed_worth`): one product a person, month and row of rates
(R. 5122-14).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from law.amounts import euros_in_french, to_the_cent
from law.claimed_hours import limit_reasons
from law.claimed_worth import HourlyRate, HourlyRates
from law.pay import Pay
from law.texts import Reason, Text, because, in_french, number_in_french
from law.work_time import Mode


@dataclass(frozen=True, slots=True)
class ClaimedWeek:
    """A week as its line states it: its Monday, its days of the month and period, its hours, what they depend on."""

    monday: date
    first: date
    last: date
    worked: Decimal
    payable: Decimal
    limit: Decimal
    contract_hours: Decimal
    mode: Mode
    pay: Pay


@dataclass(frozen=True, slots=True)
class Product:
    """Hours at one hourly amount, and what they are worth in euros."""

    hours: Decimal
    hourly: HourlyRate

    @property
    def allowance(self) -> Decimal:
        """For the employer."""
        return to_the_cent(self.hourly.allowance * self.hours)

    @property
    def indemnity(self) -> Decimal:
        """For the employee."""
        return to_the_cent(self.hourly.indemnity * self.hours)


def products(weeks: Iterable[ClaimedWeek], rates: HourlyRates) -> list[Product]:
    """Return the products of one person’s weeks of one month; raises as `HourlyRates.split` does."""
    hours = dict[HourlyRate, Decimal]()
    for each in weeks:
        for (_, rate), share in rates.split(each.first, each.last, each.payable, each.pay):
            hours[rate] = hours.get(rate, Decimal(0)) + share
    return [Product(share, rate) for rate, share in hours.items()]


def explain(weeks: Iterable[ClaimedWeek], found: Iterable[Product], *, structural: bool) -> Iterator[Reason]:
    """Yield why one person’s weeks are worth what they are: each week, each hourly amount, each product."""
    told = set[Reason]()
    for week in weeks:
        yield from _new(told, limit_reasons(week.monday, week.contract_hours, week.mode, structural=structural))
        yield _week(week)
    for each in found:
        yield from _new(told, each.hourly.why)
        yield product_reason(each)


def product_reason(product: Product) -> Reason:
    """Say what some hours at one hourly amount are worth."""
    text = (
        f"{number_in_french(product.hours)} h à {euros_in_french(product.hourly.allowance)} pour l’employeur, "
        f"à {euros_in_french(product.hourly.indemnity)} pour le salarié."
    )
    worth = f"{euros_in_french(product.allowance)} et {euros_in_french(product.indemnity)}"
    return because(Text.R_5122_14, text, worth, Text.PRACTICE_ROUNDING)


def _week(week: ClaimedWeek) -> Reason:
    days = f"du {in_french(week.first)} au {in_french(week.last)}"
    text = f"Semaine {days} : {number_in_french(week.worked)} h travaillées ou assimilées, pour "
    text += f"{number_in_french(week.limit)} h au plus de la semaine entière."
    return because(Text.R_5122_19, text, f"{number_in_french(week.payable)} h chômées", Text.DECREE_2013_551)


def _new(told: set[Reason], reasons: Iterable[Reason]) -> Iterator[Reason]:
    for each in reasons:
        if each not in told:
            told.add(each)
            yield each
