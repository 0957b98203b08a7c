"""Memory is counted as a container counts it, and compared with the limits that Compose sets."""

import mmap
import os
import tempfile
import time

import psutil

from bench import memory_watch
from bench.memory_watch import Peaks, in_bytes, memory_limits, unnamed_files, used, watch_memory

MIB = 1024**2
SERVICES = {
    "doors",
    "relay",
    "examining",
    "postgres",
    "engine",
    "worker-cases",
    "worker-signing",
    "worker-agency",
    "worker-verifying",
    "worker-reading",
}


def test_every_program_has_a_limit_in_compose() -> None:
    limits = memory_limits()
    assert limits.keys() >= SERVICES
    assert limits["doors"] == in_bytes("512M") == 512 * MIB
    assert limits["examining"] == in_bytes("2G") == 2_048 * MIB


def test_what_processes_share_is_counted_once() -> None:
    alone = used([os.getpid()])
    assert 0 < alone <= psutil.Process().memory_info().rss + MIB
    with mmap.mmap(-1, 40 * MIB) as shared:
        shared.write(b"x" * 40 * MIB)
        child = os.fork()
        if child == 0:
            try:
                shared[:]
                time.sleep(60)
            finally:
                os._exit(0)
        try:
            assert used([os.getpid(), child]) < 2 * used([os.getpid()])
        finally:
            os.kill(child, 9)
            os.waitpid(child, 0)
    assert used([child]) == 0


def test_a_temporary_file_without_a_name_is_memory_of_its_container() -> None:
    before, known = used([os.getpid()]), len(unnamed_files(os.getpid()))
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 30 * MIB)
        file.flush()
        assert len(unnamed_files(os.getpid())) == known + 1
        assert used([os.getpid()]) - before >= 30 * MIB
    assert len(unnamed_files(os.getpid())) == known


def test_the_greatest_share_of_all_samples_comes_first() -> None:
    peaks = Peaks()
    peaks.bytes_used |= {"engine": 1_024 * MIB, "doors": 384 * MIB}
    assert peaks.shares() == {"doors": 0.75, "engine": 0.5}
    assert list(peaks.shares()) == ["doors", "engine"]


def test_a_peak_is_kept_after_its_memory_is_freed() -> None:
    memory_watch._sample({"doors": os.getpid()}, peaks := Peaks())
    before = peaks.bytes_used["doors"]
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 30 * MIB)
        file.flush()
        memory_watch._sample({"doors": os.getpid()}, peaks)
    with watch_memory({"doors": os.getpid()}) as later:
        pass
    memory_watch._sample({"doors": os.getpid()}, peaks)
    assert peaks.bytes_used["doors"] >= before + 29 * MIB
    assert later.bytes_used["doors"] < peaks.bytes_used["doors"]
