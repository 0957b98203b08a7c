"""Kills parts of a world at random, without warning, and starts them again."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

from local.processes import Program
from local.world import World

VICTIMS: Final = ("postgres", "engine", "doors", "relay", "worker")
"""In the order in which they are started again."""
ROUNDS: Final = 3
BETWEEN: Final = (4, 14)
"""Least and most cases that end between two strikes."""

MANY: Final = 10_000
"""More cases than any test has."""


class Killer(threading.Thread):
    """Kills one or two parts at once, without warning, each time some cases have ended; then starts them again."""

    def __init__(self, world: World, dice: random.Random) -> None:
        super().__init__(name="killer")
        self._parts: dict[str, Program] = {name: getattr(world, name) for name in VICTIMS}
        self._dice = dice
        self._ended = threading.Semaphore(0)
        self.killed: Counter[str] = Counter()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            for victims in self._turns():
                for _ in range(self._dice.randint(*BETWEEN)):
                    self._ended.acquire()
                self._strike(victims)
        except Exception as failed:  # noqa: BLE001 told by the test
            self.failure = failed

    def case_ended(self) -> None:
        """Hear that one more case has ended."""
        self._ended.release()

    def _turns(self) -> Iterator[set[str]]:
        """Everyone in each round, in any order, sometimes two together."""
        for _ in range(ROUNDS):
            names = self._dice.sample(VICTIMS, len(VICTIMS))
            while names:
                yield {names.pop() for _ in range(min(self._dice.choice((1, 1, 2)), len(names)))}

    def _strike(self, victims: set[str]) -> None:
        for name in sorted(victims):
            self._parts[name].kill()
        self.killed.update(victims)
        time.sleep(self._dice.uniform(0, 1.5))
        for name in VICTIMS:
            if name in victims:
                self._parts[name].start()

    def rest(self) -> None:
        """Let everything run again; raises what went wrong when it was started."""
        self._ended.release(MANY)
        self.join()
        if self.failure:
            raise self.failure
