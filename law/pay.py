"""Who is paid what, and under which scheme an hour is idle: what amounts are computed from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from law.amounts import euros_in_french, to_the_cent
from law.dated import DatedValue
from law.rates import Rate, Scheme, Sector, Shares
from law.smic import smic
from law.texts import NO_BREAK_SPACE, number_in_french

CEILING: Final = Decimal("4.5")
"""In SMIC: the pay that counts at most (D. 5122-13)."""


@dataclass(frozen=True, slots=True)
class Pay:
    """The gross hourly pay of an employee in euros, or its share of the SMIC (apprentices): exactly one of both.

    `contract_hours` are those of the contract by week; None for full time.
    """

    hourly_gross: Decimal | None = None
    smic_share: Decimal | None = None
    apprentice: bool = False
    contract_hours: Decimal | None = None

    def hourly(self, on: date, department: str) -> Decimal:
        """Return it in euros, on a day."""
        if self.hourly_gross is not None:
            return self.hourly_gross
        return to_the_cent((self.smic_share or Decimal(0)) * smic(on, department).value)

    @property
    def is_of_apprentice(self) -> bool:
        """Whether the rules of apprentices apply: only their pay is a share of the SMIC."""
        return self.apprentice or self.smic_share is not None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and under which scheme an hour is idle; `headcount` on 1 January, needed for the flat amounts."""

    department: str
    headcount: int | None = None
    scheme: Scheme = Scheme.AP
    sector: Sector = Sector.GENERAL


@dataclass(frozen=True, slots=True)
class PaidHour:
    """One idle hour whose worth is a share of pay."""

    on: date
    gross: Decimal
    pay: Pay
    where: Circumstances
    entry: DatedValue[Rate]
    shares: Shares
    """The value of the row."""

    @property
    def smic(self) -> Decimal:
        """The gross hourly SMIC in euros."""
        return smic(self.on, self.where.department).value

    @property
    def ceiling(self) -> Decimal:
        """The pay that counts at most, in euros."""
        return CEILING * self.smic

    @property
    def below_smic(self) -> bool:
        """Whether it is paid below the SMIC, as an apprentice’s may be: then no floor applies (D. 5122-13)."""
        return self.pay.is_of_apprentice and self.gross < self.smic

    def in_french(self, base: Decimal) -> str:
        """Write the pay that counts, as far as it does."""
        if base == self.gross:
            return euros_in_french(base)
        return f"{number_in_french(base)}{NO_BREAK_SPACE}€, plafond de {number_in_french(CEILING)} SMIC"
