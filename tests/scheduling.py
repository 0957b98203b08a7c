"""How `make test` spreads the files of tests over its processes, so that no core is idle.

Tests of whole installations mostly wait, and some have limits of time: all processes but one run them, and this one
keeps the cores busy with others. What is long begins first, so that nothing long is left when everything else has
ended. Tests of pages share one browser and one world, those of the architecture the syntax trees of every file: each of
the two runs in one process.

`--fast` leaves out what a change should not wait for, by a rule rather than by a list of names.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

WAITING: Final = ("tests/system/", "tests/bench/")
"""Folders of the tests of whole installations."""
IN_ONE_PROCESS: Final = ("tests/browser/", "tests/architecture/")
"""Folders whose files share what the session starts, or the trees of every file."""
ONE_BY_ONE: Final = frozenset({"tests/bench/test_families.py"})
"""Files whose tests share nothing and take long: each test is its own group."""
FIRST: Final = (*WAITING, *IN_ONE_PROCESS)
"""Folders that begin first."""
LONG_TO_START: Final = frozenset({"world", "stage", "engine"})
"""Fixtures that start several programs."""
SERVERS: Final = LONG_TO_START | {"postgres"}
"""Fixtures that start a server: a test that uses one costs a hundred times as much as another."""


def group_of(test: str) -> str:
    """Return what one process runs without interruption: a file, a whole folder, or one test."""
    file = test.partition("::")[0]
    folder = next((each for each in IN_ONE_PROCESS if file.startswith(each)), None)
    return folder or (test if file in ONE_BY_ONE else file)


class MixedScheduling(LoadFileScheduling):  # type: ignore[misc]
    """Groups as units, in the order of collection; one process runs none that waits, while there are others.

    Takes the place of what `--dist loadfile` means, which begins with the files that have the most tests.
    """

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        others = [work for each, work in self.assigned_work.items() if each is not node]
        waiting = [work for work in others if any(_waits(group) and not all(work[group].values()) for group in work)]
        if len(waiting) >= self.numnodes - 1:
            busy = next((group for group in self.workqueue if not _waits(group)), None)
            if busy is not None:
                self.workqueue.move_to_end(busy, last=False)
        super()._assign_work_unit(node)


def left_out_when_fast(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return what `--fast` leaves out: what is marked slow, and most of what needs a server.

    Of a file, the first test with a database stays, so that every file is still tried on it; of a folder, the first
    test with several programs.
    """
    tried, left_out = set[str](), list[pytest.Item]()
    for item in items:
        file = item.nodeid.partition("::")[0]
        fixtures = set(getattr(item, "fixturenames", ()))
        place = file.rpartition("/")[0] if fixtures & LONG_TO_START else file
        served = bool(fixtures & SERVERS)
        if item.get_closest_marker("slow") or (served and place in tried):
            left_out.append(item)
        elif served:
            tried.add(place)
    return left_out


def _waits(group: str) -> bool:
    return group.startswith(WAITING)


def order(items: list[pytest.Item]) -> None:
    """Sort tests in place, files together: long ones first, then those with the most tests."""
    files = [item.nodeid.partition("::")[0] for item in items]
    sizes = Counter(files)
    patience: dict[str, float] = {}
    long = set[str]()
    for file, item in zip(files, items, strict=True):
        limit = item.get_closest_marker("timeout")
        patience[file] = max(patience.get(file, 0.0), limit.args[0] if limit else 0.0)
        if item.get_closest_marker("slow") or LONG_TO_START.intersection(getattr(item, "fixturenames", ())):
            long.add(file)

    def rank(item: pytest.Item) -> tuple[int, float, bool, int, str]:
        file = item.nodeid.partition("::")[0]
        folder = next((at for at, each in enumerate(FIRST) if file.startswith(each)), len(FIRST))
        return folder, -patience[file], file not in long, -sizes[file], file

    items.sort(key=rank)
