"""Within how many days a complete claim is paid, and who bears the allowance.

Doubt: the press note of 3 April 2020 gives 15 days before and 10 after, not the day of the change; the ministry told an
average of 12 days. Here the rule is that of the day on which the claim was received.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from law.amounts import to_the_cent
from law.dated import Dated, DatedValue
from law.texts import Reason, Text, in_french

_DAYS: Final = Dated(
    "le délai de paiement",
    DatedValue(date(2013, 7, 1), 15, Text.R_5122_14, Text.PRACTICE_48_HOURS),
    DatedValue(date(2020, 3, 29), 10, Text.R_5122_14, Text.PRACTICE_48_HOURS),
)
# Doubt: the shares of the flat amounts, before March 2020, are unread; the same are used.
_SHARE_OF_STATE: Final = Dated(
    "la part de l’État",
    DatedValue(date(2013, 7, 1), Decimal("0.67"), Text.L_5122_1, Text.MINISTRY_2023_02),
)


@dataclass(frozen=True, slots=True)
class PaymentDelay:
    """The last day on which a claim is paid in time, and why."""

    due_on: date
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Financing:
    """Who bears an allowance, in euros: both shares make up the whole."""

    state: Decimal
    unedic: Decimal


def payment_delay(received_on: date) -> PaymentDelay:
    """Return until when a complete claim received on a local day is to be paid, in calendar days; BeforeFirstText."""
    entry = _DAYS.on(received_on)
    due_on = received_on + timedelta(days=entry.value)
    text = f"Paiement dans les {entry.value} jours de la réception d’une demande complète."
    return PaymentDelay(due_on, (entry.reason(text, in_french(due_on)),))


def financing(allowance: Decimal, on: date) -> Financing:
    """Return what State and Unédic bear of an allowance of hours idle on a day: 67 % and the rest."""
    state = to_the_cent(allowance * _SHARE_OF_STATE.on(on).value)
    return Financing(state, allowance - state)


def split_share(share: int, parts: Sequence[int]) -> tuple[int, ...]:
    """Return what a financer bears of each part of an allowance of which it bears `share`; all in cents.

    Shares of the parts make up the whole share, and each is at most its part: the sum of the first ones is rounded,
    half up, not each of them. The other financer bears the rest. Raises ValueError for no share of these parts.
    """
    whole = sum(parts)
    if not 0 <= share <= whole or min(parts, default=0) < 0:
        raise ValueError("no share of these parts")
    shares, summed, borne = list[int](), 0, 0
    for part in parts:
        summed += part
        up_to_here = (2 * share * summed + whole) // (2 * whole) if whole else 0
        shares.append(up_to_here - borne)
        borne = up_to_here
    return tuple(shares)
