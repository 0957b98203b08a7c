"""Figures of files of claims that are sent through the door, up to the receipt of their claim."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from bench.figures import Figure
from bench.http import CallResults
from bench.memory_watch import Peaks

MIB: Final = 1024 * 1024
MAX_SLOWER: Final = 1.5
"""Times as long as alone, that the slowest filings may take while a file is read."""


class Stages(NamedTuple):
    """Seconds of one claim: until its file is read, its submission is answered, its receipt can be read."""

    read: float
    submitted: float
    receipt: float


class Passage(NamedTuple):
    """One claim: its stages, who filed meanwhile, processor seconds and peak bytes of each program."""

    stages: Stages
    filed: CallResults
    processor: Mapping[str, float]
    memory: Peaks


class Measured(NamedTuple):
    """Bytes and lines of the file, filings with no file, and each passage."""

    size: int
    lines: int
    quiet: CallResults
    passages: Sequence[Passage]


def build_figures(measured: Measured) -> list[Figure]:
    """Return the figures."""
    passages = measured.passages
    return [
        *_of_time(measured),
        _of_memory(passages),
        _of_processor(passages),
        *_of_others(measured.quiet.ms(0.99), passages),
    ]


def _of_time(measured: Measured) -> list[Figure]:
    stages = [each.stages for each in measured.passages]
    return [
        Figure(
            name="From the first byte to the receipt",
            unit="s",
            values=tuple(sum(each) for each in stages),
            bound="The three stages below.",
            beside=f"{measured.lines:,} lines, {measured.size / MIB:.1f} MiB".replace(",", " "),
        ),
        Figure(
            name="From the first byte to « read »",
            unit="s",
            values=tuple(each.read for each in stages),
            bound="Python, a line at a time: its form in the confined process, the law and the seal of each person in "
            "the worker, then COPY. The wait for the relay and the engine, under half a second, is within.",
        ),
        Figure(
            name="From its submission to the answer",
            unit="s",
            values=tuple(each.submitted for each in stages),
            bound="PostgreSQL: hours of each person’s weeks and year are taken under the lock of the entitlement. Then "
            "Python: the answer explains the amounts from every line.",
        ),
        Figure(
            name="From that answer to the receipt",
            unit="s",
            values=tuple(each.receipt for each in stages),
            bound="The claim’s process starts once it is admitted, before it is answered, behind those of the cases "
            "that others file; then one page is sealed.",
        ),
    ]


def _of_memory(passages: Sequence[Passage]) -> Figure:
    peaks = Peaks()
    for each in passages:
        for name, used in each.memory.bytes_used.items():
            peaks.bytes_used[name] = max(peaks.bytes_used[name], used)
    return Figure(
        name="Peak memory of the program that is nearest to its limit",
        unit="× limit",
        values=tuple(max(each.memory.shares().values()) for each in passages),
        limit=1,
        bound="The lines as text, then a tuple a line, in the worker of `reading`; PostgreSQL has its own buffers. "
        "Limits are those of `docker-compose.yml`.",
        beside=", ".join(f"{name} {used / MIB:.0f}" for name, used in sorted(peaks.bytes_used.items())) + " MiB",
    )


def _of_processor(passages: Sequence[Passage]) -> Figure:
    programs = sorted({name for each in passages for name in each.processor})
    return Figure(
        name="Processor of one claim, all programs",
        unit="s",
        values=tuple(sum(each.processor.values()) for each in passages),
        bound="As above, with the filings that came meanwhile and what follows them.",
        beside=", ".join(f"{name} {min(r.processor.get(name, 0.0) for r in passages):.1f}" for name in programs),
    )


def _of_others(alone: float, passages: Sequence[Passage]) -> list[Figure]:
    return [
        Figure(
            name="Slowest filings in a hundred while a claim passes",
            unit="× alone",
            values=tuple(each.filed.ms(0.99) / alone for each in passages),
            limit=MAX_SLOWER,
            bound="The processor: two cores for all programs and their callers; a file is read at the lowest priority.",
            beside=f"alone {alone:.0f} ms, meanwhile {max(each.filed.ms(0.99) for each in passages):.0f} ms",
        ),
        Figure(
            name="Filings refused or lost meanwhile",
            unit="",
            values=(float(sum(each.filed.errors() for each in passages)),),
            limit=0,
            bound="None may be.",
        ),
    ]
