"""Every rule has a value on every day, from its first text to the end of 2026: neither gap nor overlap."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from law.commitments import commitments_duty
from law.courts import appeal
from law.dated import BeforeFirstText
from law.direct_payment import direct_payment_terms
from law.directory import service
from law.duration import EarlierPeriod, counter, longest
from law.enrolment import credentials_delay, terms_in_force
from law.floors import floors
from law.forfeiture import forfeiture
from law.grounds import Ground
from law.opinion import opinion_duty
from law.payment import financing, payment_delay
from law.privacy import Payment, Recipient, visible_data
from law.quota import annual_quota
from law.rates import Flat, rate
from law.reasons import legal_bases
from law.recovery import earliest_withdrawal, recovery_terms, withdrawal_limit
from law.remedies import remedies
from law.request import channel
from law.silence import silence
from law.smic import smic
from law.target_days import settlement_day_from
from law.window import filing_window

FIRST_TEXT = date(2013, 7, 1)
FIRST_SMIC = date(2013, 1, 1)
FIRST_TARGET = date(2002, 1, 1)
FIRST_LIST = date(2014, 7, 2)
FIRST_ONLINE = date(2014, 10, 1)
LAST = date(2026, 12, 31)
NOON = time(12, tzinfo=UTC)


def _silence(day: date) -> object:
    return [silence(datetime.combine(day, NOON), code) for code in ("75", "971", "974")]


def _windows(day: date) -> object:
    return [filing_window(ground, day, "75") for ground in Ground]


def _durations(day: date) -> object:
    return [(longest(ground, day, day), counter(ground, day, day, day, [])) for ground in Ground]


def _decisions(day: date) -> object:
    return legal_bases(day), remedies(day, "75"), remedies(day, "976"), appeal(day, "976")


def _visible(day: date) -> object:
    return [visible_data(recipient, payment, day) for recipient in Recipient for payment in Payment]


def _enrolments(day: date) -> object:
    at = datetime.combine(day, NOON)
    return credentials_delay(at, "75"), terms_in_force(at, "75")


def _row(day: date) -> object:
    """Return the rate of a day, and its floor if it is a share of pay; None if it has none."""
    found = rate(day, "75").value
    return found if isinstance(found, Flat) else floors(day, "75").value.ordinary


RULES: list[tuple[date, Callable[[date], object]]] = [
    (FIRST_TEXT, _silence),
    (FIRST_TEXT, _row),
    (FIRST_SMIC, lambda day: smic(day, "75").value),
    (FIRST_TEXT, _windows),
    (FIRST_TEXT, _durations),
    (FIRST_TEXT, _decisions),
    (FIRST_TEXT, lambda day: [opinion_duty(ground, day, 50) for ground in Ground]),
    (
        FIRST_TEXT,
        lambda day: commitments_duty(day, [EarlierPeriod(Ground.RESTRUCTURING, FIRST_TEXT, day)]),
    ),
    (FIRST_TEXT, lambda day: [annual_quota(ground, day) for ground in Ground]),
    (FIRST_TEXT, lambda day: forfeiture(day, day)),
    (FIRST_TEXT, payment_delay),
    (FIRST_TEXT, lambda day: financing(Decimal(1), day)),
    (FIRST_TEXT, direct_payment_terms),
    (FIRST_TARGET, settlement_day_from),
    (FIRST_TEXT, recovery_terms),
    (FIRST_TEXT, earliest_withdrawal),
    (FIRST_TEXT, lambda day: [withdrawal_limit(day, tacit=tacit) for tacit in (False, True)]),
    (FIRST_TEXT, lambda day: service("75", day)),
    (FIRST_TEXT, channel),
    (FIRST_LIST, _visible),
    (FIRST_ONLINE, _enrolments),
]


@pytest.mark.parametrize(("first", "rule"), RULES)
def test_a_rule_answers_on_every_day(first: date, rule: Callable[[date], object]) -> None:
    day = first
    while day <= LAST:
        assert rule(day) is not None, day
        day += timedelta(days=1)


@pytest.mark.parametrize(("first", "rule"), RULES)
def test_a_rule_refuses_the_eve_of_its_first_text(first: date, rule: Callable[[date], object]) -> None:
    with pytest.raises(BeforeFirstText):
        rule(first - timedelta(days=1))
