"""What crowds say."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.day import PEAK
from bench.figures import Figure
from bench.http import Seen

FIRMS = 340_000
GIB_OF_KIB = 1024 * 1024


@dataclass(frozen=True)
class Opened:
    """Cases of the product opened: how many a second, KiB of both databases for each."""

    rate: float
    disk: float
    rows: float


@dataclass(frozen=True)
class Day:
    """A minute of the national day, and how far the relay was behind at its end."""

    most: float
    rate: float
    seen: Seen
    lost: int
    behind: int


@dataclass(frozen=True)
class Told:
    """Everything that was seen."""

    size: int
    opened: Opened
    before: Sequence[Seen]
    after: Sequence[Seen]
    memory: float
    restarts: Sequence[float]
    day: Day


def told(seen: Told) -> list[Figure]:
    """The crowd, the day, what both would be for the whole country."""
    return [*_crowd(seen), *_day(seen.day), *_country(seen.opened)]


def _crowd(seen: Told) -> list[Figure]:
    return [
        Figure(
            name=f"Engine memory with {seen.size} open cases",
            unit="MB",
            values=(seen.memory,),
            limit=500,
            bound="Caches of the server, bounded by their number of entries; open cases are on disk. Beyond 400 MiB of "
            "memory the server collects what it does not use any more (`GOMEMLIMIT`).",
            beside="about 440 MB, bounded",
        ),
        Figure(
            name="Engine restarted, to its first answer",
            unit="s",
            values=tuple(seen.restarts),
            limit=2,
            bound="Opening the database and the shards. Cases are loaded when they wake.",
            beside="20 000 open: 0.4 s",
            stated=0.3,
        ),
        *_among(seen),
    ]


def _among(seen: Told) -> list[Figure]:
    alone = median(each.ms(0.5) for each in seen.before)
    return [
        Figure(
            name="A filing among them, unloaded: p50",
            unit="× before",
            values=tuple(each.ms(0.5) / alone for each in seen.after),
            limit=1.15,
            bound="Indexes of the register; 15 % is what two runs of the same differ by.",
        ),
        Figure(
            name="A filing before: p50",
            unit="ms",
            values=tuple(each.ms(0.5) for each in seen.before),
            bound="See Doors.",
        ),
        Figure(
            name="Cases opened, to their receipt and its notice",
            unit="/s",
            values=(seen.opened.rate,),
            bound="Two cores for the engine, the workers, PostgreSQL and the time-stamp authority.",
            beside="same shape to its end 14–19/s",
        ),
    ]


def _day(day: Day) -> list[Figure]:
    return [
        Figure(
            name="Calls of the day that one door serves at most here",
            unit="/s",
            values=(day.most,),
            bound="One interpreter lock, on two cores shared with the caller, PostgreSQL, the engine and the workers.",
            stated=0.2,
        ),
        Figure(
            name=f"Share of the national peak ({PEAK:.0f} calls/s) held for a minute",
            unit="×",
            values=(day.rate / PEAK,),
            limit=1,
            at_least=True,
            bound="The rate held is the peak, or seven tenths of what is served at most: 1 is the peak itself. Doors "
            "share nothing, so the rest is a matter of cores.",
            stated=0.2,
        ),
        Figure(
            name="Errors among the calls of that minute",
            unit="",
            values=(float(day.seen.errors()),),
            limit=0,
            bound=f"None of {len(day.seen.answers)} may be.",
        ),
        *_minute(day),
    ]


def _minute(day: Day) -> list[Figure]:
    return [
        Figure(
            name="The same calls: p50", unit="ms", values=(day.seen.ms(0.5),), bound="As above.", stated=0.5
        ),
        Figure(
            name="The same calls: p99", unit="ms", values=(day.seen.ms(0.99),), bound="As above.", stated=1.0
        ),
        Figure(
            name="Filings accepted and not in the register",
            unit="",
            values=(float(day.lost),),
            limit=0,
            bound="The answer follows the commit.",
        ),
        Figure(
            name="Starts that the relay still had to tell at the end",
            unit="",
            values=(float(day.behind),),
            bound="Filings go on while cases are opened; what waits is told in order.",
            stated=1.0,
        ),
    ]


def _country(opened: Opened) -> list[Figure]:
    said = f"Extrapolated in proportion to {FIRMS:,} firms; never run.".replace(",", " ")
    return [
        Figure(
            name="**Extrapolation**, one open case for each of 340 000 firms: engine",
            unit="GiB",
            values=(opened.disk * FIRMS / GIB_OF_KIB,),
            bound=f"{said} {opened.disk:.1f} KiB a case here.",
            stated=0.3,
        ),
        Figure(
            name="**Extrapolation**: register",
            unit="GiB",
            values=(opened.rows * FIRMS / GIB_OF_KIB,),
            bound=f"{said} {opened.rows:.1f} KiB a case here, the receipt among them; twice as much once attested.",
            stated=0.3,
        ),
        Figure(
            name="**Extrapolation**: hours to open them all on this machine",
            unit="h",
            values=(FIRMS / opened.rate / 3600,),
            bound=f"{said} Receipts come late by as much; certain dates and silences do not, being the register’s.",
            stated=0.3,
        ),
    ]
