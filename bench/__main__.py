"""`python -m bench [--quick] [FAMILY…]`: measure every family, or those named, and write `bench/REPORT.md`."""

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from types import ModuleType

import psutil

from bench import (
    claim_files,
    claim_uploads,
    claim_visas,
    crowd,
    documents,
    doors,
    engine,
    entry,
    hostile,
    midnight,
    pages,
    report,
)
from bench.figures import Section
from bench.fixtures import Scale
from bench.meters import core_speed

FAMILIES: dict[str, ModuleType] = {
    "documents": documents,
    "engine": engine,
    "midnight": midnight,
    "doors": doors,
    "crowd": crowd,
    "entry": entry,
    "hostile": hostile,
    "pages": pages,
    "claim_files": claim_files,
    "claim_uploads": claim_uploads,
    "claim_visas": claim_visas,
}
ORDER = tuple(FAMILIES)
LOAD_SAMPLE_SECONDS = 3.0
"""Seconds over which the load of other programs is sampled."""
SPEED_OPERATIONS = 1_000
"""Key operations that measure the speed of a core: about a second."""


def main(arguments: list[str]) -> int:
    """Run families one after the other; write the report after each."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("families", nargs="*", choices=[*ORDER, []], help="which ones; all by default")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to check that it runs; writes nothing")
    chosen = parser.parse_args(arguments)
    revision = report.revision()  # before writing the report changes the working tree
    for family in chosen.families or ORDER:
        section = measure(family, Scale(tiny=chosen.quick), revision)
        _print(section)
        if not chosen.quick:
            report.save(report.load().with_section(section), ORDER)
    return 0


def measure(family: str, scale: Scale, revision: str = "") -> Section:
    """Run one family."""
    module, load, began = FAMILIES[family], _cores_in_use(), time.monotonic()
    taken_at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    operations = scale(SPEED_OPERATIONS, 10)
    before = core_speed(operations)
    figures = module.run(scale)
    return Section(
        family=family,
        title=module.TITLE,
        how=module.HOW,
        taken_at=taken_at,
        seconds=time.monotonic() - began,
        load=load,
        processor=report.processor(),
        speed=(before, core_speed(operations)),
        revision=revision,
        figures=figures,
    )


def _cores_in_use() -> float:
    """Cores in use by other programs at this moment."""
    return sum(psutil.cpu_percent(interval=LOAD_SAMPLE_SECONDS, percpu=True)) / 100


def _print(section: Section) -> None:
    print(f"{section.title} ({section.seconds:.0f} s)")
    for figure in section.figures:
        verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
        print(f"  {figure.name}: {figure.value:.3g} ± {figure.noise:.2g} {figure.unit} {verdict}", flush=True)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # the engine's library may abort an ordinary exit after success
