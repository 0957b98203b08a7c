"""The parent bounds how many judge, how long, and how many wait; it survives each of them and leaves none behind."""

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from examining.server import MAX_CHILDREN, MAX_SILENT, MAX_WAITING, SILENT_SECONDS
from models.examination import client
from models.examination.client import Examiner, ExaminerUnavailable
from models.examination.framing import Ending, Word, part
from models.examination.shapes import FILE, FileVerdict
from tests.examining.conftest import Listening
from tests.examining.hostile import FORGED_SECONDS, KINDS, Powers

NEARLY_FULL = 212_000
"""Bytes of an answer that leaves a socket no room for what follows it, as systems are set."""


@pytest.fixture
def own(tmp_path: Path) -> Listening:
    return Listening(tmp_path, "tests.examining.hostile")


def seconds(number: float) -> dict[str, float]:
    return {"seconds": number}


def until(condition: object, patience: float = 5.0) -> bool:
    """Wait for a condition."""
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def test_so_many_judge_so_many_wait_and_the_next_is_told_at_once(own: Listening) -> None:
    calls = MAX_CHILDREN + MAX_WAITING
    with own, ThreadPoolExecutor(calls) as pool:
        slept = [pool.submit(own.client.examine, KINDS["sleep"], b"", seconds(1)) for _ in range(calls)]
        assert until(lambda: len(own.children()) == MAX_CHILDREN)
        assert until(lambda: _busy(own.client))
        assert len(own.children()) <= MAX_CHILDREN
        assert {each.result().done for each in slept} == {("slept",)}
        assert own.client.examine(KINDS["echo"], b"12").done == ("2",)


def test_a_file_is_charged_with_its_own_time_of_processor(own: Listening) -> None:
    with own:
        waited = own.client.measure(KINDS["sleep"], b"", seconds(1))
        worked = own.client.measure(KINDS["spin"], b"", seconds(1))
    assert (waited.verdict.done, worked.verdict.done) == (("slept",), ("spun",))
    assert waited.milliseconds < 500 <= worked.milliseconds


def _busy(client: Examiner) -> bool:
    began = time.monotonic()
    try:
        client.examine(KINDS["sleep"], b"", seconds(1))
    except ExaminerUnavailable:
        return time.monotonic() - began < 0.5
    return False


@pytest.mark.parametrize("kills", [1, 2])
def test_a_file_is_judged_again_once_when_the_machine_kills_its_child(own: Listening, kills: int) -> None:
    with own, ThreadPoolExecutor(1) as pool:
        slept = pool.submit(own.client.examine, KINDS["sleep"], b"", seconds(1.5))
        killed: set[int] = set()
        for _ in range(kills):
            assert until(lambda: any(each.pid not in killed for each in own.children()))
            child = next(each for each in own.children() if each.pid not in killed)
            killed.add(child.pid)
            child.kill()
        assert slept.result() == (KINDS["sleep"].unreadable if kills == 2 else Powers(done=("slept",)))
        assert own.client.examine(KINDS["echo"], b"").done == ("0",)


def test_silent_callers_hold_no_place_and_are_sent_away(own: Listening) -> None:
    with own, ExitStack() as silent:
        callers = [silent.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(MAX_SILENT + 20)]
        for each in callers:
            each.connect(own.address.removeprefix("unix:"))
        began = time.monotonic()
        assert own.client.examine(KINDS["echo"], b"12").done == ("2",)
        assert time.monotonic() - began < SILENT_SECONDS / 2
        for each in callers:
            each.settimeout(SILENT_SECONDS + 3)
            assert part(each.recv(99)).word is Word.STOPPED


def test_a_caller_that_stops_in_its_call_is_sent_away(own: Listening) -> None:
    with own, socket.socket(socket.AF_UNIX) as caller:
        caller.connect(own.address.removeprefix("unix:"))
        caller.sendall(b"EXM2")
        caller.settimeout(SILENT_SECONDS + 3)
        assert part(b"".join(iter(lambda: caller.recv(99), b""))).word is Word.STOPPED


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients read once whatever was written waits for them."""
    receive = client._receive

    def later(connection: socket.socket, limit: float, max_bytes: int) -> Ending:
        time.sleep(0.1)
        return receive(connection, limit, max_bytes)

    monkeypatch.setattr(client, "_receive", later)


@pytest.mark.usefixtures("late")
def test_an_answer_that_fills_the_connection_is_followed_by_the_last_word(hostile: Listening) -> None:
    with ThreadPoolExecutor(MAX_CHILDREN) as pool:
        asked = [
            pool.submit(hostile.client.examine, KINDS["large"], b"", {"size": NEARLY_FULL + 100 * number})
            for number in range(20)
        ]
        assert [len(each.result().done[0]) - NEARLY_FULL for each in asked] == [100 * number for number in range(20)]


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize("size", [0, NEARLY_FULL])
def test_a_child_that_was_taken_over_can_state_neither_its_end_nor_its_cost(hostile: Listening, size: int) -> None:
    examined = hostile.client.measure(KINDS["forge"], b"", {"size": size})
    assert examined.verdict == KINDS["forge"].unreadable
    assert examined.milliseconds >= 1000 * FORGED_SECONDS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_child_outlives_the_parent(own: Listening, number: signal.Signals) -> None:
    with own, ThreadPoolExecutor(2) as pool:
        slept = [pool.submit(own.client.examine, KINDS["sleep"], b"", seconds(20)) for _ in range(2)]
        assert until(lambda: len(own.children()) == 2)
        children = own.children()
        os.kill(own.pid, number)
        for each in slept:
            with pytest.raises(ExaminerUnavailable):
                each.result()
        assert until(lambda: not own.running)
        assert until(lambda: not any(psutil.pid_exists(each.pid) for each in children))


def test_garbage_half_calls_and_silent_callers_are_no_trouble(own: Listening) -> None:
    with own:
        path = own.address.removeprefix("unix:")
        for sent in (b"", b"GET / HTTP/1.1\r\n\r\n", b"EXM2" + b"\xff" * 12, b"EXM2\0\0\0\2\0\0\0\0\0\0\0\5{}"):
            with socket.socket(socket.AF_UNIX) as caller:
                caller.connect(path)
                caller.sendall(sent)
        with pytest.raises(ExaminerUnavailable):
            own.client.examine(FILE, b"an unknown kind here")
        assert own.client.examine(KINDS["echo"], b"x" * 1_000_000).done == ("1000000",)
        assert until(lambda: not own.children())


def test_only_its_user_may_connect(own: Listening) -> None:
    with own:
        assert Path(own.address.removeprefix("unix:")).stat().st_mode & 0o777 == 0o600


def test_the_parent_stays_as_it_was(own: Listening) -> None:
    with own:
        process = psutil.Process(own.pid)
        for _ in range(20):
            own.client.examine(KINDS["crash"], b"x")
        before, open_files = process.memory_info().rss, process.num_fds()
        for _ in range(100):
            own.client.examine(KINDS["echo"], b"x" * 100_000)
        assert process.memory_info().rss - before < 1_000_000
        assert process.num_fds() < open_files + 10  # one may be a child that is just ending; a leak would be a hundred
        assert len(own.log.read_bytes()) < 121 * 300


def test_a_file_is_judged_by_the_program_that_ships(examining: Listening) -> None:
    assert examining.client.examine(FILE, b"a;b\n1;2\n") == FileVerdict(media_type="text/csv")
    assert examining.client.examine(FILE, b"") == FileVerdict(refusal="file-empty")
