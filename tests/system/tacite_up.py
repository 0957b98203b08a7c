"""`tacite up` as a separate process, for tests of what is done beside it."""

import json
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from local.caller import Caller
from local.people import Tokens
from local.processes import ROOT

WAIT_TIMEOUT_SECONDS: Final = 60.0
END_TIMEOUT_SECONDS: Final = 90.0
"""Twice what its slowest parts may take before they are killed, and what the machine may take beside."""
ERRORS: Final = "up.err"
"""Where it writes what is not an answer."""
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

    def told(self, role: str) -> dict[str, str]:
        """How somebody enters the pages."""
        people = self.announced["people"]
        assert isinstance(people, dict)
        return dict(people[role])

    def enter(self, role: str) -> str:
        """Enter as is told; returns the page where one lands, once it answers."""
        site, told = str(self.announced["site"]), self.told(role)
        with httpx.Client(base_url=site, timeout=20, headers={"Origin": site}) as browser:
            if "subject" in told:
                provider = browser.get("/agents/sign-in").headers["location"]
                back = httpx.post(provider, data={"sub": told["subject"]}).headers["location"]
                landed = browser.get(back).headers["location"]
            else:
                stated = {"login": told["login"], "password": told["password"]}
                landed = browser.post("/sign-in", data=stated).headers["location"]
            browser.get(landed).raise_for_status()
        return f"{site}{landed}"


def has_second_loopback() -> bool:
    """Whether this machine has `::1`."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def started(folder: Path) -> Up:
    with (folder / ERRORS).open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tacite.py"), "up", "--json"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.communicate()
        raise AssertionError(f"it announced nothing:\n{_errors(folder)}")
    return Up(folder, json.loads(line), process)


def ended(up: Up, how: signal.Signals) -> int:
    """Send it a signal; returns its exit code. Kills it, and tells what it said, if it does not end."""
    up.process.send_signal(how)
    try:
        rest, _ = up.process.communicate(timeout=END_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        up.process.kill()
        up.process.communicate()
        raise AssertionError(f"it did not end in {END_TIMEOUT_SECONDS} s:\n{_errors(up.folder)}") from None
    assert rest == ""
    return up.process.returncode


def _errors(folder: Path) -> str:
    return "\n".join((folder / ERRORS).read_text("utf-8").splitlines()[-40:])
