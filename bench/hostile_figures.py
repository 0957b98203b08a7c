"""Figures of hostile visitors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bench.figures import Figure
from bench.http import Answer, CallResults
from bench.leftovers import SETTLING_SECONDS, Leftovers

DECISION_SECONDS, FILING_MS = 2.0, 100.0
"""Limits while everybody hostile is there."""
ANSWERED = " answered "
"""What stands between the kind of a visitor and the status that they were answered."""
DECISION_BOUND = (
    "The two cores: ten filings a second with their receipts, controls and notices fill them before anybody hostile "
    "comes (two cores carry about five silent cases a second, see Engine), and a decision waits for its turn among the "
    "workflow tasks of new cases. It is signed before any receipt."
)
FILING_BOUND = (
    "The same two cores: one interpreter, which also refuses two hundred visitors a second, has its share of them "
    "beside the programs that seal the receipts of these filings."
)
NOBODY_HOSTILE = ", nobody hostile"


@dataclass(frozen=True)
class Service:
    """What people were given in one time: filings, decisions and health checks."""

    filings: CallResults
    decisions: Sequence[Answer]
    checks: Sequence[Answer]
    decided: Sequence[float] = ()
    """Seconds from the call of each decision to its notification."""

    def notified_after(self, seconds: Mapping[str, float], cases: Sequence[str]) -> "Service":
        """Return this with the time of each decision: that of the register if its answer came before."""
        decided = [max(answer.seconds, seconds[case]) for case, answer in zip(cases, self.decisions, strict=True)]
        return replace(self, decided=decided)

    def unanswered(self) -> int:
        """Return how many health checks failed."""
        return sum(each.status != 200 for each in self.checks)

    def refused(self) -> int:
        """Return how many decisions were refused or unanswered."""
        return sum(each.status not in (200, 202) for each in self.decisions)


@dataclass(frozen=True)
class Measured:
    """Results of each measure."""

    quiet: Service
    busy: Service
    memory: Mapping[str, float]
    """Share of its limit that each program used at most, the greatest first."""
    cores: Mapping[str, float]
    """Cores that each program used while the visitors were there, theirs included."""
    answers: Mapping[str, int]
    """Answers to the visitors, by kind and status."""
    seconds: float
    """How long they were there while we measured."""
    left: Leftovers


def build_figures(measured: Measured) -> list[Figure]:
    """Return the figures of decisions, checks, filings, memory, visitors and what they left."""
    return [
        *_decisions(measured),
        *_checks(measured),
        *_filings(measured),
        _memory(measured.memory),
        *_visitors(measured),
        *_left(measured.left),
    ]


def _decisions(measured: Measured) -> list[Figure]:
    quiet, busy = measured.quiet, measured.busy
    return [
        Figure(
            name="A decision, from its call to its notification: the longest",
            unit="s",
            values=(max(busy.decided),),
            limit=DECISION_SECONDS,
            bound=DECISION_BOUND,
            beside=f"{len(busy.decided)} decisions",
            stated=0.5,
        ),
        _median("A decision: p50", "s", busy.decided),
        _median(f"A decision: p50{NOBODY_HOSTILE}", "s", quiet.decided),
        Figure(
            name=f"A decision: the longest{NOBODY_HOSTILE}",
            unit="s",
            values=(max(quiet.decided),),
            bound="As above.",
            stated=0.5,
        ),
        _none("Decisions refused or unanswered", quiet.refused() + busy.refused()),
    ]


def _checks(measured: Measured) -> list[Figure]:
    busy = measured.busy
    return [
        _none(
            f"Health checks that failed, of {len(busy.checks)}",
            busy.unanswered(),
            "Not answered 200 within 4 s, as the image wants it. They take no place and are never refused.",
        ),
        Figure(
            name="A health check: the longest",
            unit="ms",
            values=(max(each.seconds for each in busy.checks) * 1000,),
            bound="One interpreter, which all calls share.",
            stated=0.5,
        ),
    ]


def _filings(measured: Measured) -> list[Figure]:
    quiet, busy = measured.quiet.filings, measured.busy.filings
    return [
        Figure(
            name="A filing at 10/s: p99",
            unit="ms",
            values=(busy.ms(0.99),),
            limit=FILING_MS,
            bound=FILING_BOUND,
            stated=0.5,
        ),
        Figure(name="A filing at 10/s: p50", unit="ms", values=(busy.ms(0.5),), bound="As above."),
        Figure(
            name=f"A filing at 10/s: p99{NOBODY_HOSTILE}",
            unit="ms",
            values=(quiet.ms(0.99),),
            bound="As above.",
            stated=0.5,
        ),
        Figure(name=f"A filing at 10/s: p50{NOBODY_HOSTILE}", unit="ms", values=(quiet.ms(0.5),), bound="As above."),
        _none("Filings refused or unanswered", quiet.errors() + busy.errors()),
    ]


def _memory(shares: Mapping[str, float]) -> Figure:
    (greatest, share), *_ = shares.items()
    return Figure(
        name="Peak memory of the program that comes nearest to its limit in Compose",
        unit="of its limit",
        values=(share,),
        limit=1.0,
        bound=f"That is {greatest}. Resident memory of a program and its children, sampled every second.",
        beside=", ".join(f"{name} {each:.2f}" for name, each in shares.items()),
    )


def _visitors(measured: Measured) -> list[Figure]:
    answers = measured.answers
    judged = sum(number for name, number in answers.items() if name.endswith((" 200", " 201", " 422")))
    return [
        Figure(
            name="Hostile calls answered",
            unit="/s",
            values=(sum(answers.values()) / measured.seconds,),
            bound="Each visitor comes back after five to fifteen seconds.",
            beside=", ".join(f"{name.replace(ANSWERED, ' ')} × {number}" for name, number in sorted(answers.items())),
        ),
        Figure(
            name="Hostile files judged",
            unit="",
            values=(float(judged),),
            bound="Two uploads and two verifications at once from one account and one address, thirty verifications in "
            "a quarter of an hour.",
            stated=0.5,
        ),
        Figure(
            name="Processor of all programs, the visitors included",
            unit="cores",
            values=(sum(measured.cores.values()),),
            bound="The machine has two.",
            beside=", ".join(f"{name} {each:.2f}" for name, each in _greatest_first(measured.cores)),
        ),
    ]


def _greatest_first(cores: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(cores.items(), key=lambda each: -each[1])


def _left(left: Leftovers) -> list[Figure]:
    return [
        _none("Processes that judge a file, left", left.children),
        _none("Temporary files left", left.files),
        _none("Connections of visitors left", left.connections),
        _none("Rows of unfinished errands left", left.errands),
        _none("Verifications left in the engine", left.processes),
        Figure(
            name="From the departure of the visitors until nothing was left",
            unit="s",
            values=(left.seconds,),
            limit=SETTLING_SECONDS,
            bound="A file that is being judged when its sender leaves lasts thirty seconds at most.",
            stated=1.0,
        ),
    ]


def _median(name: str, unit: str, values: Sequence[float]) -> Figure:
    ordered = sorted(values)
    return Figure(name=name, unit=unit, values=(ordered[len(ordered) // 2],), bound="As above.")


def _none(name: str, count: int, bound: str = "None may be.") -> Figure:
    return Figure(name=name, unit="", values=(float(count),), limit=0, bound=bound)
