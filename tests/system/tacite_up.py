"""`tacite up` as a separate process, for tests of what is done beside it."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.caller import Caller
from local.people import Tokens
from local.processes import ROOT

WAIT_TIMEOUT_SECONDS: Final = 60.0
View = dict[str, object]


@dataclass(frozen=True)
class Up:
    """A running world, as announced by its one line of JSON, and the folder where it was started."""

    folder: Path
    announced: View
    process: "subprocess.Popen[str]"

    @property
    def tokens(self) -> Tokens:
        return Tokens.model_validate(self.announced["tokens"])

    @property
    def employer(self) -> Caller:
        return Caller(str(self.announced["site"]), self.tokens.employer)

    @property
    def authorities(self) -> Path:
        return Path(str(self.announced["data"])) / "authorities"


def started(folder: Path) -> Up:
    with (folder / "up.err").open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tacite.py"), "up", "--json"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    return Up(folder, json.loads(process.stdout.readline()), process)


def ended(up: Up, how: signal.Signals) -> int:
    up.process.send_signal(how)
    assert up.process.stdout is not None
    assert up.process.stdout.read() == ""
    up.process.stdout.close()
    return up.process.wait(WAIT_TIMEOUT_SECONDS)
