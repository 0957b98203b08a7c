"""Figures of files of claims that are sent through the door."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from bench.figures import Figure
from bench.http import CallResults

MIB: Final = 1024 * 1024
MAX_SLOWER: Final = 1.5
"""Times as long as alone, that the slowest filings may take while a file is read."""
MEMORY_MIB: Final = 1024
"""Of a worker, in `docker-compose.yml`; the one measured here has all queues, and their libraries."""


class Reading(NamedTuple):
    """One file: seconds until it is read, who filed meanwhile, processor seconds and peak bytes of each program."""

    seconds: float
    filed: CallResults
    processor: dict[str, float]
    memory: dict[str, int]


class Measured(NamedTuple):
    """Bytes and lines of the file, filings with nothing read, and each reading."""

    size: int
    lines: int
    quiet: CallResults
    readings: Sequence[Reading]


def build_figures(measured: Measured) -> list[Figure]:
    """Return the figures."""
    return [*_of_the_file(measured), *_of_others(measured.quiet.ms(0.99), measured.readings)]


def _of_the_file(measured: Measured) -> list[Figure]:
    readings = measured.readings
    programs = sorted({name for each in readings for name in each.memory})
    return [
        Figure(
            name="From the first byte to « read »",
            unit="s",
            values=tuple(each.seconds for each in readings),
            bound="Python, a line at a time: its form in the confined process, the law and the seal of each person in "
            "the worker, then COPY. The wait for the relay and the engine, under half a second, is within.",
            beside=f"{measured.lines:,} lines, {measured.size / MIB:.1f} MiB".replace(",", " "),
        ),
        Figure(
            name="Peak memory of the costliest program",
            unit="MiB",
            values=(max(max(each.memory.values()) for each in readings) / MIB,),
            limit=MEMORY_MIB,
            bound="The lines as text, then a tuple a line; PostgreSQL has its own buffers.",
            beside=", ".join(f"{name} {max(r.memory.get(name, 0) for r in readings) / MIB:.0f}" for name in programs),
        ),
        Figure(
            name="Processor of one file, all programs",
            unit="s",
            values=tuple(sum(each.processor.values()) for each in readings),
            bound="As above, with the filings that came meanwhile.",
            beside=", ".join(f"{name} {min(r.processor.get(name, 0.0) for r in readings):.1f}" for name in programs),
        ),
    ]


def _of_others(alone: float, readings: Sequence[Reading]) -> list[Figure]:
    return [
        Figure(
            name="Slowest filings in a hundred while a file is read",
            unit="× alone",
            values=tuple(each.filed.ms(0.99) / alone for each in readings),
            limit=MAX_SLOWER,
            bound="The processor: two cores for all programs and their callers; a file is read at the lowest priority.",
            beside=f"alone {alone:.0f} ms, meanwhile {max(each.filed.ms(0.99) for each in readings):.0f} ms",
        ),
        Figure(
            name="Filings refused or lost meanwhile",
            unit="",
            values=(float(sum(each.filed.errors() for each in readings)),),
            limit=0,
            bound="None may be.",
        ),
    ]
