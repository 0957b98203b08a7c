"""Until when hours may be claimed under an authorization, and a claim put right (L. 5122-1, IV).

A claim is made within six months of the term of the period authorised: one year for requests filed from 24 September
2018 whose period ended to 30 June 2020 (loi n° 2018-1317, art. 272), before 1 July 2021 for those that ended in the
second half of 2020, four years for older files. Months run from the term, which is 24:00 of the last day: a period to
30 April is claimed to 31 October. Doubt: counted from date to date, to the 30th.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from law.calendar import add_months
from law.dated import Dated, DatedValue
from law.texts import Reason, Text, in_french

_ONE_DAY: Final = timedelta(days=1)
_OLD_FILES_TO: Final = date(2018, 9, 23)
_LONG_ARRANGEMENT: Final = 6
"""Months: an arrangement of working time over more may be put right later."""

# By the day of the request. Doubt: the four years are counted from the end of the period, not from 1 January.
_OLD: Final = Dated[int | date](
    "la forclusion des demandes d’indemnisation",
    DatedValue(date(2013, 7, 1), 48, Text.L_5122_1, Text.GENERAL_FORFEITURE),
)
# By the end of the period authorised: a number of months after it, or the first day out of time itself.
_RECENT: Final = Dated[int | date](
    "la forclusion des demandes d’indemnisation",
    DatedValue(date(2013, 7, 1), 12, Text.L_5122_1, Text.LAW_2018_1317),
    DatedValue(date(2020, 7, 1), date(2021, 7, 1), Text.L_5122_1, Text.PRACTICE_TRANSITION),
    DatedValue(date(2021, 1, 1), 6, Text.L_5122_1, Text.LAW_2021_FINANCE),
)
_MONTHS_TO_REGULARISE: Final = Dated[int | None](
    "la régularisation des demandes d’indemnisation",
    DatedValue(date(2013, 7, 1), None, Text.L_5122_1, Text.LAW_2018_1317),
    DatedValue(date(2021, 1, 1), 6, Text.L_5122_1, Text.LAW_2021_FINANCE),
)


@dataclass(frozen=True, slots=True)
class Forfeiture:
    """The last day of claims, the first one out of time, the last one to put claims right (None: the same), and why."""

    last_day_on: date
    forfeited_on: date
    regularise_until: date | None
    why: tuple[Reason, ...]


def forfeiture(period_end: date, filed_on: date, reference_months: int | None = None) -> Forfeiture:
    """Return until when hours are claimed; raises BeforeFirstText.

    `period_end` is the last day granted, `filed_on` the day of the request, `reference_months` the length of the firm’s
    arrangement of working time, if it has one (not an individual annual forfait).
    """
    # The period of an older file may have ended before the first text: the day of the request selects the rule.
    entry = _OLD.on(filed_on) if filed_on <= _OLD_FILES_TO else _RECENT.on(period_end)
    if isinstance(entry.value, date):
        text, forfeited_on = "Les demandes étaient à présenter avant cette date.", entry.value
    else:
        text = f"Les demandes sont présentées dans les {entry.value} mois du terme de la période autorisée."
        forfeited_on = _months_after(period_end, entry.value)
    last_day = forfeited_on - _ONE_DAY
    why = [entry.reason(text, f"jusqu’au {in_french(last_day)}, forclusion le {in_french(forfeited_on)}")]
    regularise_until = _regularise_until(period_end, forfeited_on, reference_months, why)
    return Forfeiture(last_day, forfeited_on, regularise_until, tuple(why))


def put_right_until(period_end: date, filed_on: date) -> tuple[date, Reason] | None:
    """Return until when a long arrangement of working time lets claims be put right, and why; None: no longer at all.

    Raises BeforeFirstText.
    """
    found = forfeiture(period_end, filed_on, _LONG_ARRANGEMENT + 1)
    return (found.regularise_until, found.why[-1]) if found.regularise_until else None


def _regularise_until(
    period_end: date, forfeited_on: date, reference_months: int | None, why: list[Reason]
) -> date | None:
    entry = _MONTHS_TO_REGULARISE.on(max(period_end, _MONTHS_TO_REGULARISE.first))
    if entry.value is None or reference_months is None or reference_months <= _LONG_ARRANGEMENT:
        return None
    until = add_months(forfeited_on, entry.value) - _ONE_DAY
    text = (
        f"L’aménagement du temps de travail dépasse {_LONG_ARRANGEMENT} mois : régularisation, sans première demande."
    )
    why.append(entry.reason(text, f"jusqu’au {in_french(until)}"))
    return until


def _months_after(period_end: date, months: int) -> date:
    """Return the first day that comes after some months from the term of a period, 24:00 of its last day."""
    return add_months(period_end + _ONE_DAY, months)
