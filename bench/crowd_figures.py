"""Figures of the crowd family."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.day import PEAK_CALLS_PER_SECOND
from bench.figures import Figure
from bench.http import CallResults

FIRMS = 340_000
GIB_OF_KIB = 1024 * 1024


@dataclass(frozen=True)
class Opened:
    """Cases of the product opened: how many per second, KiB per case in each database."""

    rate: float
    disk: float
    rows: float


@dataclass(frozen=True)
class Day:
    """A minute of the national day, and the relay's backlog at its end."""

    max_rate: float
    rate: float
    results: CallResults
    lost: int
    behind: int


@dataclass(frozen=True)
class Measured:
    """Everything measured."""

    size: int
    opened: Opened
    before: Sequence[CallResults]
    after: Sequence[CallResults]
    memory: float
    restarts: Sequence[float]
    day: Day


def build_figures(measured: Measured) -> list[Figure]:
    """Return the figures of the crowd, of the day, and both extrapolated to the whole country."""
    return [*_crowd(measured), *_day(measured.day), *_country(measured.opened)]


def _crowd(measured: Measured) -> list[Figure]:
    return [
        Figure(
            name=f"Engine memory with {measured.size} open cases",
            unit="MB",
            values=(measured.memory,),
            limit=500,
            bound="Caches of the server, bounded by their number of entries; open cases are on disk. Beyond 400 MiB of "
            "memory the server collects what it does not use any more (`GOMEMLIMIT`).",
            beside="about 440 MB, bounded",
        ),
        Figure(
            name="Engine restarted, to its first answer",
            unit="s",
            values=tuple(measured.restarts),
            limit=2,
            bound="Opening the database and the shards. Cases are loaded when they wake.",
            beside="20 000 open: 0.4 s",
            stated=0.3,
        ),
        *_filings_among_them(measured),
    ]


def _filings_among_them(measured: Measured) -> list[Figure]:
    alone = median(each.ms(0.5) for each in measured.before)
    return [
        Figure(
            name="A filing among them, unloaded: p50",
            unit="× before",
            values=tuple(each.ms(0.5) / alone for each in measured.after),
            limit=1.15,
            bound="Indexes of the register; 15 % is what two runs of the same differ by.",
        ),
        Figure(
            name="A filing before: p50",
            unit="ms",
            values=tuple(each.ms(0.5) for each in measured.before),
            bound="See Doors.",
        ),
        Figure(
            name="Cases opened, to their receipt and its notice",
            unit="/s",
            values=(measured.opened.rate,),
            bound="Two cores for the engine, the workers, PostgreSQL and the time-stamp authority.",
            beside="same shape to its end 14–19/s",
        ),
    ]


def _day(day: Day) -> list[Figure]:
    return [
        Figure(
            name="Calls of the day that one door serves at most here",
            unit="/s",
            values=(day.max_rate,),
            bound="One interpreter lock, on two cores shared with the caller, PostgreSQL, the engine and the workers.",
            stated=0.2,
        ),
        Figure(
            name=f"Share of the national peak ({PEAK_CALLS_PER_SECOND:.0f} calls/s) held for a minute",
            unit="×",
            values=(day.rate / PEAK_CALLS_PER_SECOND,),
            limit=1,
            at_least=True,
            bound="The rate held is the peak, or seven tenths of what is served at most: 1 is the peak itself. Doors "
            "share nothing, so the rest is a matter of cores.",
            stated=0.2,
        ),
        Figure(
            name="Errors among the calls of that minute",
            unit="",
            values=(float(day.results.errors()),),
            limit=0,
            bound=f"None of {len(day.results.answers)} may be.",
        ),
        *_minute(day),
    ]


def _minute(day: Day) -> list[Figure]:
    return [
        Figure(
            name="The same calls: p50",
            unit="ms",
            values=(day.results.ms(0.5),),
            bound="As above.",
            stated=0.5,
        ),
        Figure(
            name="The same calls: p99",
            unit="ms",
            values=(day.results.ms(0.99),),
            bound="As above.",
            stated=1.0,
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
    note = f"Extrapolated in proportion to {FIRMS:,} firms; never run.".replace(",", " ")
    return [
        Figure(
            name="**Extrapolation**, one open case for each of 340 000 firms: engine",
            unit="GiB",
            values=(opened.disk * FIRMS / GIB_OF_KIB,),
            bound=f"{note} {opened.disk:.1f} KiB a case here.",
            stated=0.3,
        ),
        Figure(
            name="**Extrapolation**: register",
            unit="GiB",
            values=(opened.rows * FIRMS / GIB_OF_KIB,),
            bound=f"{note} {opened.rows:.1f} KiB a case here, the receipt among them; twice as much once attested.",
            stated=0.3,
        ),
        Figure(
            name="**Extrapolation**: hours to open them all on this machine",
            unit="h",
            values=(FIRMS / opened.rate / 3600,),
            bound=f"{note} Receipts come late by as much; certain dates and silences do not, being the register’s.",
            stated=0.3,
        ),
    ]
