"""The pace at which new cases enter the engine: that at which their receipts leave it.

More filings than the workers can carry wait in the outbox, and in turn by establishment. In the engine, the decisions
and pieces of older cases would wait behind them. As many cases enter at once as get their receipt within `TARGET_WAIT`
of what one takes by itself: one more while receipts come in time, fewer when they come late, as TCP finds the capacity
of a link. When the engine takes cases and no receipt leaves at all, something else is broken, and holding cases back
would help nobody: they enter freely until receipts leave again.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Set
from statistics import median_low
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.store.cases import documents
from models.store.database import Database

log = structlog.get_logger()

TARGET_WAIT: Final = 0.3
"""Seconds that a receipt may take beyond the least that one took lately: what a decision may wait behind new cases."""
FEWEST: Final = 4
"""Cases without a receipt that may always be in the engine: they occupy two small workers."""
MOST: Final = 256
"""Cases without a receipt that may be in the engine at most, however fast the workers are."""
DECREASE: Final = 0.8
"""What is left of the number of cases after receipts came late."""
FORGETTING: Final = 1.001
"""Growth of the least time that a receipt took, with each one since: signatures may have become slower for good."""
CHECK_INTERVAL: Final = 0.2
"""Seconds between two looks at the register."""
STALL: Final = 20.0
"""Seconds without a receipt after which cases enter freely."""
LONGEST: Final = 60.0
"""Seconds after which a case that is not delivered, or has no receipt, is no longer waited for."""
ESTABLISHMENT: Final = slice(0, 7)
"""The part of a reference that one establishment has in common: département and letters."""


class Turns:
    """Who waits: one of each establishment in turn, and those of one in the order of their filing."""

    def __init__(self) -> None:
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def __len__(self) -> int:
        return sum(len(queue) for queue in self._queues.values())

    async def wait(self, reference: str) -> None:
        """Wait until it is the turn of a case."""
        turn = asyncio.get_running_loop().create_future()
        self._queues.setdefault(reference[ESTABLISHMENT], deque()).append(turn)
        await turn

    def give(self, number: int) -> None:
        """Give the next turns, or as many as are waited for; who no longer waits is left out."""
        while number > 0 and self._queues:
            establishment, queue = self._queues.popitem(last=False)
            while queue and queue[0].done():
                queue.popleft()
            if queue:
                queue.popleft().set_result(None)
                self._queues[establishment] = queue
                number -= 1


class Pace:
    """The cases that this relay has let in and that have no receipt yet, and since when the engine has them."""

    def __init__(self, database: Database, now: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._now = now
        self._entering: dict[str, float] = {}
        self._without_receipt: dict[str, float] = {}
        self._turns = Turns()
        self._limit = FEWEST
        self._least = float("inf")
        self._progress_at = now()
        self._stalled = False

    async def enter(self, reference: str) -> None:
        """Wait until a case may enter, and remember it; `delivered` must follow."""
        if (self._turns or self._free <= 0) and not self._stalled:
            await self._turns.wait(reference)
        self._entering[reference] = self._now()

    def delivered(self, reference: str) -> None:
        """Note that the engine has a case: its receipt is waited for from now on."""
        self._entering.pop(reference, None)
        if not self._without_receipt:
            self._progress_at = self._now()
        self._without_receipt[reference] = self._now()

    async def watch(self) -> None:
        """Let cases in as receipts leave, until cancelled."""
        while True:
            await asyncio.sleep(CHECK_INTERVAL)
            held = frozenset(self._without_receipt)
            self._note(await asyncio.to_thread(self._list_with_receipt, held) if held else held)

    @property
    def _free(self) -> int:
        return self._limit - len(self._entering) - len(self._without_receipt)

    def _list_with_receipt(self, references: Set[str]) -> Set[str]:
        try:
            with self._database.begin() as connection:
                return documents.list_with_receipt(connection, references)
        except SQLAlchemyError:
            return frozenset()

    def _note(self, with_receipt: Set[str]) -> None:
        now, held = self._now(), self._without_receipt
        if with_receipt:
            self._adapt([now - held[each] for each in with_receipt])
            self._progress_at = now
        self._without_receipt = {
            each: at for each, at in held.items() if each not in with_receipt and now - at < LONGEST
        }
        self._entering = {each: at for each, at in self._entering.items() if now - at < LONGEST}
        self._note_stall(now)
        self._turns.give(len(self._turns) if self._stalled else self._free)

    def _note_stall(self, now: float) -> None:
        """Begin or end a stall: the engine has as many cases as it may, and none of them gets its receipt."""
        late = now - self._progress_at > STALL
        if self._stalled:
            self._stalled = late and bool(self._without_receipt)
        elif late and len(self._without_receipt) >= self._limit:
            self._stalled = True
            log.warning("receipts_stalled", cases=len(self._without_receipt))

    def _adapt(self, waits: list[float]) -> None:
        """Take one case more while it is wanted and receipts come in time, fewer when they come late."""
        for wait in waits:
            self._least = min(wait, self._least * FORGETTING)
        if median_low(waits) > self._least + TARGET_WAIT + CHECK_INTERVAL:
            self._limit = max(FEWEST, int(self._limit * DECREASE))
        elif self._turns:
            self._limit = min(MOST, self._limit + 1)
