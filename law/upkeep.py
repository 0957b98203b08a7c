"""What must be looked at in the dated figures of the law on a day: old ones, those that nobody found, contradictions.

The SMIC is raised each January at least, and the floors follow it by decree, often weeks later. Whoever keeps the law
up reads this in `tacite doctor` and `make check-law`; nothing here changes what is computed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeVar

from law.calendar import add_months
from law.dated import Dated, DatedValue
from law.floors import FLOOR_SHARE, NINE_TENTHS_FROM, Floors, floor_columns
from law.rates import RATES_READ_ON, Rate, rate_rows
from law.smic import smic_rows
from law.texts import in_french

T = TypeVar("T")
Column = Dated[Decimal] | Dated[Floors] | Dated[Rate]

MAX_AGE_MONTHS: Final = 14
"""A year from one January to the next, and two months for decrees that come late."""
_ONE_DAY: Final = timedelta(days=1)
_CENT: Final = Decimal("0.01")


class Weight(StrEnum):
    """How much a notice matters."""

    WARNING = "warning"
    """A text must be looked for; what stands is applied meanwhile."""
    ERROR = "error"
    """The figures contradict each other: a row is wrong."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to look at, a French sentence or two."""

    weight: Weight
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The columns of one territory; `where` completes a French sentence (« à Mayotte »), empty elsewhere."""

    where: str
    smic: Dated[Decimal]
    floors: Dated[Floors]
    rates: Dated[Rate]


def figures() -> tuple[Figures, ...]:
    """Return the columns of every territory: everywhere, and Mayotte."""
    everywhere, of_mayotte = zip(smic_rows(), floor_columns(), rate_rows(), strict=True)
    return Figures("", *everywhere), Figures(" à Mayotte", *of_mayotte)


def notices(on: date, of: Iterable[Figures] | None = None) -> tuple[Notice, ...]:
    """Return what must be looked at on a day, errors first."""
    everywhere, *others = of or figures()
    found = [each for columns in (everywhere, *others) for each in _of_territory(columns, on)]
    found += [Notice(Weight.WARNING, each) for columns in others for each in _smic_behind(columns, everywhere, on)]
    return tuple(sorted(found, key=lambda each: each.weight is Weight.WARNING))


def _of_territory(columns: Figures, on: date) -> Iterator[Notice]:
    for each in (*_contradictions(columns), *_future(columns, on)):
        yield Notice(Weight.ERROR, each)
    for each in (*_aged(columns, on), *_floors_behind(columns, on), *_gaps(columns, on)):
        yield Notice(Weight.WARNING, each)


def _aged(columns: Figures, on: date) -> Iterator[str]:
    """Yield the columns whose newest row is old; a rate that was read again since counts from that day."""
    rows: tuple[tuple[Column, date], ...] = (
        (columns.smic, date.min),
        (columns.floors, date.min),
        (columns.rates, RATES_READ_ON),
    )
    for column, read_on in rows:
        newest = max(column.on(max(on, column.first)).since, min(read_on, on))
        if add_months(newest, MAX_AGE_MONTHS) < on:
            yield (
                f"{_capital(column.subject)} : rien de plus récent que le {in_french(newest)}, il y a plus de "
                f"{MAX_AGE_MONTHS} mois. Cherchez le texte qui l’a changé, ou relisez celui qui demeure."
            )


def _floors_behind(columns: Figures, on: date) -> Iterator[str]:
    """Yield that a SMIC has no floor of its own yet: the last floor stands."""
    smic, floors = _newest(columns.smic, on), _newest(columns.floors, on)
    if smic.since > floors.since:
        yield (
            f"Aucun plancher lu{columns.where} pour le SMIC du {in_french(smic.since)} : celui du "
            f"{in_french(floors.since)} demeure ({floors.source.value}). Cherchez le décret."
        )


def _smic_behind(columns: Figures, everywhere: Figures, on: date) -> Iterator[str]:
    """Yield that the SMIC of a territory was not raised with the others: its own text is probably unread."""
    own, general = _newest(columns.smic, on), _newest(everywhere.smic, on)
    if own.since < general.since:
        yield (
            f"Aucun SMIC lu{columns.where} pour le {in_french(general.since)}, où il a changé ailleurs : celui du "
            f"{in_french(own.since)} demeure. Cherchez l’arrêté ou le décret."
        )


def _gaps(columns: Figures, on: date) -> Iterator[str]:
    """Yield the days on which no text gives a floor: nothing is computed then."""
    rows = [row for row in columns.floors if row.since <= on]
    ends = [after.since - _ONE_DAY for after in rows[1:]] + [on]
    for row, end in zip(rows, ends, strict=True):
        missing = {"plancher": row.value.ordinary, "plancher majoré": row.value.raised}
        names = " ni ".join(name for name, value in missing.items() if value is None)
        if names:
            yield f"Aucun {names} lu{columns.where} du {in_french(row.since)} au {in_french(end)} : taux inconnu."


def _contradictions(columns: Figures) -> Iterator[str]:
    for before, after in pairwise(columns.smic):
        if after.value <= before.value:
            yield f"Le SMIC{columns.where} du {in_french(after.since)} n’est pas supérieur au précédent."
    # Before July 2021 both floors were one, and in 2020 that of Mayotte was above its SMIC.
    for row in columns.floors:
        ordinary, raised, since = row.value.ordinary, row.value.raised, in_french(row.since)
        if row.since < NINE_TENTHS_FROM or ordinary is None:
            continue
        if (raised or ordinary) > columns.smic.on(row.since).value:
            yield f"Le plancher{columns.where} du {since} dépasse le SMIC."
        if raised is not None and abs(ordinary - raised * FLOOR_SHARE) > _CENT:
            yield f"Le plancher{columns.where} du {since} n’est pas neuf dixièmes du plancher majoré."


def _future(columns: Figures, on: date) -> Iterator[str]:
    """Yield the rows that begin too far ahead: no text is published so early, so the day is mistyped."""
    rows: tuple[Column, ...] = (columns.smic, columns.floors, columns.rates)
    for column in rows:
        last = max(row.since for row in column)
        if last > add_months(on, MAX_AGE_MONTHS):
            yield f"{_capital(column.subject)} a une valeur au {in_french(last)}, trop loin pour être connue."


def _newest(column: Dated[T], on: date) -> DatedValue[T]:
    return column.on(max(on, column.first))


def _capital(subject: str) -> str:
    return subject[:1].upper() + subject[1:]
