"""`python -m tests.system.chaos --seed 7 --cases 2000 --report docs/faults.md`: one fault campaign in its own world.

Prints its progress, then the faults, the journeys and the auditor's verdict; exits with 1 when anything is wrong.
The report gets one section per campaign. The machine's own disks and clock are never touched.
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
from tests.system.chaos.faulty_world import a_faulty_world
from tests.system.chaos.report import summary, write
from tests.system.claim_journeys import CLAIM_JOURNEYS
from tests.system.journey_deck import JOURNEYS


def main(arguments: list[str]) -> int:
    """Run one campaign; returns 1 when something is wrong."""
    options = _parse(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    logging.getLogger("chaos").setLevel(logging.INFO)
    seed = secrets.randbelow(10**6) if options.seed is None else options.seed
    print(f"Faults drawn from seed {seed}, {options.cases} cases", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="tacite-chaos-", dir=options.folder) as folder,
        a_faulty_world(Path(folder) / "world") as faulty,
    ):
        journeys = CLAIM_JOURNEYS if options.claims else JOURNEYS
        result, _ = run(faulty, seed, options.cases, journeys=journeys, say=lambda line: print(line, flush=True))
        print(summary(result), flush=True)
        if options.report:
            write(options.report, result)
    return 0 if result.passed else 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.system.chaos", description="A fault campaign.")
    parser.add_argument("--seed", type=int, help="drawn and said when it is not given")
    parser.add_argument("--cases", type=int, default=2000, help="how many cases")
    parser.add_argument("--claims", action="store_true", help="journeys of claims only")
    parser.add_argument("--report", type=Path, help="Markdown file that keeps the campaign")
    parser.add_argument("--folder", type=Path, help="where to put this world")
    return parser.parse_args(arguments)


def _restart_with_own_mounts() -> None:
    """Restart in a private mount namespace, where allowed, so that small disks disappear with the process."""
    command = [sys.executable, "-m", "tests.system.chaos", *sys.argv[1:]]
    wrapped = with_own_mounts(command)
    if wrapped != command:
        os.execvp(wrapped[0], wrapped)


if __name__ == "__main__":
    if not possible():
        _restart_with_own_mounts()
    sys.exit(main(sys.argv[1:]))
