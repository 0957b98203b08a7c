"""Apprentices and professional-training contracts: what differs, in four periods (L. 5122-5 since 2022).

Applies to pay that is a share of the SMIC, or below it; whoever is paid more follows the common rules but for what is
said here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from law.dated import Dated, DatedValue
from law.texts import Text


@dataclass(frozen=True, slots=True)
class ApprenticeRule:
    """Rules of one period."""

    own_pay: bool
    """Below the SMIC: the indemnity is their own pay, and the allowance the same amount."""
    reimbursed: bool
    """The allowance equals the indemnity, whatever the pay."""
    at_least_smic: bool
    """From the SMIC on: the indemnity is at least the gross hourly SMIC."""


# Doubt: the order of March 2020 states the indemnity; that the allowance was the same
# amount is practice.
# Shares by collective agreement count since 15 April 2020: the employer states the share, so nothing changes here.
_RULES: Final = Dated(
    "l’indemnité des alternants",
    DatedValue(
        date(2013, 7, 1),
        ApprenticeRule(own_pay=False, reimbursed=False, at_least_smic=False),
        Text.R_5122_18,
        Text.DECREE_2013_551,
    ),
    DatedValue(
        date(2020, 3, 27),
        ApprenticeRule(own_pay=True, reimbursed=False, at_least_smic=False),
        Text.L_5122_5,
        Text.ORDINANCE_2020_346,
    ),
    DatedValue(
        date(2020, 4, 15),
        ApprenticeRule(own_pay=True, reimbursed=False, at_least_smic=False),
        Text.L_5122_5,
        Text.ORDINANCE_2020_428,
    ),
    DatedValue(
        date(2020, 11, 1),
        ApprenticeRule(own_pay=True, reimbursed=True, at_least_smic=False),
        Text.L_5122_5,
        Text.ORDINANCE_2020_1255,
    ),
    DatedValue(
        date(2022, 1, 1),
        ApprenticeRule(own_pay=True, reimbursed=False, at_least_smic=True),
        Text.L_5122_5,
        Text.CODE_2022,
    ),
)


def apprentice_rule(on: date) -> DatedValue[ApprenticeRule]:
    """Return the rule for hours idle on a day; raises BeforeFirstText."""
    return _RULES.on(on)


def apprentice_starts() -> frozenset[date]:
    """Return the first day of every period."""
    return frozenset(entry.since for entry in _RULES)
