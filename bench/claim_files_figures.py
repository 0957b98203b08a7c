"""Figures of the claim files family."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from bench.figures import Figure

MIB: Final = 1024 * 1024
MEMORY_MIB: Final = 300
"""Most memory of a check, all its processes together."""


class Checked(NamedTuple):
    """What a check said of a file; the first four are the same whatever its form."""

    people: int
    hours: str
    allowance: str
    indemnity: str
    wrong: int
    """Errors and warnings: the file has none."""
    lines: int


class Measured(NamedTuple):
    """A file: what was said of it, seconds of each check and of each plain reading, peak bytes."""

    name: str
    result: Checked
    seconds: tuple[float, ...]
    plain_seconds: tuple[float, ...]
    peak: int


def build_figures(files: Sequence[Measured]) -> list[Figure]:
    """Return the figures of each file, then what holds for all."""
    most = max(files, key=lambda each: each.peak)
    return [
        *(figure for each in files for figure in _of_file(each)),
        Figure(
            name="Peak memory of the costliest file",
            unit="MiB",
            values=(most.peak / MIB,),
            limit=MEMORY_MIB,
            bound="All processes together: their libraries, the file and its lines as text, then a tuple a line.",
            beside=", ".join(f"{each.name} {each.peak / MIB:.0f}" for each in files),
        ),
        _none("Errors and warnings invented in right files", sum(each.result.wrong for each in files)),
        _none(
            "Forms of the same claim that give other people, hours or cents",
            len({each.result[:4] for each in files}) - 1,
        ),
    ]


def _of_file(file: Measured) -> list[Figure]:
    lines = file.result.lines
    return [
        Figure(
            name=f"Lines a second, {file.name}",
            unit="/s",
            values=tuple(lines / seconds for seconds in file.seconds),
            bound="Python, a line at a time, twice: its form in the confined process, the law in the command. The "
            "start of the programs is within.",
            beside=f"plain read-and-split {lines / min(file.plain_seconds):,.0f}/s".replace(",", " "),
        ),
        Figure(
            name=f"Time of a check, {file.name}",
            unit="× plain read-and-split",
            values=tuple(seconds / plain for seconds, plain in zip(file.seconds, file.plain_seconds, strict=True)),
            bound="As above; the plain reading keeps nothing and judges nothing.",
        ),
    ]


def _none(name: str, count: int) -> Figure:
    return Figure(name=name, unit="", values=(float(count),), limit=0, bound="None may be.")
