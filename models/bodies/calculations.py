"""What is asked of the public calculations of money and hours: by query, command and page alike."""

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from law.rates import Scheme, Sector
from law.work_time import Mode
from models.identifiers import Day, Department, Message

_NUMBER: Final = re.compile(r"\d{1,7}(\.\d{1,4})?", re.ASCII)


def _number(value: object) -> object:
    """Read a number as people write it: « 10,15 », « 10.15 »."""
    written = value.strip().replace(",", ".") if isinstance(value, str) else value
    if isinstance(written, Decimal) or (isinstance(written, str) and _NUMBER.fullmatch(written)):
        return written
    raise ValueError("Écrivez ce nombre ainsi : « 10,15 » ou « 10.15 ».")


Number = Annotated[
    Decimal,
    BeforeValidator(_number),
    WithJsonSchema({"type": "string", "pattern": rf"^{_NUMBER.pattern}$", "examples": ["10.15", "151.67"]}),
]


class AllowanceQuestion(Message):
    """Hours idle on a day, or from `on` to `to`, and the pay: in euros, or as a share of the SMIC."""

    on: Day
    hours: Annotated[Number, Field(ge=0, le=1_000_000)]
    hourly_gross: Annotated[Number, Field(gt=0, le=10_000)] | None = None
    to: Day | None = None
    headcount: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    department: Department = "75"
    scheme: Scheme = Scheme.AP
    sector: Sector = Sector.GENERAL
    contract_week: Annotated[Number, Field(gt=0, le=168)] | None = None
    """Weekly hours of the contract; without them, full time."""
    apprentice: bool = False
    smic_share: Annotated[Number, Field(gt=0, le=5)] | None = None


class HoursQuestion(Message):
    """One week of an employee (see `law.hours.Week`)."""

    week: Day
    contract_week: Annotated[Number, Field(ge=0, le=168)]
    worked: Annotated[Number, Field(ge=0, le=168)]
    mode: Mode = Mode.WEEKLY
    collective_week: Annotated[Number, Field(ge=0, le=168)] | None = None
    days: Annotated[int, Field(ge=0, le=7)] = 0
    half_days: Annotated[int, Field(ge=0, le=14)] = 0
    department: Department = "75"
    holidays_worked: bool = False
    structural: bool = False


class ForfeitureQuestion(Message):
    """The last day granted, the day of the request, the months of the arrangement of working time."""

    period_end: Day
    filed_on: Day
    reference_months: Annotated[int, Field(ge=1, le=120)] | None = None
