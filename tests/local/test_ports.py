"""Ports of worlds: no two processes are given the same one, however they end."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local import ports
from local.ports import Ports, free, free_port, listening
from local.processes import ROOT


@contextmanager
def another(expression: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that says what this expression about ports is, and lives on."""
    code = f"import sys; from local.ports import free_port, hold; print({expression}, flush=True); sys.stdin.read()"
    command, elsewhere = [sys.executable, "-c", code], os.environ | {"TMPDIR": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=elsewhere, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def test_a_free_port_is_free_below_the_ephemeral_ones_and_given_once() -> None:
    given = [free_port() for _ in range(200)]
    assert len(set(given)) == 200
    assert all(free(port) and not listening(port) for port in given)
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(given) < first


def test_no_other_process_is_given_ours() -> None:
    ours = free_port()
    with another(f"hold({ours})") as (_, answer):
        assert answer == "False"


def test_we_are_given_none_of_another_until_it_dies_even_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    with another("free_port()") as (process, answer):
        theirs = int(answer)
        monkeypatch.setattr(ports, "_drawn", lambda: iter([theirs, *reversed(ports.RANGE)]))
        assert free_port() != theirs
        process.kill()
        process.wait()
        assert free_port() == theirs


def test_a_world_keeps_its_ports_from_one_start_to_the_next(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    port = Ports(file)["doors"]
    assert json.loads(file.read_text()) == {"doors": port}
    assert Ports(file)["doors"] == port
    with another("free_port()") as (_, answer):
        pass
    file.write_text(json.dumps({"doors": int(answer)}))
    assert Ports(file)["doors"] == int(answer)
    with another(f"hold({answer})") as (_, again):
        assert again == "False"
