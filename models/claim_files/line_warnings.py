"""What the check of a claim’s lines found worth a look, as signals for agents: counts and lines, never what was read.

The event of the reception of a claim states them, so that whoever agrees to it sees what its employer was told.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from models.claim_files.faults import Fault, FaultCode
from models.claim_labels import ClaimSignal

MAX_LINES: Final = 20
"""Lines that are stated; all are counted."""
_SIGNALS: Final = {FaultCode.WAGE_OUTLIER: ClaimSignal.WAGE, FaultCode.IDLE_ABOVE_PAYABLE: ClaimSignal.CALENDAR}
"""Of the warnings that a claim of one month may have."""


class Warned(NamedTuple):
    """Warnings of one kind: how many, and the first lines that have one; of a week, its first line."""

    signal: ClaimSignal
    total: int
    lines: tuple[int, ...]


def of_faults(warnings: Iterable[Fault]) -> tuple[Warned, ...]:
    """Return the warnings of a check, by kind."""
    lines: dict[ClaimSignal, list[int]] = {}
    for each in warnings:
        if signal := _SIGNALS.get(each.code):
            lines.setdefault(signal, []).append(each.line)
    return tuple(Warned(signal, len(found), tuple(found[:MAX_LINES])) for signal, found in lines.items())


def as_data(warned: Sequence[Warned]) -> dict[str, str]:
    """Return what an event states of warnings: `{"wage": "2", "wage_lines": "4 9"}`."""
    counts = {each.signal.value: str(each.total) for each in warned}
    return counts | {f"{each.signal}_lines": " ".join(map(str, each.lines)) for each in warned}


def of_data(data: Mapping[str, str]) -> tuple[Warned, ...]:
    """Return the warnings that an event states."""
    stated = (each for each in _SIGNALS.values() if each.value in data)
    return tuple(Warned(each, int(data[each]), tuple(map(int, data[f"{each}_lines"].split()))) for each in stated)
