"""Figures of the pages family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.figures import Figure
from bench.http import CallResults

RATIO = 1.3
"""Most time of a page, of the same reading through the API: what a template may cost."""


@dataclass(frozen=True)
class Measured:
    """Readings by page and by API, by what is read, and all pages at once."""

    readings: Mapping[str, Sequence[tuple[CallResults, CallResults]]]
    crowd: CallResults
    in_flight: int


def build_figures(measured: Measured) -> list[Figure]:
    """Return the figures of each page, and of all at once."""
    each = [figure for name, rounds in measured.readings.items() for figure in _readings(name, rounds)]
    return [*each, *_crowd(measured)]


def _readings(name: str, rounds: Sequence[tuple[CallResults, CallResults]]) -> list[Figure]:
    return [
        Figure(
            name=f"The page of {name}: p99",
            unit="× the API",
            values=tuple(page.ms(0.99) / api.ms(0.99) for page, api in rounds),
            limit=RATIO,
            bound="The same function of a service, then a template instead of JSON, and who is signed in for the "
            "header.",
        ),
        Figure(
            name=f"The page of {name}: p50",
            unit="ms",
            values=tuple(page.ms(0.5) for page, _ in rounds),
            bound="As above.",
            beside=f"through the API {min(api.ms(0.5) for _, api in rounds):.3g} ms",
        ),
        Figure(
            name=f"Readings of {name} refused or unanswered",
            unit="",
            values=(float(sum(page.errors() + api.errors() for page, api in rounds)),),
            limit=0,
            bound="None may be.",
        ),
    ]


def _crowd(measured: Measured) -> list[Figure]:
    return [
        Figure(
            name=f"Pages a second, {measured.in_flight} calls in flight",
            unit="/s",
            values=(measured.crowd.rate(),),
            bound="One interpreter lock; more doors on more cores.",
        ),
        Figure(
            name=f"Pages refused or unanswered, {measured.in_flight} calls in flight",
            unit="",
            values=(float(measured.crowd.errors()),),
            limit=0,
            bound="None may be.",
        ),
    ]
