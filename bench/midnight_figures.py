"""Figures of the midnight family."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import Figure, quantile
from bench.statement import StatementRun


@dataclass(frozen=True)
class Storm:
    """One instant for all: recorded lateness, seconds until all could be read, and the acts that follow."""

    size: int
    lateness: list[float]
    readable: float
    twice: int
    overlapping: int
    first: int
    """Attestations published when the window began."""
    sealed: float
    """Attestations published per second, within the window."""
    started: float


def build_figures(
    pairs: Sequence[tuple[float, float]], storm: Storm, runs: Sequence[StatementRun], rows: int
) -> list[Figure]:
    """Return the figures of the instant, of the acts that follow, then of the statement alone."""
    return [*_instant(storm), *_after(pairs, storm), *_statement(runs, rows)]


def _instant(storm: Storm) -> list[Figure]:
    lateness = [quantile(storm.lateness, share) for share in (0.5, 0.99, 1.0)]
    of = f"of {storm.size} silences due at one instant"
    why = (
        "The first process that wakes establishes all, so it is the time of one cold replay and of the update of all "
        "rows; nothing else of the engine counts."
    )
    return [
        Figure(
            name=f"recorded_at − effect_at {of}: p99",
            unit="s",
            values=(lateness[1],),
            limit=3,
            bound=why,
            beside="timers all due at once: 36–57/s bare, 28/s with two activities, so 90–180 s for the last of "
            "5 000; a 500-row cron sweep 40 000 deadlines/s",
            stated=0.75,
        ),
        Figure(name="The same: p50", unit="s", values=(lateness[0],), bound="As above.", stated=0.75),
        Figure(name="The same: most", unit="s", values=(lateness[2],), bound="As above.", stated=0.75),
        Figure(
            name="From the instant until all could be read (committed)",
            unit="s",
            values=(storm.readable,),
            bound="The events of all cases are chained in the same transaction.",
            stated=0.75,
        ),
        *_established(storm),
    ]


def _established(storm: Storm) -> list[Figure]:
    return [
        Figure(
            name="Silences lost (due and not established)",
            unit="",
            values=(float(storm.size - len(storm.lateness)),),
            limit=0,
            bound="One statement, nothing may make it fail.",
        ),
        Figure(
            name="Silences recorded early",
            unit="",
            values=(float(sum(each < 0 for each in storm.lateness)),),
            limit=0,
            bound="The register’s clock judges, whatever the engine’s timers do.",
        ),
        Figure(
            name="Silences told twice",
            unit="",
            values=(float(storm.twice),),
            limit=0,
            bound="Compare-and-set.",
        ),
        Figure(
            name="Overlapping pairs, both established",
            unit="",
            values=(float(storm.overlapping),),
            limit=5,
            at_least=True,
            bound="The exclusion constraint covers express grants only.",
        ),
    ]


def _after(pairs: Sequence[tuple[float, float]], storm: Storm) -> list[Figure]:
    return [
        Figure(
            name="Sealing and notices after a small storm",
            unit="× bare timer + 2 activities",
            values=tuple(ours / bare for ours, bare in pairs),
            limit=0.5,
            at_least=True,
            bound="The bare acts do nothing; ours seal a PAdES document (see Engine) and speak SMTP: "
            "the workers take from the two cores what bare leaves to the engine.",
        ),
        Figure(
            name="Cases a second, from the instant to the last notice",
            unit="/s",
            values=tuple(ours for ours, _ in pairs),
            bound="As above.",
        ),
        Figure(
            name="The same, bare",
            unit="/s",
            values=tuple(bare for _, bare in pairs),
            bound="The engine’s SQL and visibility.",
            beside="28/s with two activities after",
        ),
        Figure(
            name=f"Attestations published after the storm of {storm.size}, cold",
            unit="/s",
            values=(storm.sealed,),
            bound="Replays of cold cases come first, breadth-first: every case wakes before the first is sealed.",
            stated=0.5,
        ),
        Figure(
            name="Starts and acknowledgements before it",
            unit="/s",
            values=(storm.started,),
            bound="Three activities and five workflow tasks of the engine for each.",
            beside="no-op workflow 61/s; case of 5 activities 14–19/s",
        ),
    ]


def _statement(runs: Sequence[StatementRun], rows: int) -> list[Figure]:
    return [
        Figure(
            name=f"The statement alone on {rows} rows, committed",
            unit="s",
            values=tuple(each.seconds for each in runs),
            bound="An event chained by digest for each row, by a function of the database.",
            beside="plain sweep of 500 rows: 40 000 deadlines/s",
            stated=0.3,
        ),
        Figure(
            name="Silences established a second by the statement",
            unit="/s",
            values=tuple(rows / each.seconds for each in runs),
            bound="As above.",
            stated=0.3,
        ),
        Figure(
            name=f"recorded_at − effect_at of {rows} rows: p99",
            unit="s",
            values=tuple(each.lateness for each in runs),
            bound="The update of the rows.",
            stated=0.3,
        ),
    ]
