"""The fault plan: what breaks, in which order and for how long, drawn from a seed before anything runs."""

import random
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from local.false_timestamps import LIES

PROGRAMS: Final = ("postgres", "engine", "examining", "doors", "relay", "worker", "verifying", "reading")
"""In the order in which they are restarted."""
PARTNERS: Final = ("authorities", "mail", "agency", "companies")
OUR_PROGRAMS: Final = ("worker", "doors", "relay")
LINKED: Final = (
    *(f"{ours}-{part}" for ours, part in product(OUR_PROGRAMS, ("register", "engine"))),
    "worker-timestamps",
    "worker-agency",
    "worker-mail",
)
"""One link for each of our programs and each part that it connects to."""

TARGETS: Final[dict[str, tuple[str, ...]]] = {
    "kill": (*PROGRAMS, "agency"),
    "pause": PROGRAMS + PARTNERS,
    "full disk": ("postgres", "engine"),
    "wrong clock": ("doors", "relay", "authorities"),  # the worker would be four times as slow
    "register's clock steps": ("postgres",),
    "slow link": LINKED,
    "link that hangs": LINKED,
    "cut link": LINKED,
    "time-stamps away": ("first", "both"),
    "time-stamp lies": tuple(f"{lie} of {who}" for lie, who in product(LIES, ("first", "both"))),
    "certificate expired": ("seal", "signatories/director"),
    "certificates revoked": ("all",),
    "deposit half-written": ("agency",),
    "agency away": ("agency",),
    "agency frozen": ("claims",),
    "agency's answers": (
        "malformed",
        "huge",
        "wrong-stream",
        "unknown-line",
        "partial",
        "reversed",
        "silent",
        "twice",
        "differently",
        "other-digest",
    ),
    "mail greylisted": ("mail",),
    "mail away": ("mail",),
    "establishments away": ("refuse", "slow"),
    "hostile visitors": ("half bodies", "verifications", "uploads", "everything"),
}
"""Each kind of fault, and its possible targets."""
DRAWN_OFTEN: Final = ("kill", "kill", "pause")
"""Kinds drawn more often than the others."""

CASES_BETWEEN_STRIKES: Final = (3, 11)
"""Minimum and maximum of cases that end between two strikes."""
STRIKE_SECONDS: Final = (0.5, 5.0)
"""Range of a strike's duration, in seconds."""


@dataclass(frozen=True)
class PlannedFault:
    """One fault of a strike; `amount`, from 0 to 1, scales it where that applies."""

    kind: str
    target: str
    amount: float

    @property
    def part(self) -> str:
        """The part affected: two faults of one strike never affect the same part."""
        return self.target.rpartition(" ")[2] if self.kind == "time-stamp lies" else self.target.partition("-")[0]


@dataclass(frozen=True)
class Strike:
    """Faults that begin together, some cases after the previous strike, and end together."""

    after: int
    faults: tuple[PlannedFault, ...]
    seconds: float


def plan(dice: random.Random, cases: int, kinds: Collection[str] = tuple(TARGETS)) -> list[Strike]:
    """Draw strikes until the last cases: each kind comes once before any repeats, except kills and pauses."""
    deck = _deck(dice, kinds)
    strikes: list[Strike] = []
    left = cases - CASES_BETWEEN_STRIKES[1] if kinds else 0
    while left > 0:
        after = dice.randint(*CASES_BETWEEN_STRIKES)
        faults = [next(deck) for _ in range(dice.choice((1, 1, 1, 2, 2, 3)))]
        strikes.append(Strike(after, tuple(_on_distinct_parts(faults)), dice.uniform(*STRIKE_SECONDS)))
        left -= after
    return strikes


def _deck(dice: random.Random, kinds: Collection[str]) -> Iterator[PlannedFault]:
    targets = {kind: _turns(dice, TARGETS[kind]) for kind in TARGETS if kind in kinds}
    while True:
        deal = [*targets, *(kind for kind in DRAWN_OFTEN if kind in targets)]
        dice.shuffle(deal)
        for kind in deal:
            yield PlannedFault(kind, next(targets[kind]), dice.random())


def _turns(dice: random.Random, targets: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from dice.sample(targets, len(targets))


def _on_distinct_parts(faults: list[PlannedFault]) -> Iterator[PlannedFault]:
    taken: Counter[str] = Counter()
    for planned in faults:
        if not taken[planned.part]:
            yield planned
        taken[planned.part] += 1
