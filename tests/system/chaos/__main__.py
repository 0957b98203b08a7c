"""`python -m tests.system.chaos --seed 7 --cases 2000 --report docs/faults.md`: one campaign in a world of its own.

Prints its progress, then what was broken, what was walked, and the auditor's verdict; exits 1 when anything is
wrong. The report keeps one line a campaign. The machine's disks and clock are never touched.
"""

import argparse
import logging
import os
import secrets
import sys
import tempfile
from pathlib import Path

from tests.system.chaos.campaign import run
from tests.system.chaos.disks import possible, with_own_mounts
from tests.system.chaos.report import printed, write
from tests.system.chaos.stage import a_stage


def main(arguments: list[str]) -> int:
    """Run one campaign; 1 when something is wrong."""
    asked = _asked(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    logging.getLogger("chaos").setLevel(logging.INFO)
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    print(f"Faults drawn from seed {seed}, {asked.cases} cases", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="tacite-chaos-", dir=asked.folder) as folder,
        a_stage(Path(folder) / "world") as stage,
    ):
        told, _ = run(stage, seed, asked.cases, say=lambda line: print(line, flush=True))
        print(printed(told), flush=True)
        if asked.report:
            write(asked.report, told)
    return 0 if told.whole else 1


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.system.chaos", description="A fault campaign.")
    parser.add_argument("--seed", type=int, help="drawn and said when it is not given")
    parser.add_argument("--cases", type=int, default=2000, help="how many cases")
    parser.add_argument("--report", type=Path, help="Markdown file that keeps the campaign")
    parser.add_argument("--folder", type=Path, help="where to put this world")
    return parser.parse_args(arguments)


def _within_own_mounts() -> None:
    """Go on as a process whose small disks end with it, where that is allowed."""
    command = [sys.executable, "-m", "tests.system.chaos", *sys.argv[1:]]
    inside = with_own_mounts(command)
    if inside != command:
        os.execvp(inside[0], inside)


if __name__ == "__main__":
    if not possible():
        _within_own_mounts()
    sys.exit(main(sys.argv[1:]))
