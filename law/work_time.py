"""The ten modes of arranging working time (DSN rubric S21.G00.40.078), and what weekly duration counts for each.

Only hours below the legal duration, or below the collective or contractual one if that is less, are payable
(R. 5122-11, R. 5122-19); hours of the contract above it count where they are structural or of equivalence (L. 5122-3).
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from law.dated import Dated, DatedValue
from law.texts import Text


class Mode(StrEnum):
    """How the working time of an employee is arranged; the value is the code of the DSN."""

    WEEKLY_FLAT = "01"
    WEEKLY = "02"
    EQUIVALENCE = "03"
    MONTHLY_FLAT = "04"
    ANNUAL_DAYS = "05"
    ANNUAL_HOURS = "06"
    CYCLE = "07"
    MODULATION = "08"
    ARRANGEMENT_2008 = "09"
    AIRCREW = "10"

    @property
    def label(self) -> str:
        """The mode as people read it."""
        return _LABELS[self]


_LABELS: Final = {
    Mode.WEEKLY_FLAT: "forfait hebdomadaire",
    Mode.WEEKLY: "autre temps de travail hebdomadaire",
    Mode.EQUIVALENCE: "régime d’équivalence",
    Mode.MONTHLY_FLAT: "forfait mensuel",
    Mode.ANNUAL_DAYS: "forfait annuel en jours",
    Mode.ANNUAL_HOURS: "forfait annuel en heures",
    Mode.CYCLE: "cycle",
    Mode.MODULATION: "modulation",
    Mode.ARRANGEMENT_2008: "aménagement du temps de travail (loi du 20 août 2008)",
    Mode.AIRCREW: "personnel navigant",
}
PLANNED: Final = frozenset({Mode.CYCLE, Mode.MODULATION, Mode.ARRANGEMENT_2008})
"""Modes whose programme says the hours of each week: the collective duration of that week."""
IN_DAYS: Final = frozenset({Mode.ANNUAL_DAYS, Mode.AIRCREW})
"""Modes that count days."""
ANNUAL: Final = frozenset({Mode.ANNUAL_DAYS, Mode.ANNUAL_HOURS})

LEGAL_WEEK: Final = Dated(
    "la durée légale du travail", DatedValue(date(2013, 7, 1), Decimal(35), Text.L_3121_27, Text.L_3121_27)
)
# Article L. 3121-35 until August 2016, the same duration.
LONGEST_WEEK: Final = Dated(
    "la durée maximale hebdomadaire", DatedValue(date(2013, 7, 1), Decimal(48), Text.L_3121_20, Text.L_3121_20)
)
"""Hours that nobody works in one week, but for an authorization that a claim does not state."""
# The equivalences of 2020 and 2021 are those of the ordinance; agreements of structural overtime had to be earlier than
# 24 April 2020 until 2022, which only the employer knows. Doubt: first day between 1 and 12 March 2020.
_ABOVE_LEGAL: Final = Dated(
    "les heures au-delà de la durée légale",
    DatedValue(date(2013, 7, 1), value=False, article=Text.R_5122_11, source=Text.CODE_2013),
    DatedValue(date(2020, 3, 1), value=True, article=Text.L_5122_3, source=Text.ORDINANCE_2020_346),
    DatedValue(date(2022, 1, 1), value=True, article=Text.L_5122_3, source=Text.CODE_2022),
)
# Until 26 March 2020 an annual forfait was payable for the days of a closure only (R. 5122-8).
_ANNUAL_REDUCTION: Final = Dated(
    "les forfaits annuels",
    DatedValue(date(2013, 7, 1), value=False, article=Text.R_5122_8, source=Text.CODE_2013),
    DatedValue(date(2020, 3, 26), value=True, article=Text.R_5122_19, source=Text.DECREE_2020_325_1),
)
HOURS_OF_A_DAY: Final = Dated(
    "la conversion des jours en heures",
    DatedValue(date(2013, 7, 1), Decimal(7), Text.R_5122_19, Text.CODE_2013),
    DatedValue(date(2022, 1, 1), Decimal(7), Text.D_5122_15, Text.CODE_2022),
)
# 2020 by decree, then in the code.
HOURS_OF_AN_AIRCREW_DAY: Final = Dated(
    "les heures du personnel navigant",
    DatedValue(date(2020, 3, 12), Decimal("8.75"), Text.D_5122_15, Text.DECREE_2020_435),
    DatedValue(date(2022, 1, 1), Decimal("8.75"), Text.D_5122_15, Text.CODE_2022),
)


def above_legal(on: date) -> DatedValue[bool]:
    """Return whether structural and equivalent hours above the legal duration count; raises BeforeFirstText."""
    return _ABOVE_LEGAL.on(on)


def annual_reduction(on: date) -> DatedValue[bool]:
    """Return whether an annual forfait is payable without a closure; raises BeforeFirstText."""
    return _ANNUAL_REDUCTION.on(on)
