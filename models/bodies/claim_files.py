"""What a file of a claim is checked against, as whoever checks it states it."""

import re
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from law.pay import Circumstances
from law.rates import Sector
from models.claim_files.claim import Claim
from models.identifiers import Day, Department, Message, Period, Siret

_MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
_SEPARATOR: Final = ".."


def _month(value: str) -> str:
    if not _MONTH.fullmatch(value):
        raise ValueError("Écrivez ce mois ainsi : « 2021-03 ».")
    return value


def _period(value: object) -> object:
    """Read two days as the command line writes them: « 2021-03-01..2021-05-31 »."""
    if isinstance(value, str):
        start_on, separator, end_on = value.partition(_SEPARATOR)
        if not separator:
            raise ValueError("Écrivez cette période ainsi : « 2021-03-01..2021-05-31 ».")
        return {"start_on": start_on, "end_on": end_on}
    return value


def _in_order(period: Period) -> Period:
    if period.end_on < period.start_on:
        raise ValueError("Cette période finit avant de commencer.")
    return period


class ClaimFileQuestion(Message):
    """The month, the period authorised and the establishment; whatever is left out is not checked."""

    month: Annotated[str, AfterValidator(_month)] | None = None
    period: Annotated[Period, BeforeValidator(_period), AfterValidator(_in_order)] | None = None
    siret: Siret | None = None
    department: Department = "75"
    headcount: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    sector: Sector = Sector.GENERAL
    structural: bool = False
    holidays_worked: bool | None = None
    paid_to: Literal["establishment", "employees"] | None = None

    @property
    def month_on(self) -> Day | None:
        """First day of the month; that of the period where it has one month only."""
        if self.month is not None:
            return date.fromisoformat(f"{self.month}-01")
        if self.period is not None and self.period.start_on.replace(day=1) == self.period.end_on.replace(day=1):
            return self.period.start_on.replace(day=1)
        return None

    @property
    def claim(self) -> Claim:
        """The claim that the file is checked against."""
        return Claim(
            month=self.month_on,
            period=self.period,
            where=Circumstances(self.department, headcount=self.headcount, sector=self.sector),
            structural=self.structural,
            holidays_worked=self.holidays_worked,
            direct=self.paid_to == "employees",
        )
