"""Sums of money and hours: one rounding, and how French people read them.

No text says how to round. Official examples since 2021 round the hourly amount once to the cent, half up, then the
product with the hours (examples of 2020 sometimes cut instead: docs/money.md lists them).
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from law.texts import NO_BREAK_SPACE, number_in_french

CENT: Final = Decimal("0.01")


def to_the_cent(amount: Decimal) -> Decimal:
    """Round an amount in euros to the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def to_cents(amount: Decimal) -> int:
    """Return an amount in euros, which has no more decimals than cents, in cents."""
    return int(amount / CENT)


def of_cents(cents: int) -> Decimal:
    """Return an amount in euros, with two decimals."""
    return cents * CENT


def euros_in_french(amount: Decimal) -> str:
    """Write an amount in euros: « 8,03 € », « 1 234,50 € »."""
    whole, _, cents = f"{to_the_cent(amount):f}".partition(".")
    return f"{number_in_french(int(whole))},{cents}{NO_BREAK_SPACE}€"


def share_in_french(share: Decimal) -> str:
    """Write a share: « 36 % », « 43,5 % »."""
    return f"{number_in_french(share * 100)}{NO_BREAK_SPACE}%"
