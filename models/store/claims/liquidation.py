"""The liquidation elements of a claim: hours and allowance by hourly amount, from its people, none of whom is named.

Amounts are those that were admitted. The rates are found again from what the lines state; where the law no longer
gives what was admitted, hours stand without a rate rather than under another one.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import Connection

from law.allowance import HeadcountNeeded
from law.amounts import to_cents
from law.claimed_worth import HourlyRates, MonthAndRate, product
from law.dated import BeforeFirstText
from law.pay import Circumstances, Pay
from law.rates import RateUnknown
from models.claim_files.claim import days_of_month, days_of_period
from models.identifiers import Period
from models.store.cases import requests
from models.store.claims import people, records
from models.store.claims.people import PersonFigures, WeekFigures
from models.store.claims.records import ClaimRecord

_PAGE: Final = 1_000
"""People read at once."""
_ZERO: Final = Decimal(0)


class RateTotal(NamedTuple):
    """Hours at one hourly allowance, and what they come to in cents.

    `hourly` is in euros; None for hours whose rate cannot be found again.
    """

    hourly: Decimal | None
    hours: Decimal
    allowance_cents: int

    def plus(self, other: "RateTotal") -> "RateTotal":
        """Return both, which are at the same rate."""
        return self._replace(
            hours=self.hours + other.hours, allowance_cents=self.allowance_cents + other.allowance_cents
        )


def list_rates(connection: Connection, claim_id: str) -> tuple[RateTotal, ...]:
    """Return the hours of a claim by hourly allowance, the lowest first; they add up to the claim."""
    totals, after = dict[Decimal | None, RateTotal](), 0
    rates = _Rates(connection, records.get(connection, claim_id))
    while page := people.list_figures(connection, claim_id, after=after, limit=_PAGE):
        for each in page:
            for one in rates.of_person(each):
                before = totals.get(one.hourly, RateTotal(one.hourly, _ZERO, 0))
                totals[one.hourly] = before.plus(one)
        after = page[-1].n
    return tuple(sorted(totals.values(), key=lambda each: (each.hourly is None, each.hourly or _ZERO)))


class _Rates:
    """The rates of one claim: where its establishment is, and which days of its weeks are claimed."""

    def __init__(self, connection: Connection, claim: ClaimRecord) -> None:
        case = requests.get(connection, claim.reference)
        entitlement = records.find_entitlement(connection, claim.reference)
        self._rates = HourlyRates(Circumstances(case.department, headcount=case.headcount, sector=claim.sector))
        self._month = claim.month
        self._period: Period | None = entitlement.days_of(claim.month) if entitlement else None

    def of_person(self, person: PersonFigures) -> list[RateTotal]:
        """Return the hours of a person by rate, or all without one if they do not come to what was admitted."""
        try:
            found = list(self._priced(person))
        except (RateUnknown, HeadcountNeeded, BeforeFirstText):
            found = []
        if found and sum(each.allowance_cents for each in found) == person.allowance_cents:
            return found
        return [RateTotal(None, person.payable, person.allowance_cents)] if person.payable else []

    def _priced(self, person: PersonFigures) -> Iterator[RateTotal]:
        """Yield one product a rate, as the claim was priced (R. 5122-14)."""
        by_rate: dict[MonthAndRate, Decimal] = {}
        for week in person.weeks:
            for row, share in self._split(week):
                by_rate[row] = by_rate.get(row, _ZERO) + share
        for (_, rate), hours in by_rate.items():
            yield RateTotal(rate.allowance, hours, to_cents(product(rate, hours).allowance))

    def _split(self, week: WeekFigures) -> Iterator[tuple[MonthAndRate, Decimal]]:
        days = days_of_month(week.week_on, self._month)
        days = days_of_period(days, self._period) if days and self._period else days
        if days and week.payable:
            pay = Pay(week.terms.hourly_gross, apprentice=week.terms.apprentice)
            yield from self._rates.split(*days, week.payable, pay)
