"""A child process: its start, its end, and its end when the parent dies."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from local.ports import free, free_port, listening
from local.processes import ROOT, Program, ProgramFailed, gone

LISTEN = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"
FORK = "import subprocess, sys; subprocess.Popen(['sleep', '60']); print('ready', flush=True); sys.stdin.read()"
FORK_AND_STAY = FORK.replace("sys.stdin.read()", "__import__('time').sleep(60)")


class Snippet(Program):
    """A few lines of Python, ready when they listen on their port or print that they are."""

    def __init__(self, folder: Path, code: str, *, port: int | None = None) -> None:
        super().__init__("Extrait", folder / "snippet.log")
        self.code = code
        self.port = port

    def ports(self) -> list[int]:
        return [self.port] if self.port else []

    def command(self) -> list[str]:
        return [sys.executable, "-c", self.code, str(self.port)]

    def ready(self) -> bool:
        return listening(self.port) if self.port else self.logged("ready")


def test_a_program_is_ready_once_it_listens_and_keeps_its_port_when_restarted(tmp_path: Path) -> None:
    program = Snippet(tmp_path, LISTEN, port=free_port())
    program.start()
    first = program.pid
    program.restart()
    assert listening(program.port or 0)
    assert program.pid != first
    assert not program.stop(), "it ended when it was asked to"
    assert not program.running
    assert free(program.port or 0)


def test_a_program_that_fails_shows_the_end_of_its_log(tmp_path: Path) -> None:
    program = Snippet(tmp_path, "raise SystemExit('la clé manque')")
    with pytest.raises(ProgramFailed, match=r"s’est arrêté au démarrage(.|\n)*la clé manque"):
        program.start()


def test_a_program_that_is_never_ready_is_ended_and_says_so(tmp_path: Path) -> None:
    program = Snippet(tmp_path, "import time; print('je réfléchis', flush=True); time.sleep(60)")
    program.start_timeout = 3
    with pytest.raises(ProgramFailed, match=r"n’est pas prêt(.|\n)*je réfléchis"):
        program.start()
    assert not program.running


def test_words_of_an_earlier_run_do_not_make_a_program_ready(tmp_path: Path) -> None:
    program = Snippet(tmp_path, FORK_AND_STAY)
    program.start()
    program.stop()
    program.code = "import time; time.sleep(60)"
    program.start_timeout = 0.3
    with pytest.raises(ProgramFailed, match="n’est pas prêt"):
        program.start()


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    one = Snippet(tmp_path / "one", LISTEN, port=free_port())
    two = Snippet(tmp_path / "two", LISTEN, port=one.port)
    two.stop_timeout = 0.2
    one.start()
    with pytest.raises(ProgramFailed, match=f"le port {one.port} est déjà pris"):
        two.start()
    one.stop()


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_descendants_end_with_their_program(tmp_path: Path, how: str) -> None:
    program = Snippet(tmp_path, FORK_AND_STAY)
    program.start()
    family = psutil.Process(program.pid).children(recursive=True)
    assert [process.name() for process in family] == ["sleep"]
    getattr(program, how)()
    assert all(gone(process) for process in family)


def test_a_program_that_will_not_end_is_killed_and_that_is_told(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)"
    program = Snippet(tmp_path, f"{deaf}; time.sleep(60)")
    program.stop_timeout = 0.3
    program.start()
    assert program.stop()
    assert not program.running
    assert not program.stop(), "it has already ended"


def test_the_end_of_a_program_is_not_awaited_for_ever(tmp_path: Path) -> None:
    program = Snippet(tmp_path, FORK_AND_STAY)
    program.start()
    program.kill_timeout = -1
    with pytest.raises(ProgramFailed, match=rf"Extrait ne meurt pas : processus \[{program.pid}, "):
        program.kill()
    program.kill_timeout = 30
    program.kill()
    assert not program.running


def test_a_program_that_is_paused_stands_still_with_its_descendants_until_it_goes_on(tmp_path: Path) -> None:
    program = Snippet(tmp_path, FORK_AND_STAY)
    program.start()
    family = [psutil.Process(program.pid), *psutil.Process(program.pid).children()]
    program.pause()
    stopped = _in_time(lambda: {each.status() for each in family} == {psutil.STATUS_STOPPED})
    program.resume()
    going_on = _in_time(lambda: psutil.STATUS_STOPPED not in {each.status() for each in family})
    program.kill()
    assert (stopped, going_on) == (True, True)


def _in_time(truth: Callable[[], bool], seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while not truth() and time.monotonic() < limit:
        time.sleep(0.02)
    return truth()


def test_variables_that_are_added_win_over_its_own(tmp_path: Path) -> None:
    program = Snippet(tmp_path, "import os, time; print(os.environ['HOME'], 'ready', flush=True); time.sleep(60)")
    program.added["HOME"] = "/nowhere"
    program.start()
    assert program.logged("/nowhere")
    program.kill()


def test_a_program_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    program = Snippet(tmp_path, LISTEN, port=free_port())
    thread = threading.Thread(target=program.start)
    thread.start()
    thread.join()
    time.sleep(0.3)
    assert program.running
    program.stop()


def test_another_tacite_in_our_environment_does_not_reach_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACITE_DATABASE", "postgresql://production")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "production:7233")
    assert not [name for name in Snippet(tmp_path, "").environment() if name.startswith(("TACITE_", "TEMPORAL_"))]


def test_the_tether_does_not_start_what_has_lost_its_parent() -> None:
    tether = [
        sys.executable,
        "-I",
        "-S",
        str(ROOT / "local" / "die_with_parent.py"),
        "15",
        "1",
        "echo",
        "orphan",
    ]
    tried = subprocess.run(tether, capture_output=True, check=False)
    assert (tried.returncode, tried.stdout) == (1, b"")
