"""The filing window: until when a request may be received (R. 5122-2, R. 5122-3).

The request precedes the placement of the employees; for a disaster or exceptional weather, and from 26 March
2020 also for other exceptional circumstances (décret n° 2020-325), the employer has 30 days from the
placement. The placement day does not count, the 30th day runs to 24:00 and rolls to the next working day of
the département: placed on 20 March 2020, until Monday 20 April; placed on 30 October 2020, until Monday
30 November (both published). Doubt: a « délai franc » fits both examples too.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from law.calendar import legal_time_reason, local, midnight, next_working_day
from law.dated import Dated, DatedValue
from law.grounds import Ground
from law.silence import training_reason
from law.texts import Objection, Reason, Text, because, end_in_french, in_french, objection

_30_DAYS: Final = timedelta(days=30)
_ONE_DAY: Final = timedelta(days=1)

# The value is the time left after the placement; None: the request must precede it.
_BEFORE: Final = Dated[timedelta | None](
    "le délai de dépôt",
    DatedValue(date(2013, 7, 1), None, Text.R_5122_2, Text.CODE_2013),
)
# The text of 2013 takes the day of sending, which for an online filing is the instant of reception.
_DISASTER: Final = Dated[timedelta | None](
    "le délai de dépôt",
    DatedValue(date(2013, 7, 1), _30_DAYS, Text.R_5122_3, Text.CODE_2013),
    DatedValue(date(2020, 3, 26), _30_DAYS, Text.R_5122_3, Text.DECREE_2020_325_1),
)
_EXCEPTIONAL: Final = Dated[timedelta | None](
    "le délai de dépôt",
    DatedValue(date(2013, 7, 1), None, Text.R_5122_2, Text.CODE_2013),
    DatedValue(date(2020, 3, 26), _30_DAYS, Text.R_5122_3, Text.DECREE_2020_325_1),
)
_WINDOWS: Final = {
    Ground.DISASTER_OR_WEATHER: _DISASTER,
    Ground.EXCEPTIONAL_CIRCUMSTANCES: _EXCEPTIONAL,
}

# The ministry's tolerance, for « all firms » (S1); the decree limits late filing to grounds 3 and 5, and so do we.
_TOLERATED_FROM: Final = date(2020, 3, 1)
_TOLERATED_TO: Final = date(2020, 4, 30)


@dataclass(frozen=True, slots=True)
class FilingWindow:
    """When a request is out of time: each instant is the first that is too late, in local legal time.

    `closes_at` ends the delay of the law, `accepted_until` that of the practice (equal without a tolerance).
    After `accepted_until` a request may only cover a period that starts after its reception.
    """

    closes_at: datetime
    accepted_until: datetime
    why: tuple[Reason, ...]


def filing_window(
    ground: Ground,
    placement_on: date,
    department: str,
    received_on: date | None = None,
    law_on: date | None = None,
) -> FilingWindow:
    """Return the filing window of a placement, under the rule of the local date of reception.

    Without `received_on` it is judged as if received on the window's last day. `law_on` (training) applies the
    rule of another day. Raises BeforeFirstText and UnknownDepartment.
    """
    judged_on = law_on or received_on
    entry = _last_consistent(ground, placement_on, department) if judged_on is None else _windows(ground).on(judged_on)
    last_day = _last_day(entry, placement_on, department)
    closes_at = midnight(last_day + _ONE_DAY, department)
    accepted_until, tolerance = _tolerance(ground, placement_on, department, closes_at, judged_on)
    training = () if law_on is None else (training_reason(law_on),)
    return FilingWindow(
        closes_at=closes_at,
        accepted_until=accepted_until,
        why=(
            *training,
            *_why(entry, placement_on, last_day, department),
            legal_time_reason(entry.article, judged_on or max(last_day, entry.since), department),
            *tolerance,
        ),
    )


def window_objection(
    ground: Ground,
    placement_on: date,
    start_on: date,
    department: str,
    received_at: datetime,
    law_on: date | None = None,
) -> Objection | None:
    """Return why a request is out of time, or None when it is admissible.

    A late request is still admissible for a period that starts after the local day of its reception. Raises
    NaiveInstant, UnknownDepartment and BeforeFirstText.
    """
    received = local(received_at, department)
    window = filing_window(ground, placement_on, department, received.date(), law_on)
    if received < window.accepted_until or start_on > received.date():
        return None
    article = Text.R_5122_3 if _windows(ground).on(law_on or received.date()).value else Text.R_5122_2
    return objection(
        "/placement_on",
        "filing-window-closed",
        f"Le délai de dépôt s’est achevé le {end_in_french(window.closes_at)}{_tolerated(window)}. La demande ne peut "
        "plus porter que sur une période qui commence après sa réception.",
        article,
    )


def _tolerated(window: FilingWindow) -> str:
    """Say until when requests were accepted, where that is later than the end of the delay."""
    if window.accepted_until == window.closes_at:
        return ""
    return f" et les demandes ont été acceptées jusqu’au {end_in_french(window.accepted_until)}"


def _windows(ground: Ground) -> Dated[timedelta | None]:
    return _WINDOWS.get(ground, _BEFORE)


def _last_day(entry: DatedValue[timedelta | None], placement_on: date, department: str) -> date:
    if entry.value is None:
        return placement_on - _ONE_DAY
    return next_working_day(placement_on + entry.value, department)


def _last_consistent(ground: Ground, placement_on: date, department: str) -> DatedValue[timedelta | None]:
    # The newest rule that is already in force on the last day that it would set. A placement from 25 February to
    # 26 March 2020 on ground 5 thus gets 30 days, since a reception from 26 March on is judged by them.
    rules = _windows(ground)
    for entry in reversed(rules):
        if _last_day(entry, placement_on, department) >= entry.since:
            return entry
    return rules.on(placement_on)


def _tolerance(
    ground: Ground, placement_on: date, department: str, closes_at: datetime, judged_on: date | None
) -> tuple[datetime, tuple[Reason, ...]]:
    tolerated_until = midnight(_TOLERATED_TO + _ONE_DAY, department)
    if (
        ground not in _WINDOWS
        or placement_on < _TOLERATED_FROM
        or tolerated_until <= closes_at
        or not (judged_on is None or _TOLERATED_FROM <= judged_on <= _TOLERATED_TO)
    ):
        return closes_at, ()
    text = "Par tolérance, une demande reçue jusqu’à ce jour est admise pour tout placement depuis mars 2020."
    reason = because(Text.R_5122_3, text, f"{in_french(_TOLERATED_TO)} à 24 h", Text.PRACTICE_TOLERANCE)
    return tolerated_until, (reason,)


def _why(
    entry: DatedValue[timedelta | None], placement_on: date, last_day: date, department: str
) -> tuple[Reason, ...]:
    if entry.value is None:
        text = "La demande doit précéder le placement des salariés en activité partielle."
        return (entry.reason(text, f"{in_french(last_day)} à 24 h"),)
    thirtieth = placement_on + entry.value
    counting = entry.reason(
        "La demande est reçue dans les 30 jours du placement, dont le premier jour ne compte pas.",
        f"{in_french(thirtieth)} à 24 h",
    )
    if last_day == thirtieth:
        return (counting,)
    rolled = because(
        entry.article,
        "Le 30e jour est un samedi, un dimanche ou un jour férié, le délai va au jour ouvrable suivant.",
        f"{in_french(last_day)} à 24 h",
        Text.PRACTICE_CALENDAR,
    )
    return (counting, rolled)
