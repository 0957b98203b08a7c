"""Our own programs as parts of the world, here replaced by a few lines each."""

from pathlib import Path

import pytest

from local.ports import free_port
from local.processes import ProgramFailed
from local.programs import Background, Doors

BACKGROUND = """
import os, time
print("stand_in_ready", os.environ["TACITE_ENGINE"])
time.sleep(60)
"""
DOORS = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/api/v1/health" else 404)
        self.end_headers()
host, _, port = os.environ["TACITE_HTTP"].partition(":")
http.server.HTTPServer((host, int(port)), Handler).serve_forever()
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def test_a_program_without_a_port_is_ready_when_its_log_says_so_and_has_its_settings(programs: Path) -> None:
    (programs / "stand_in.py").write_text(BACKGROUND)
    settings = {"TACITE_ENGINE": "127.0.0.1:7233"}
    worker = Background("Exécutant", "stand_in", programs, settings=lambda: settings)
    worker.start()
    assert "127.0.0.1:7233" in worker.tail()
    settings["TACITE_ENGINE"] = "127.0.0.1:7234"
    worker.kill()
    worker.restart()
    assert worker.tail(1) == "stand_in_ready 127.0.0.1:7234"
    worker.stop()


def test_the_doors_are_ready_when_they_say_that_they_live(programs: Path) -> None:
    (programs / "stand_in.py").write_text(DOORS)
    port = free_port()
    doors = Doors("Guichet", "stand_in", programs, port, settings=lambda: {"TACITE_HTTP": f"127.0.0.1:{port}"})
    doors.start()
    assert doors.ready()
    doors.kill()
    assert not doors.ready()
    doors.start()
    doors.stop()


def test_a_setting_that_is_missing_is_shown_with_the_end_of_the_log(programs: Path) -> None:
    (programs / "stand_in.py").write_text(BACKGROUND)
    worker = Background("Exécutant", "stand_in", programs, settings=dict)
    with pytest.raises(ProgramFailed, match=r"Exécutant s’est arrêté au démarrage(.|\n)*TACITE_ENGINE"):
        worker.start()
