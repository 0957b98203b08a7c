"""A process that judges can open nothing, reach nobody and outlive nothing."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.examining.conftest import Listening
from tests.examining.hostile import KINDS, POWERS


def test_it_opens_nothing_reaches_nobody_and_sees_no_environment(hostile: Listening, tmp_path: Path) -> None:
    readable = tmp_path / "readable"
    readable.write_text("secret")
    context = {"file": str(readable), "folder": str(tmp_path)}
    assert hostile.client.examine(POWERS, b"", context).done == ()
    assert [each.name for each in tmp_path.iterdir()] == ["readable"]


@pytest.mark.parametrize("kind", ["spin", "eat", "crash", "raise"])
def test_a_file_that_ends_its_process_is_unreadable(hostile: Listening, kind: str) -> None:
    assert hostile.client.examine(KINDS[kind], b"x").ended
    assert hostile.running
    assert "not for the logs" not in hostile.log.read_text()


def test_the_parent_cannot_be_read_by_others_of_its_user(hostile: Listening) -> None:
    assert Path(f"/proc/{hostile.pid}/environ").stat().st_uid == 0


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this kernel shares processors otherwise")
def test_all_that_judge_weigh_together_as_one_program(hostile: Listening) -> None:
    with ThreadPoolExecutor(2) as pool:
        slept = [pool.submit(hostile.client.examine, KINDS["sleep"], b"", {"seconds": 1.0}) for _ in range(2)]
        shares = _shares_of_children(hostile, 2)
        assert {each.result().done for each in slept} == {("slept",)}
    assert shares == [Path(f"/proc/{hostile.pid}/autogroup").read_text()] * 2


def _shares_of_children(program: Listening, number: int) -> list[str]:
    """The groups among which the kernel shares processors, once so many judge."""
    own, limit = psutil.Process(program.pid).nice(), time.monotonic() + 20
    while time.monotonic() < limit:
        children = program.children()
        if len(children) == number and all(each.nice() > own for each in children):
            return [Path(f"/proc/{each.pid}/autogroup").read_text() for each in children]
        time.sleep(0.02)
    return []
