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
    print(f"Campagne de pannes : graine {seed}, {asked.cases} dossiers", flush=True)
    with tempfile.TemporaryDirectory(prefix="tacite-chaos-", dir=asked.folder) as folder:
        with a_stage(Path(folder) / "world") as stage:
            told, _ = run(stage, seed, asked.cases, say=lambda line: print(line, flush=True))
        if asked.keep:
            os.system(f"cp -a {folder}/world {asked.keep}")  # noqa: S605
    print(printed(told))
    if asked.report:
        write(asked.report, told)
    return 0 if told.whole else 1


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.system.chaos", description="Campagne de pannes.")
    parser.add_argument("--seed", type=int, help="graine (sinon tirée au sort, et dite)")
    parser.add_argument("--cases", type=int, default=2000, help="nombre de dossiers")
    parser.add_argument("--report", type=Path, help="fichier Markdown où noter la campagne")
    parser.add_argument("--folder", type=Path, help="où mettre le dossier de ce monde")
    parser.add_argument("--keep", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    if not possible() and (
        inside := with_own_mounts([sys.executable, "-m", "tests.system.chaos", *sys.argv[1:]])
    ):
        if inside[0] != sys.executable:
            os.execvp(inside[0], inside)  # noqa: S606
    sys.exit(main(sys.argv[1:]))
