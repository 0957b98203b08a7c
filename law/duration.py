"""Durations: how long an authorization may last, and how often it may be renewed (R. 5122-9, I).

Until 25 March 2020 an authorization lasts six months at most, then twelve; for requests filed from 1 July 2021
(décret n° 2021-221) three months, renewable up to six months, consecutive or not, over twelve consecutive
months. From then on a disaster or exceptional weather allows six months, outside that counter.

`end_on` is inclusive: n months from day d end the day before day d of month + n, clipped to the month's end;
the published « 15 juin 2020 → 15 juin 2021 » is read as a limit that must not be exceeded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from law.calendar import add_months
from law.dated import Dated, DatedValue
from law.grounds import Ground
from law.texts import Objection, Reason, Text, because, in_french, objection

_ONE_DAY: Final = timedelta(days=1)
_DAYS_OF_A_MONTH: Final = 30


@dataclass(frozen=True, slots=True)
class EarlierPeriod:
    """A period that counts for the establishment, first and last day included."""

    ground: Ground
    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True)
class Limit:
    """Months that one authorization may last, and months that all may total over `over` months (None: not counted)."""

    months: int
    counted: int | None = None
    over: int = 12


@dataclass(frozen=True, slots=True)
class Duration:
    """The latest last day of an authorization that begins on a given day, and why."""

    latest_end_on: date
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Counter:
    """Total authorised over the twelve months that end with the requested period, the request included.

    `months` and `days` add up the whole months and the remaining days of each stretch; 30 days count as one
    month (no text found: a convention under which six whole months are always accepted).
    """

    since_on: date
    months: int
    days: int
    allowed: int
    why: tuple[Reason, ...]

    @property
    def exceeded(self) -> bool:
        """Tell whether the total exceeds the months allowed."""
        return self.months * _DAYS_OF_A_MONTH + self.days > self.allowed * _DAYS_OF_A_MONTH


_GENERAL: Final = Dated(
    "la durée des autorisations",
    DatedValue(date(2013, 7, 1), Limit(6), Text.R_5122_9, Text.CODE_2013),
    DatedValue(date(2020, 3, 26), Limit(12), Text.R_5122_9, Text.DECREE_2020_325_1),
    DatedValue(date(2021, 7, 1), Limit(3, counted=6), Text.R_5122_9, Text.DECREE_2021_221),
)
_DISASTER: Final = Dated(
    "la durée des autorisations",
    DatedValue(date(2013, 7, 1), Limit(6), Text.R_5122_9, Text.CODE_2013),
    DatedValue(date(2020, 3, 26), Limit(12), Text.R_5122_9, Text.DECREE_2020_325_1),
    DatedValue(date(2021, 7, 1), Limit(6), Text.R_5122_9, Text.DECREE_2021_221),
)
_COUNTED_FROM: Final = date(2021, 7, 1)
_NEUTRAL_FROM: Final = date(2022, 1, 1)
_NEUTRAL_TO: Final = date(2022, 3, 31)


def last_day(start_on: date, months: int) -> date:
    """Return the last day of a period of `months` that begins on a day; 0 months: the day before it."""
    anniversary = add_months(start_on, months)
    clipped = anniversary.day < start_on.day
    return anniversary if clipped else anniversary - _ONE_DAY


def longest(ground: Ground, start_on: date, filed_on: date) -> Duration:
    """Return how long one authorization may last, by the date of filing; raises BeforeFirstText."""
    entry = _limits(ground).on(filed_on)
    latest = last_day(start_on, entry.value.months)
    text = f"Une autorisation dure au plus {entry.value.months} mois et peut être renouvelée."
    return Duration(latest, (entry.reason(text, in_french(latest)),))


def counter(
    ground: Ground, start_on: date, end_on: date, filed_on: date, earlier: Iterable[EarlierPeriod]
) -> Counter | None:
    """Count the months authorised over the look-back, or return None where the law sets no such limit.

    Looks back twelve months from the last day requested (practice); periods before 1 July 2021 and
    those of ground 3 are left out. Raises BeforeFirstText.
    """
    entry = _limits(ground).on(filed_on)
    if entry.value.counted is None:
        return None
    since_on, reasons = _look_back(start_on, end_on, entry.value.over)
    periods = [(start_on, end_on)] + [
        (each.start_on, each.end_on) for each in earlier if each.ground is not Ground.DISASTER_OR_WEATHER
    ]
    inside = [(max(start, since_on), min(end, end_on)) for start, end in periods]
    lengths = [_length(start, end) for start, end in _merged(inside)]
    months, days = sum(length[0] for length in lengths), sum(length[1] for length in lengths)
    counted = entry.reason(
        f"Les autorisations ne passent pas {entry.value.counted} mois, consécutifs ou non, "
        f"sur {entry.value.over} mois consécutifs, demande comprise.",
        f"{_length_in_french(months, days)} depuis le {in_french(since_on)}",
    )
    return Counter(since_on, months, days, entry.value.counted, (counted, *reasons))


def period_objections(
    ground: Ground,
    start_on: date,
    end_on: date,
    filed_on: date,
    earlier: Sequence[EarlierPeriod] = (),
    law_on: date | None = None,
) -> tuple[Objection, ...]:
    """Return every reason why a period cannot be requested; `law_on` (training) replaces the date of filing.

    Raises BeforeFirstText.
    """
    if end_on < start_on:
        return (
            objection("/period/end_on", "period-reversed", "La période s’achève avant d’avoir commencé.", _ARTICLE),
        )
    filed_on = law_on or filed_on
    return (
        *_too_long(ground, start_on, end_on, filed_on),
        *repeated_months(ground, start_on, end_on, filed_on, earlier),
    )


_ARTICLE: Final = Text.R_5122_9


def _limits(ground: Ground) -> Dated[Limit]:
    return _DISASTER if ground is Ground.DISASTER_OR_WEATHER else _GENERAL


def _look_back(start_on: date, end_on: date, months: int) -> tuple[date, tuple[Reason, ...]]:
    since_on = max(add_months(end_on + _ONE_DAY, -months), _COUNTED_FROM)
    # Doubt: the text covers periods of the first quarter of 2022; one that ends after it gets no benefit.
    if start_on < _NEUTRAL_FROM or end_on > _NEUTRAL_TO:
        return since_on, ()
    text = "Pour le premier trimestre 2022, les autorisations antérieures ne comptent pas."
    return _NEUTRAL_FROM, (because(_ARTICLE, text, in_french(_NEUTRAL_FROM), Text.DECREE_2021_1816),)


def _merged(periods: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    merged: list[tuple[date, date]] = []
    for start, end in sorted(period for period in periods if period[0] <= period[1]):
        if merged and start <= merged[-1][1] + _ONE_DAY:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _length(start_on: date, end_on: date) -> tuple[int, int]:
    months = 0
    while last_day(start_on, months + 1) <= end_on:
        months += 1
    return months, (end_on - last_day(start_on, months)).days


def _too_long(ground: Ground, start_on: date, end_on: date, filed_on: date) -> tuple[Objection, ...]:
    latest = longest(ground, start_on, filed_on).latest_end_on
    if end_on <= latest:
        return ()
    message = f"La période demandée est trop longue, elle peut aller jusqu’au {in_french(latest)} inclus."
    return (objection("/period/end_on", "period-too-long", message, _ARTICLE),)


def _length_in_french(months: int, days: int) -> str:
    """Write a length as French people read it, without what is zero."""
    parts = [f"{months} mois"] if months else []
    parts += [f"{days} jour{'s' if days > 1 else ''}"] if days else []
    return " et ".join(parts)


def repeated_months(
    ground: Ground, start_on: date, end_on: date, filed_on: date, earlier: Sequence[EarlierPeriod]
) -> tuple[Objection, ...]:
    """Return why the months of a period, with those before it, are too many over the look-back."""
    count = counter(ground, start_on, end_on, filed_on, earlier)
    if count is None or not count.exceeded:
        return ()
    message = (
        f"Avec cette demande, {_length_in_french(count.months, count.days)} seraient autorisés depuis le "
        f"{in_french(count.since_on)}, pour {count.allowed} mois au plus sur douze mois consécutifs."
    )
    return (objection("/period/end_on", "too-many-months", message, _ARTICLE),)
