"""The court that judges the decision of a préfet, until which day, and how to reach it (CJA).

« Le siège et le ressort des tribunaux administratifs sont fixés comme suit » (R. 221-3). The court is that of the
authority which decided (R. 312-1): here the préfet of the département of the establishment. Where a decision governs
the activity of an establishment, R. 312-10 names the court of that establishment, which is the same one.
« La juridiction ne peut être saisie que par voie de recours formé contre une décision, et ce, dans les deux mois à
partir de la notification ou de la publication de la décision attaquée » (R. 421-1).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from law.calendar import add_months, next_working_day
from law.dated import Dated, DatedValue
from law.directory import department as department_of
from law.texts import Text
from law.tribunals import tribunal

_MONTHS_TO_APPEAL: Final = Dated(
    "le délai de recours",
    DatedValue(date(2013, 7, 1), 2, Text.CJA_R_421_1, Text.CJA_R_421_1),
)
_MONTHS_IN_MAYOTTE: Final = Dated(
    "le délai de recours à Mayotte",
    DatedValue(date(2013, 7, 1), 3, Text.CJA_R_421_6, Text.CJA_R_421_6),
    DatedValue(date(2015, 10, 18), 2, Text.CJA_R_421_1, Text.DECREE_2015_1145),
)
_MAYOTTE: Final = "976"

# Generalised to every court on 30 November 2018 (arrêté du 2 mai 2018; the day is recalled, not verified).
_ONLINE: Final = Dated[str | None](
    "le dépôt en ligne d’un recours",
    DatedValue(date(2013, 7, 1), None, Text.CJA_R_414_2, Text.CJA_R_414_2),
    DatedValue(date(2018, 11, 30), "https://citoyens.telerecours.fr", Text.CJA_R_414_2, Text.DECREE_2018_251),
)


@dataclass(frozen=True, slots=True)
class Appeal:
    """Recours contentieux contre une décision : la juridiction, le dernier jour, le téléservice.

    `court` is a French name without article, `online` the address of Télérecours citoyens where it exists.
    """

    court: str
    last_day_on: date
    online: str | None


def court(department: str, on: date) -> str:
    """Return the name of the court for a département on a day; raises UnknownDepartment, BeforeFirstText."""
    return tribunal(department, on).name


def months_to_appeal(notified_on: date, department: str) -> int:
    """Return how many months the court may be seized for after a notification (R. 421-1; R. 421-6 in Mayotte)."""
    months = _MONTHS_IN_MAYOTTE if department_of(department).code == _MAYOTTE else _MONTHS_TO_APPEAL
    return months.on(notified_on).value


def last_day_to_appeal(notified_on: date, department: str) -> date:
    """Return the last day of the months that follow a notification, for whoever lives where the court is (R. 421-7).

    The delay is « franc »: neither the day of the notification nor the last one counts, and what would end on a day
    that is not a working one ends on the next (case-law; code de procédure civile, art. 642).
    """
    return next_working_day(
        add_months(notified_on, months_to_appeal(notified_on, department)) + timedelta(days=1), department
    )


def appeal(notified_on: date, department: str) -> Appeal:
    """Return how a decision notified on a local day may be contested; raises UnknownDepartment, BeforeFirstText."""
    return Appeal(
        court=court(department, notified_on),
        last_day_on=last_day_to_appeal(notified_on, department),
        online=_ONLINE.on(notified_on).value,
    )
