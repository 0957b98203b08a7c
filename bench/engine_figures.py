"""Figures of a silent case, from pairs of batches."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.figures import Figure

DOCUMENTS = 2
"""Documents of a silent case: receipt and attestation."""


@dataclass
class Batch:
    """Milliseconds of processor by program, and KiB in each database, per case."""

    size: int
    ms: dict[str, float] = field(default_factory=dict)
    disk: float = 0.0
    rows: float = 0.0


Pairs = Sequence[tuple[Batch, Batch]]
OTHER_MEASUREMENT = (
    "case of 3 activities, timer, signal, 2 activities: 56 ms on a fresh server, 84 after thousands of cases"
)


def of_cases(pairs: Pairs) -> list[Figure]:
    """Return the ratios first, then their components."""
    return [*_limits(pairs), *_costs(pairs)]


def _limits(pairs: Pairs) -> list[Figure]:
    return [
        Figure(
            name="Server processor of a silent case",
            unit="× bare",
            values=tuple(ours.ms["server"] / bare.ms["server"] for ours, bare in pairs),
            limit=1.3,
            bound="The engine writes to SQL and to visibility at each step. Ours adds the search attributes of the "
            "start and of the outcome, the message of the hand-over to the agency’s process, encrypted payloads.",
        ),
        Figure(
            name="Worker of `cases`, more than the bare worker",
            unit="ms of processor a case",
            values=tuple(ours.ms["cases"] - bare.ms["bare"] for ours, bare in pairs),
            limit=40,
            bound="Transactions of SQLAlchemy, mails, encryption, sandbox; the agency’s files are in it too.",
        ),
        Figure(
            name="Worker of `signing`, a document",
            unit="ms of processor",
            values=tuple(ours.ms["signing"] / DOCUMENTS for ours, _ in pairs),
            limit=30,
            bound="The sealed page (see Documents), and around it the reading of the case, two transactions, the "
            "event, the notices and the act’s own traffic with the engine.",
            beside="a sealed page alone about 23 ms",
        ),
        Figure(
            name="Engine disk of a silent case",
            unit="× bare",
            values=tuple(ours.disk / bare.disk for ours, bare in pairs),
            limit=1.4,
            bound="Visibility and history; search attributes and encrypted payloads make the difference.",
        ),
    ]


def _costs(pairs: Pairs) -> list[Figure]:
    server = tuple(ours.ms["server"] for ours, _ in pairs)
    whole = tuple(sum(ours.ms.values()) - ours.ms["bare"] for ours, _ in pairs)
    return [
        _cost("Server, ours", server, "As above.", OTHER_MEASUREMENT),
        _cost("Server, bare", tuple(bare.ms["server"] for _, bare in pairs), "As above.", OTHER_MEASUREMENT),
        _cost(
            "Worker of `cases`, ours",
            tuple(ours.ms["cases"] for ours, _ in pairs),
            "As above.",
            "the same shape: 35 ms on a fresh server, 42 later",
        ),
        _cost("Worker, bare", tuple(bare.ms["bare"] for _, bare in pairs), "The library of the engine."),
        _cost("PostgreSQL", tuple(ours.ms["register"] for ours, _ in pairs), "About forty short transactions."),
        _cost("Relay", tuple(ours.ms["relay"] for ours, _ in pairs), "Two messages a case."),
        Figure(
            name="Silent cases a processor-second, every program of ours counted",
            unit="/s",
            values=tuple(1000 / each for each in whole),
            bound="Sealing two documents comes first, then the engine, then the procedure.",
            beside="the same shape 14–19 cases/s on two cores; DBOS on PostgreSQL 30; dbosify 8; plain rows 1 179",
        ),
        Figure(
            name="Engine disk, ours",
            unit="KiB a case",
            values=tuple(ours.disk for ours, _ in pairs),
            bound="Four fifths of it is visibility. The case stays open until its last claim is out of time.",
            beside="real shape 23.9 kB open, 28.1 closed; 20.7 and 22.2 with local activities",
        ),
        Figure(
            name="Register disk",
            unit="KiB a case",
            values=tuple(ours.rows for ours, _ in pairs),
            bound="Two sealed documents with their fonts and attached data; the rows themselves are a few KiB.",
            stated=0.3,
        ),
    ]


def _cost(name: str, values: tuple[float, ...], bound: str, beside: str = "") -> Figure:
    return Figure(name=name, unit="ms of processor a case", values=values, bound=bound, beside=beside)
