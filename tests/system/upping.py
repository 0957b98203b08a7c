"""`tacite up` as a process of its own, for the tests of what is done beside it."""

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

PATIENCE: Final = 60.0
View = dict[str, object]


@dataclass(frozen=True)
class Up:
    """A world that runs, as its one line of JSON tells it, and the folder where it was started."""

    place: Path
    told: View
    process: "subprocess.Popen[str]"

    @property
    def tokens(self) -> Tokens:
        return Tokens.model_validate(self.told["tokens"])

    @property
    def employer(self) -> Caller:
        return Caller(str(self.told["site"]), self.tokens.employer)

    @property
    def authorities(self) -> Path:
        return Path(str(self.told["data"])) / "authorities"


def started(place: Path) -> Up:
    with (place / "up.err").open("a") as said:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tacite.py"), "up", "--json"],
            cwd=place,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    assert process.stdout is not None
    return Up(place, json.loads(process.stdout.readline()), process)


def ended(up: Up, how: signal.Signals) -> int:
    up.process.send_signal(how)
    assert up.process.stdout is not None
    assert up.process.stdout.read() == ""
    up.process.stdout.close()
    return up.process.wait(PATIENCE)
