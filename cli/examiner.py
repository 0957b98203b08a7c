"""A program `examining` for one command: started, asked, stopped. No service is needed to read a file."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cli.terminal import CommandError, ExitCode
from models.examination.client import Examiner
from models.examination.shapes import EXTRACT, SIGNATURE, Kind, V

START_TIMEOUT: Final = 60.0
"""Seconds to load the libraries, on a slow machine."""
NO_EXAMINER: Final = "Le programme qui lit les documents n’a pas pu démarrer."
PACKAGES: Final = Path(__file__).resolve().parents[1]


@contextmanager
def own_examiner(*kinds: Kind[V]) -> Iterator[Examiner]:
    """Run the program for the time of the block; it ends with this process, however that ends.

    It knows the kinds of examination that are named: those of documents to verify unless others are.
    """
    with tempfile.TemporaryDirectory(prefix="tacite-") as folder:
        address = f"unix:{folder}/examining"
        process = subprocess.Popen(
            [sys.executable, "-m", "examining.once", *(each.name for each in kinds or (SIGNATURE, EXTRACT))],
            env={"TACITE_EXAMINING": address},
            cwd=PACKAGES,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            _wait_until_ready(process)
            yield Examiner(address)
        finally:
            process.kill()
            process.communicate()


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    limit = time.monotonic() + START_TIMEOUT
    assert process.stderr is not None  # noqa: S101 -- for the type checker
    for line in process.stderr:
        if "examining_ready" in line:
            return
        if time.monotonic() > limit:
            break
    raise CommandError(ExitCode.MISSING, NO_EXAMINER)
