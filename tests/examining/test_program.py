"""The program refuses to start with a secret, or where others than this machine could reach it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from examining import program
from local.processes import ROOT
from tests.examining.conftest import Listening


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "examining"]
    given = {"PATH": os.environ["PATH"]} | environment
    return subprocess.run(command, env=given, cwd=ROOT, capture_output=True, text=True, timeout=20)


@pytest.mark.parametrize(
    "name", ["TACITE_DATABASE", "TACITE_MASTER_KEY", "TACITE_BLIND_KEY", "TACITE_SEAL", "TACITE_ANYTHING_TO_COME"]
)
def test_another_setting_is_refused(name: str, tmp_path: Path) -> None:
    ended = started(**{"TACITE_EXAMINING": f"unix:{tmp_path}/socket", name: "secret-value"})
    assert ended.returncode == program.EXIT_MISSING
    assert name in ended.stderr
    assert "secret-value" not in ended.stderr


def test_a_secret_of_the_container_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "SECRETS", tmp_path)
    program.check_environment({"TACITE_EXAMINING": "", "TACITE_HTTP": "", "PATH": ""})
    (tmp_path / "master_key").touch()
    with pytest.raises(program.CannotRun):
        program.check_environment({})


@pytest.mark.parametrize("address", ["", "0.0.0.0:9000", "10.0.0.1:9000", "unix:relative", "localhost", "127.0.0.1"])
def test_only_a_local_address_is_listened_on(address: str) -> None:
    assert started(TACITE_EXAMINING=address).returncode == program.EXIT_MISSING


def test_a_socket_left_by_a_crash_is_taken_over_and_a_living_one_is_not(tmp_path: Path) -> None:
    with Listening(tmp_path) as first:
        assert started(TACITE_EXAMINING=first.address).returncode == program.EXIT_MISSING
        first.kill()
        first.start()
        os.kill(first.pid, signal.SIGTERM)


def test_the_health_check_tells_up_from_down(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "examining.health"]
    with Listening(tmp_path) as running:
        environment = os.environ | {"TACITE_EXAMINING": running.address}
        assert subprocess.run(command, env=environment, cwd=ROOT).returncode == 0
    assert subprocess.run(command, env=environment, cwd=ROOT).returncode == 1
