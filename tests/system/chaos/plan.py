"""What breaks, in which order and for how long: drawn from a seed before anything runs."""

import random
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from local.false_timestamps import LIES

PROGRAMS: Final = ("postgres", "engine", "doors", "relay", "worker")
"""In the order in which they are started again."""
PARTNERS: Final = ("authorities", "mail", "agency", "companies")
OURS: Final = ("worker", "doors", "relay")
LINKED: Final = (
    *(f"{ours}-{part}" for ours, part in product(OURS, ("register", "engine"))),
    *("worker-timestamps", "worker-agency", "worker-mail"),
)
"""A link for each of our programs and each part that it speaks with."""

TARGETS: Final[dict[str, tuple[str, ...]]] = {
    "kill": PROGRAMS,
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
    "mail greylisted": ("mail",),
    "mail away": ("mail",),
    "establishments away": ("refuse", "slow"),
}
"""Each kind of fault, and what it may happen to."""
OFTEN: Final = ("kill", "kill", "pause")
"""Drawn more often than the others."""

BETWEEN: Final = (3, 11)
"""Least and most cases that end between two strikes."""
SECONDS: Final = (0.5, 5.0)
"""How long a strike lasts."""


@dataclass(frozen=True)
class Blow:
    """One fault of a strike: `amount`, from 0 to 1, says how much where that means something."""

    kind: str
    target: str
    amount: float

    @property
    def part(self) -> str:
        """What it falls on: two blows of one strike never fall on the same."""
        return (
            self.target.rpartition(" ")[2]
            if self.kind == "time-stamp lies"
            else self.target.partition("-")[0]
        )


@dataclass(frozen=True)
class Strike:
    """Faults that begin together, some cases after the strike before, and end together."""

    after: int
    blows: tuple[Blow, ...]
    seconds: float


def plan(dice: random.Random, cases: int, kinds: Collection[str] = tuple(TARGETS)) -> list[Strike]:
    """Draw strikes until the last cases: every kind comes once before any comes again, kills and pauses aside."""
    deck = _deck(dice, kinds)
    strikes: list[Strike] = []
    left = cases - BETWEEN[1] if kinds else 0
    while left > 0:
        after = dice.randint(*BETWEEN)
        blows = [next(deck) for _ in range(dice.choice((1, 1, 1, 2, 2, 3)))]
        strikes.append(Strike(after, tuple(_apart(blows)), dice.uniform(*SECONDS)))
        left -= after
    return strikes


def _deck(dice: random.Random, kinds: Collection[str]) -> Iterator[Blow]:
    targets = {kind: _turns(dice, TARGETS[kind]) for kind in TARGETS if kind in kinds}
    while True:
        deal = [*targets, *(kind for kind in OFTEN if kind in targets)]
        dice.shuffle(deal)
        for kind in deal:
            yield Blow(kind, next(targets[kind]), dice.random())


def _turns(dice: random.Random, targets: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from dice.sample(targets, len(targets))


def _apart(blows: list[Blow]) -> Iterator[Blow]:
    seen: Counter[str] = Counter()
    for blow in blows:
        if not seen[blow.part]:
            yield blow
        seen[blow.part] += 1
