"""Figures of the HTTP server."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import Figure
from bench.held_connections import CALLS_PER_SECOND, HeldConnections
from bench.http import CallResults

Pairs = Sequence[tuple[CallResults, CallResults]]


@dataclass(frozen=True)
class Round:
    """Filings, the same rows by the register's functions, the same rows by the driver."""

    ours: CallResults
    bare: CallResults
    raw: CallResults
    door: float
    """Milliseconds of processor for one filing: HTTP server (`door`) and PostgreSQL (`database`)."""
    database: float


@dataclass(frozen=True)
class Measured:
    """Results of each measure."""

    paced: Pairs
    """Engine running, engine paused."""
    rounds: Sequence[Round]
    alone: Sequence[CallResults]
    crowd: Sequence[CallResults]
    held: HeldConnections


def build_figures(measured: Measured) -> list[Figure]:
    """Return the figures of filings, latencies, the paused engine and the connections."""
    return [*_filings(measured), *_latencies(measured), *_paused(measured.paced), *_held(measured.held)]


def _filings(measured: Measured) -> list[Figure]:
    return [
        Figure(
            name="Filings a second, of an empty endpoint with one commit of the same rows by the register",
            unit="× bare",
            values=tuple(each.ours.rate() / each.bare.rate() for each in measured.rounds),
            limit=0.5,
            at_least=True,
            bound="One process of Python: the account, both readings of the body, the law and its explanation, the "
            "earlier requests, thirteen statements through SQLAlchemy, the answer composed from the register.",
        ),
        Figure(
            name="Filings a second",
            unit="/s",
            values=tuple(each.ours.rate() for each in measured.rounds),
            bound="One interpreter lock; more doors on more cores.",
        ),
        Figure(
            name="Filings a second, of the same endpoint by the driver alone",
            unit="× raw",
            values=tuple(each.ours.rate() / each.raw.rate() for each in measured.rounds),
            bound="The register speaks through SQLAlchemy, at about 0.2 ms of processor a statement: most of the "
            "distance from the driver, before anything of ours.",
        ),
        *_processors(measured),
    ]


def _processors(measured: Measured) -> list[Figure]:
    answers = [*measured.alone, *measured.crowd, *(each.ours for each in measured.rounds)]
    return [
        Figure(
            name="Processor of the doors",
            unit="ms a filing",
            values=tuple(each.door for each in measured.rounds),
            bound="As above: it is what a core can file.",
        ),
        Figure(
            name="Processor of PostgreSQL",
            unit="ms a filing",
            values=tuple(each.database for each in measured.rounds),
            bound="Thirteen statements, indexes, one flush.",
        ),
        Figure(
            name="Bare endpoint",
            unit="/s",
            values=tuple(each.bare.rate() for each in measured.rounds),
            bound="The same lock, seven statements through SQLAlchemy and a commit.",
        ),
        Figure(
            name="Raw endpoint",
            unit="/s",
            values=tuple(each.raw.rate() for each in measured.rounds),
            bound="The same lock, seven statements of psycopg and a commit.",
            beside="PostgreSQL alone 5 000 commits/s at one client, 14 600 at eight",
        ),
        Figure(
            name="Filings refused or unanswered in all of this",
            unit="",
            values=(float(sum(each.errors() for each in answers)),),
            limit=0,
            bound="None may be.",
        ),
    ]


def _latencies(measured: Measured) -> list[Figure]:
    return [
        Figure(
            name="A filing, unloaded: p50",
            unit="ms",
            values=tuple(each.ms(0.5) for each in measured.alone),
            bound="As above, and one flush to disk.",
        ),
        Figure(
            name="A filing, unloaded: p99",
            unit="ms",
            values=tuple(each.ms(0.99) for each in measured.alone),
            limit=60,
            bound="As above.",
            stated=0.3,
        ),
        Figure(
            name="A filing, 64 in flight: p99",
            unit="ms",
            values=tuple(each.ms(0.99) for each in measured.crowd),
            limit=250,
            bound="64 callers who wait share what one process files in a second: 64 ÷ that rate is the mean already.",
            stated=0.3,
        ),
        Figure(
            name="A filing, 64 in flight: p50",
            unit="ms",
            values=tuple(each.ms(0.5) for each in measured.crowd),
            bound="As above.",
        ),
    ]


def _paused(paced: Pairs) -> list[Figure]:
    return [
        Figure(
            name="A filing at 20/s, engine paused: p50",
            unit="× running",
            values=tuple(paused.ms(0.5) / running.ms(0.5) for running, paused in paced),
            limit=1.2,
            bound="The doors never call the engine to file. A paused engine leaves its processor to them.",
            stated=0.2,
        ),
        Figure(
            name="A filing at 20/s, engine paused: p99",
            unit="ms",
            values=tuple(paused.ms(0.99) for _, paused in paced),
            bound="As above.",
            stated=0.5,
        ),
        Figure(
            name="A filing at 20/s, engine running: p99",
            unit="ms",
            values=tuple(running.ms(0.99) for running, _ in paced),
            bound="The engine takes in twenty starts a second on the same cores.",
            stated=0.5,
        ),
        Figure(
            name="Errors while the engine is paused",
            unit="",
            values=(float(sum(paused.errors() for _, paused in paced)),),
            limit=0,
            bound="None may be.",
        ),
    ]


def _held(held: HeldConnections) -> list[Figure]:
    calls = held.results
    flags = (
        f"`ulimit -n` {held.files} for two doors and their caller; "
        "granian: backlog 4 096, backpressure 20 000, idle 75 s."
    )
    return [
        Figure(
            name=f"Connections still open after a minute, of {held.opened}",
            unit="",
            values=(float(held.still_open),),
            limit=float(held.opened),
            at_least=True,
            bound=f"{flags} The caller’s ports and files end first: both sides are on one machine.",
            stated=0.0,
        ),
        Figure(
            name=f"Errors among {len(calls.answers)} calls at {CALLS_PER_SECOND:.0f}/s through them",
            unit="",
            values=(float(calls.errors()),),
            limit=0,
            bound="2 % of the calls file, the others look.",
        ),
        Figure(
            name="The same calls: p99",
            unit="ms",
            values=(calls.ms(0.99),),
            limit=1_000,
            bound="Two copies of the doors, and the caller, which holds as many connections, on the same two cores. "
            "One copy alone serves hardly more than that here (see Crowd): calls queued for seconds on a slow host.",
            stated=0.5,
        ),
        Figure(name="The same calls: p50", unit="ms", values=(calls.ms(0.5),), bound="As above.", stated=0.5),
        Figure(
            name="Memory of the doors with them",
            unit="MB",
            values=(held.memory,),
            bound="Both copies with all that they have loaded, and some 20 KiB a connection.",
        ),
    ]
