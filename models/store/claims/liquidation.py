"""The liquidation elements of a claim: hours and allowance by hourly amount, from its people, none of whom is named.

Amounts are those that were admitted. The rates are found again from what the lines state; where the law no longer
gives what was admitted, hours stand without a rate rather than under another one.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from law.allowance import HeadcountNeeded
from law.amounts import to_cents
from law.calendar import add_months
from law.claimed_worth import HourlyRates, MonthAndRate, product
from law.dated import BeforeFirstText
from law.pay import Circumstances, Pay
from law.rates import RateUnknown
from models.claim_files.claim import Days
from models.store.cases import requests
from models.store.claims import records
from models.store.claims.records import ClaimRecord
from models.store.records import Record

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
    claim = records.get(connection, claim_id)
    rates, days = _rates(connection, claim), _days(connection, claim)
    totals = dict[Decimal | None, RateTotal]()
    row = {"id": claim_id, "first": days.first, "last": days.last, "starts": rates.starts_within(*days)}
    for _, stretches in groupby(_Stretch.all(connection, _STRETCHES, row), key=lambda each: each.n):
        for one in _of_person(rates, list(stretches)):
            before = totals.get(one.hourly, RateTotal(one.hourly, _ZERO, 0))
            totals[one.hourly] = before.plus(one)
    return tuple(sorted(totals.values(), key=lambda each: (each.hourly is None, each.hourly or _ZERO)))


def _rates(connection: Connection, claim: ClaimRecord) -> HourlyRates:
    case = requests.get(connection, claim.reference)
    return HourlyRates(Circumstances(case.department, headcount=case.headcount, sector=claim.sector))


def _days(connection: Connection, claim: ClaimRecord) -> Days:
    """Return the days of its month that a claim may have."""
    entitlement = records.find_entitlement(connection, claim.reference)
    period = entitlement.days_of(claim.month) if entitlement else None
    if period:
        return Days(period.start_on, period.end_on)
    return Days(claim.month, add_months(claim.month, 1) - timedelta(days=1))


class _Stretch(Record):
    """Hours of a person at one pay, of days within which no hourly amount changes, or else of one week.

    A person without a payable hour on a day claimed has one without hours.
    """

    n: int
    payable: Decimal
    allowance_cents: int
    hours: Decimal | None
    first_on: date | None
    last_on: date | None
    hourly_gross: Decimal | None
    apprentice: bool | None


def _of_person(rates: HourlyRates, stretches: Sequence[_Stretch]) -> list[RateTotal]:
    """Return the hours of a person by rate, or all without one if they do not come to what was admitted."""
    person = stretches[0]
    try:
        found = list(_priced(rates, stretches))
    except (RateUnknown, HeadcountNeeded, BeforeFirstText):
        found = []
    if found and sum(each.allowance_cents for each in found) == person.allowance_cents:
        return found
    return [RateTotal(None, person.payable, person.allowance_cents)] if person.payable else []


def _priced(rates: HourlyRates, stretches: Iterable[_Stretch]) -> Iterator[RateTotal]:
    """Yield one product a rate, as the claim was priced (R. 5122-14)."""
    by_rate: dict[MonthAndRate, Decimal] = {}
    for each in stretches:
        if each.hours and each.first_on and each.last_on:
            pay = Pay(each.hourly_gross, apprentice=bool(each.apprentice))
            for row, share in rates.split(each.first_on, each.last_on, each.hours, pay):
                by_rate[row] = by_rate.get(row, _ZERO) + share
    for (_, rate), hours in by_rate.items():
        yield RateTotal(rate.allowance, hours, to_cents(product(rate, hours).allowance))


_STRETCHES: Final = text(
    """
    WITH week AS (
      SELECT w.n, w.week_on, w.payable, greatest(w.week_on, :first) AS first_on, least(w.week_on + 6, :last) AS last_on,
        CASE WHEN w.terms ? 'hourly_gross' THEN CAST(w.terms ->> 'hourly_gross' AS numeric) ELSE p.hourly_gross END
          AS hourly_gross,
        coalesce(CAST(w.terms ->> 'apprentice' AS boolean), p.apprentice) AS apprentice
      FROM claim_week w JOIN claim_person p ON p.claim_id = w.claim_id AND p.n = w.n
      WHERE w.claim_id = :id AND w.payable > 0
    ), row_of_rates AS (
      SELECT week.*, width_bucket(first_on, CAST(:starts AS date[])) AS begun,
        width_bucket(last_on, CAST(:starts AS date[])) AS ended
      FROM week WHERE first_on <= last_on
    ), stretch AS (
      SELECT n, hourly_gross, apprentice, sum(payable) AS hours, min(first_on) AS first_on, max(last_on) AS last_on
      FROM row_of_rates GROUP BY n, hourly_gross, apprentice, begun, CASE WHEN begun <> ended THEN week_on END
    )
    SELECT p.n, p.payable, p.allowance_cents, s.hours, s.first_on, s.last_on, s.hourly_gross, s.apprentice
    FROM claim_person p LEFT JOIN stretch s ON s.n = p.n WHERE p.claim_id = :id ORDER BY p.n, s.first_on
    """
)
"""Weeks within which no amount changes are added up here; a hundred thousand lines are a person’s row each then."""
