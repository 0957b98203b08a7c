"""Floors of the hourly allowance: ordinary, raised (70 %, 60 % and long-term schemes), and those of Mayotte.

The ordinary floor is nine tenths of the raised one since July 2021, which is the net hourly SMIC: the hourly minimum of
the indemnity too (L. 3232-1 and following). No floor was found for the SMIC of 1 June 2026: the last one stands.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from law.dated import Dated, DatedValue
from law.directory import department as department_of
from law.smic import MAYOTTE
from law.texts import Text


@dataclass(frozen=True, slots=True)
class Floors:
    """Least hourly allowances in euros; None where no text was read."""

    ordinary: Decimal | None
    raised: Decimal | None


def _row(since: str, ordinary: str | None, raised: str | None, article: Text, source: Text) -> DatedValue[Floors]:
    values = Floors(Decimal(ordinary) if ordinary else None, Decimal(raised) if raised else None)
    return DatedValue(date.fromisoformat(since), values, article, source)


_FLOORS: Final = Dated(
    "le plancher de l’allocation",
    *(
        _row(since, ordinary, raised, Text.D_5122_13, source)
        for since, ordinary, raised, source in (
            ("2020-03-01", "8.03", "8.03", Text.DECREE_2020_325_1),
            ("2021-01-01", "8.11", "8.11", Text.DECREE_2020_1786),
            ("2021-07-01", "7.30", "8.11", Text.MINISTRY_2021_06),
            ("2021-10-01", "7.47", "8.30", Text.DECREE_2021_1252),
            ("2022-01-01", "7.53", "8.37", Text.DECREE_2021_1878),
            ("2022-05-01", "7.73", "8.59", Text.DECREE_2022_654),
            ("2022-08-01", "7.88", "8.76", Text.DECREE_2022_1072),
            ("2023-01-01", "8.03", "8.92", Text.DECREE_2022_1632),
            ("2023-05-01", "8.21", "9.12", Text.DECREE_2023_322),
            ("2024-01-01", "8.30", "9.22", Text.DECREE_2023_1305),
            ("2024-11-01", "8.46", "9.40", Text.DECREE_2024_1149),
            ("2026-01-01", "8.57", "9.52", Text.DECREE_2026_35),
        )
    ),
)
# Before 26 March 2020 the allowance of Mayotte was flat; the article was then silent and the general floor applied.
# January to September 2021: planned at 6.35, postponed, unread.
_OF_MAYOTTE: Final = Dated(
    "le plancher de l’allocation à Mayotte",
    *(
        _row(since, ordinary, raised, Text.D_5522_87, source)
        for since, ordinary, raised, source in (
            ("2020-03-26", "8.03", "8.03", Text.DECREE_2020_325_1),
            ("2020-09-01", "7.05", "7.05", Text.DECREE_2020_1071),
            ("2021-01-01", None, None, Text.DECREE_2020_1786),
            ("2021-10-01", "6.52", "7.24", Text.DECREE_2021_1390),
            ("2022-01-01", "6.54", "7.27", Text.DECREE_2022_40),
            ("2022-05-01", "6.71", "7.46", Text.DECREE_2022_940),
            ("2022-08-01", "6.85", "7.61", Text.DECREE_2022_1241),
            ("2023-01-01", "6.94", None, Text.DECREE_2023_34),
            ("2023-05-01", "7.09", "7.88", Text.DECREE_2023_438),
            ("2024-01-01", "7.14", "7.93", Text.DECREE_2024_125),
            ("2024-11-01", "7.29", "8.10", Text.DECREE_2024_1149),
            ("2026-01-01", "7.50", "8.33", Text.DECREE_2026_52),
        )
    ),
)
FLOOR_SHARE: Final = Decimal("0.9")
"""The ordinary floor, as a share of the raised one."""
NINE_TENTHS_FROM: Final = date(2021, 7, 1)
# APLD had a floor of its own in 2020, then the raised ones.
APLD_2020: Final = DatedValue(date(2020, 7, 1), Decimal("7.23"), Text.D_5122_13, Text.DECREE_2020_926)


def floors(on: date, department: str) -> DatedValue[Floors]:
    """Return the floors of a day; raises BeforeFirstText and UnknownDepartment."""
    return floor_rows(department).on(on)


def floor_rows(department: str) -> Dated[Floors]:
    """Return every row of a département."""
    return _OF_MAYOTTE if department_of(department).code == MAYOTTE else _FLOORS


def floor_columns() -> tuple[Dated[Floors], ...]:
    """Return both columns, everywhere and Mayotte, for whoever watches that the law is kept up."""
    return _FLOORS, _OF_MAYOTTE
