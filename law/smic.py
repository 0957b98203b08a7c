"""The minimum wage (SMIC), gross and by the hour: everywhere, and its own amounts in Mayotte (L. 3231-2, D. 3231-6)."""

from datetime import date
from decimal import Decimal
from typing import Final

from law.dated import Dated, DatedValue
from law.directory import department as department_of
from law.texts import Text

MAYOTTE: Final = "976"

_SMIC: Final = Dated(
    "le SMIC horaire",
    *(
        DatedValue(date.fromisoformat(since), Decimal(amount), Text.L_3231_2, source)
        for since, amount, source in (
            ("2013-01-01", "9.43", Text.DECREE_2013_123),
            ("2014-01-01", "9.53", Text.DECREE_2013_1190),
            ("2015-01-01", "9.61", Text.DECREE_2014_1569),
            ("2016-01-01", "9.67", Text.DECREE_2015_1688),
            ("2017-01-01", "9.76", Text.DECREE_2016_1818),
            ("2018-01-01", "9.88", Text.DECREE_2017_1719),
            ("2019-01-01", "10.03", Text.DECREE_2018_1173),
            ("2020-01-01", "10.15", Text.DECREE_2019_1387),
            ("2021-01-01", "10.25", Text.DECREE_2020_1598),
            ("2021-10-01", "10.48", Text.ORDER_2021_SMIC),
            ("2022-01-01", "10.57", Text.DECREE_2021_1741),
            ("2022-05-01", "10.85", Text.ORDER_2022_SMIC_MAY),
            ("2022-08-01", "11.07", Text.ORDER_2022_SMIC_AUGUST),
            ("2023-01-01", "11.27", Text.DECREE_2022_1608),
            ("2023-05-01", "11.52", Text.ORDER_2023_SMIC),
            ("2024-01-01", "11.65", Text.DECREE_2023_1216),
            ("2024-11-01", "11.88", Text.DECREE_2024_951),
            ("2026-01-01", "12.02", Text.SMIC_2026),
            ("2026-06-01", "12.31", Text.SMIC_2026),
        )
    ),
)
# Recalled, not verified: 7.46, 8.80. 7.66 on 1 January 2020 follows from the row of 26 March.
_OF_MAYOTTE: Final = Dated(
    "le SMIC horaire de Mayotte",
    *(
        DatedValue(date.fromisoformat(since), Decimal(amount), Text.L_3231_2, Text.SMIC_OF_MAYOTTE)
        for since, amount in (
            ("2018-11-07", "7.46"),
            ("2020-01-01", "7.66"),
            ("2021-01-01", "7.74"),
            ("2021-10-01", "7.91"),
            ("2022-01-01", "7.98"),
            ("2022-05-01", "8.19"),
            ("2022-08-01", "8.35"),
            ("2023-01-01", "8.51"),
            ("2023-05-01", "8.70"),
            ("2024-01-01", "8.80"),
            ("2024-11-01", "8.98"),
            ("2026-01-01", "9.33"),
        )
    ),
)


def smic(on: date, department: str) -> DatedValue[Decimal]:
    """Return the gross hourly SMIC of a day in euros; raises BeforeFirstText and UnknownDepartment."""
    return (_OF_MAYOTTE if department_of(department).code == MAYOTTE else _SMIC).on(on)


def smic_rows() -> tuple[Dated[Decimal], ...]:
    """Return both columns, for whoever watches that the law is kept up."""
    return _SMIC, _OF_MAYOTTE
