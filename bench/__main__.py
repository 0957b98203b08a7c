"""`python -m bench [--quick] [FAMILY…]`: measures every family, or those named, and writes `bench/REPORT.md`."""

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from types import ModuleType

import psutil

from bench import crowd, documents, doors, engine, entry, midnight, report
from bench.figures import Section
from bench.ground import Scale
from bench.meters import speed

FAMILIES: dict[str, ModuleType] = {
    "documents": documents,
    "engine": engine,
    "midnight": midnight,
    "doors": doors,
    "crowd": crowd,
    "entry": entry,
}
ORDER = tuple(FAMILIES)
LOOKING = 3.0
"""Seconds over which the work of others is looked at."""
OPERATIONS = 1_000
"""Operations of a key that the speed of a core is told by: about a second."""


def main(arguments: list[str]) -> int:
    """Run families one after the other; the report is written after each."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("families", nargs="*", choices=[*ORDER, []], help="which ones; all by default")
    parser.add_argument("--quick", action="store_true", help="tiny, to see that it runs; nothing is written")
    chosen = parser.parse_args(arguments)
    revision = report.revision()  # before the report itself makes a difference
    for family in chosen.families or ORDER:
        section = measured(family, Scale(tiny=chosen.quick), revision)
        _tell(section)
        if not chosen.quick:
            report.save(report.load().with_section(section), ORDER)
    return 0


def measured(family: str, scale: Scale, revision: str = "") -> Section:
    """Run one family."""
    module, load, began = FAMILIES[family], _wanted(), time.monotonic()
    taken_at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    operations = scale(OPERATIONS, 10)
    before = speed(operations)
    figures = module.run(scale)
    return Section(
        family=family,
        title=module.TITLE,
        how=module.HOW,
        taken_at=taken_at,
        seconds=time.monotonic() - began,
        load=load,
        processor=report.processor(),
        speed=(before, speed(operations)),
        revision=revision,
        figures=figures,
    )


def _wanted() -> float:
    """Cores that others are using at this moment."""
    return sum(psutil.cpu_percent(interval=LOOKING, percpu=True)) / 100


def _tell(section: Section) -> None:
    print(f"{section.title} ({section.seconds:.0f} s)")
    for figure in section.figures:
        verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
        print(f"  {figure.name}: {figure.value:.3g} ± {figure.noise:.2g} {figure.unit} {verdict}", flush=True)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # the engine's library may abort an ordinary exit after success
