"""Figures of acts that go through all people of a claim."""

from typing import Final

from bench.figures import Figure
from models.identifiers import Message

KIB: Final = 1024
MIB: Final = KIB * KIB


class Acts(Message):
    """What two acts on all people of a claim take, alone: its nominal file, and its hours by rate."""

    nominal_seconds: float
    nominal_bytes: int
    nominal_kib: int
    """Memory that the file takes at most, beside what the program has before."""
    rates_seconds: float


def build_figures(acts: Acts, people: int) -> list[Figure]:
    """Return the figures, of a claim of so many people."""
    return [
        Figure(
            name="Nominal file of the claim",
            unit="s",
            values=(acts.nominal_seconds,),
            bound="Python: who each person is is opened, and written a line a week.",
            beside=f"{people:,} people, alone: {acts.nominal_bytes / MIB:.1f} MiB".replace(",", " ", 1),
        ),
        Figure(
            name="Memory of the nominal file",
            unit="MiB",
            values=(acts.nominal_kib / KIB,),
            bound="Four times its size: `cryptography` envelops it whole.",
        ),
        Figure(
            name="Hours of the claim by rate, as its signature states them",
            unit="s",
            values=(acts.rates_seconds,),
            bound="PostgreSQL adds up the weeks, Python prices a row a person.",
        ),
    ]
