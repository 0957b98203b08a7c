"""Whether the hourly pay that a claim states is there, and plausible (D. 5122-13, L. 3231-2).

Since shares of pay replaced the flat amounts, no hour is worth anything without it. Pay below the SMIC has a ground
only for those whose pay is a share of it; apprentices are the only ones whom a claim names. Doubt: regular freelance
journalists and sales representatives (VRP) may be paid less by the hour as well, and are asked to state why.
"""

from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from law.pay import CEILING, Circumstances
from law.rates import Flat, rate
from law.smic import smic

_UNUSUAL_CEILINGS: Final = Decimal(2)
"""Ours, not of a text: pay from here on is rather a monthly amount, or has lost its comma."""
_LEAST_SMIC_SHARE: Final = Decimal("0.25")
"""The least share of the SMIC that an apprentice was ever paid (D. 6222-26 before 2019)."""


class PayFault(Enum):
    """What may be wrong with the pay of an hour."""

    MISSING = auto()
    BELOW_SMIC = auto()
    UNUSUAL = auto()
    """Only a signal."""


def pay_fault(on: date, hourly_gross: Decimal | None, where: Circumstances, *, apprentice: bool) -> PayFault | None:
    """Return what is wrong with an hourly pay in euros, if anything.

    Raises RateUnknown, BeforeFirstText and UnknownDepartment.
    """
    if hourly_gross is None:
        is_flat = isinstance(rate(on, where.department, where.scheme, where.sector).value, Flat)
        return None if is_flat and not apprentice else PayFault.MISSING
    minimum = smic(on, where.department).value
    if hourly_gross < minimum and not apprentice:
        return PayFault.BELOW_SMIC
    is_usual = _LEAST_SMIC_SHARE * minimum <= hourly_gross <= _UNUSUAL_CEILINGS * CEILING * minimum
    return None if is_usual else PayFault.UNUSUAL
