"""What the lines of a claim are worth, by employee: one product a person, month and row of rates (R. 5122-14)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from law.amounts import to_cents
from law.claimed_worth import ClaimedWorth, HourlyRates, MonthAndRate, add, product
from law.pay import Circumstances, Pay
from models.claim_files.claim import Claim, Days, days_claimed
from models.claim_files.lines import ClaimLine

_ZERO: Final = Decimal(0)
HoursByRate = dict[MonthAndRate, Decimal]


class Pricing:
    """Splits the idle hours of lines among rows of rates; each pay is looked up once."""

    def __init__(self, where: Circumstances) -> None:
        self._rates = HourlyRates(where)
        self._pays: dict[tuple[Decimal | None, bool], Pay] = {}

    def add(self, hours: HoursByRate, line: ClaimLine, days: Days) -> None:
        """Add the idle hours of a line, of these days, to the hours of its person at each rate.

        Raises RateUnknown, HeadcountNeeded, BeforeFirstText and UnknownDepartment.
        """
        for rate, share in self._rates.split(*days, line.idle, self._pay(line)):
            hours[rate] = hours.get(rate, _ZERO) + share

    def _pay(self, line: ClaimLine) -> Pay:
        # Weekly hours of the contract change the article that an explanation cites, never an amount.
        stated = (line.hourly_gross, line.apprentice)
        known = self._pays.get(stated)
        if known is None:
            known = self._pays[stated] = Pay(line.hourly_gross, apprentice=line.apprentice)
        return known


def total(hours: HoursByRate) -> ClaimedWorth:
    """Return what the hours of one person are worth."""
    return add(product(rate, share) for (_, rate), share in hours.items())


@dataclass(frozen=True, slots=True)
class PricedPerson:
    """One employee of a claim: the first line that states them, and the line of each week, by its Monday."""

    first: ClaimLine
    weeks: dict[date, ClaimLine] = field(default_factory=dict)
    hours: HoursByRate = field(default_factory=dict)

    @property
    def allowance_cents(self) -> int:
        """What the State and Unédic owe for them."""
        return to_cents(total(self.hours).allowance)

    @property
    def indemnity_cents(self) -> int:
        """What the employer owes them."""
        return to_cents(total(self.hours).indemnity)


class LineOutsideMonth(ValueError):
    """A line of no day of the month and period, or of a week that its person has already: it was not checked."""


def price(lines: Sequence[ClaimLine], claim: Claim) -> list[PricedPerson]:
    """Return the people of checked lines, in the order in which they are first stated; `claim.month` is known.

    Raises `LineOutsideMonth`, and what `Pricing.add` raises.
    """
    pricing, people = Pricing(claim.where), dict[str, PricedPerson]()
    days = {monday: days_claimed(monday, claim) for monday in {line.week for line in lines}}
    for line in lines:
        person = people.setdefault(line.nir, PricedPerson(line))
        of_week = days[line.week]
        if of_week is None or line.week in person.weeks:
            raise LineOutsideMonth(str(line.line))
        person.weeks[line.week] = line
        pricing.add(person.hours, line, of_week)
    return list(people.values())
