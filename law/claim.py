"""Claims: the day from which they are forfeited under an authorization (L. 5122-1, IV).

A claim is made within six months of the end of the authorised period; one year for requests filed from
24 September 2018 whose period ended to 30 June 2020 (loi n° 2018-1317, art. 272), before 1 July 2021 for
those that ended in the second half of 2020, and four years for older files.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from law.calendar import add_months
from law.dated import Dated, DatedValue
from law.texts import Reason, Text, in_french

_ONE_DAY: Final = timedelta(days=1)
_OLD_FILES_TO: Final = date(2018, 9, 23)

# By the day of the request. Doubt: the four years are counted from the end of the period, not from 1 January.
_OLD: Final = Dated[int | date](
    "la forclusion des demandes d’indemnisation",
    DatedValue(date(2013, 7, 1), 48, Text.L_5122_1, Text.GENERAL_FORFEITURE),
)
# By the end of the authorised period: a number of months after it, or the first day out of time itself.
_RECENT: Final = Dated[int | date](
    "la forclusion des demandes d’indemnisation",
    DatedValue(date(2013, 7, 1), 12, Text.L_5122_1, Text.LAW_2018_1317),
    DatedValue(date(2020, 7, 1), date(2021, 7, 1), Text.L_5122_1, Text.PRACTICE_TRANSITION),
    DatedValue(date(2021, 1, 1), 6, Text.L_5122_1, Text.LAW_2021_FINANCE),
)


@dataclass(frozen=True, slots=True)
class Forfeiture:
    """The first day on which claims can no longer be made, and why."""

    forfeited_on: date
    why: tuple[Reason, ...]


def claims_forfeited_on(period_end: date, filed_on: date) -> Forfeiture:
    """Return the day from which claims under an authorization are out of time; raises BeforeFirstText.

    `period_end` is the last day authorised, `filed_on` the day of the request. Months count from that last
    day to the same day of the month, which runs to 24:00.
    """
    # The period of an older file may have ended before the first text: the day of the request selects the rule.
    entry = _OLD.on(filed_on) if filed_on <= _OLD_FILES_TO else _RECENT.on(period_end)
    if isinstance(entry.value, date):
        text, forfeited_on = "Les demandes étaient à présenter avant cette date.", entry.value
    else:
        text = f"Les demandes sont présentées dans les {entry.value} mois de la fin de la période autorisée."
        forfeited_on = add_months(period_end, entry.value) + _ONE_DAY
    return Forfeiture(forfeited_on, (entry.reason(text, f"forclusion le {in_french(forfeited_on)}"),))
