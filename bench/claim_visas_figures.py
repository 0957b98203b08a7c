"""Figures of the visas of claims, and of the signatures that follow."""

from collections.abc import Mapping
from typing import NamedTuple

from bench.figures import Figure


class Measured(NamedTuple):
    """One batch of visas: what both calls answered, and what its signatures and as many plain ones took."""

    visas: int
    first: Mapping[str, int]
    again: Mapping[str, int]
    """How often each result was answered."""
    seconds: float
    """From the first call to the last signature published."""
    processor: Mapping[str, float]
    """Seconds of each program, until nothing that follows signatures is left to do."""
    signatures: int
    once: int
    """Claims that were signed exactly once."""
    plain_seconds: float
    plain_processor: float


def build_figures(measured: Measured) -> list[Figure]:
    """Return the figures."""
    visas, spent = measured.visas, measured.processor
    return [
        Figure(
            name="From the call to the last claim signed",
            unit="s",
            values=(measured.seconds,),
            bound="Processor of all programs on this machine: each claim wakes its process, which has it signed.",
            beside=f"{visas} claims in one call",
        ),
        Figure(
            name="The same, beside as many plain signatures one after the other",
            unit="× plain",
            values=(measured.seconds / measured.plain_seconds,),
            bound="The engine, the register and the procedure share the cores with the signatures.",
            beside=f"plain {measured.plain_seconds / visas * 1000:.0f} ms each",
        ),
        Figure(
            name="Processor of one signature, all programs",
            unit="ms",
            values=(sum(spent.values()) / visas * 1000,),
            bound="From the visa to the hand-over queued and its notice sent.",
            beside=", ".join(f"{name} {seconds / visas * 1000:.0f}" for name, seconds in sorted(spent.items())),
        ),
        Figure(
            name="Processor of the signing worker for one signature",
            unit="× plain",
            values=(spent["worker-signing"] / measured.plain_processor,),
            bound="Locks, the power judged again, the document stored and its event: statements of the register.",
            beside=f"plain {measured.plain_processor / visas * 1000:.1f} ms of processor",
        ),
        *_counted(measured),
    ]


def _counted(measured: Measured) -> list[Figure]:
    visas = measured.visas
    return [
        Figure(
            name="Claims not signed exactly once",
            unit="",
            values=(float(visas - measured.once + abs(measured.signatures - visas)),),
            limit=0,
            bound="None may be.",
            beside=f"{measured.signatures} signatures of {visas} claims",
        ),
        Figure(
            name="Visas not given at once, or given again by the second call",
            unit="",
            values=(float(2 * visas - measured.first.get("agreed", 0) - measured.again.get("already", 0)),),
            limit=0,
            bound="None may be.",
        ),
    ]
