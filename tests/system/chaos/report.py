"""What a campaign prints, and what it leaves in the report: a section of its own under the line that begins them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.system.chaos.campaign import Outcome

BEGINNING: Final = "<!-- campaigns, the last one first: written by make chaos -->\n"
MOST: Final = 20
"""Findings that a report quotes."""


def printed(told: Outcome) -> str:
    """Return all that a campaign has shown."""
    faults = dict(told.faults.most_common())
    skipped = "".join(f"\nNot here: {kind}: {why}." for kind, why in told.missing.items())
    late = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in told.lateness.items())
    return (
        f"Faults: {sum(faults.values())} ({_listed(faults)}).{skipped}\n"
        f"Unexpected exits: {_listed(told.fell) or 'none'}.\n"
        f"Paths: {_listed(told.counted)}.\n"
        f"Silence recorded after its effect: {late}.\n"
        f"{_verdict(told)}"
    )


def write(file: Path, told: Outcome) -> None:
    """Put a campaign at the head of those that a report holds."""
    before, beginning, after = file.read_text("utf-8").partition(BEGINNING)
    if not beginning:
        raise ValueError(f"{file} has no place for campaigns")
    rate = told.cases / told.seconds
    title = f"### Seed {told.seed}, {told.cases} cases, {datetime.now(UTC):%Y-%m-%d}"
    section = (
        f"\n{title}\n\n{told.cases} cases in {told.seconds:.0f} s ({rate:.2f} a second).\n\n{printed(told)}\n"
    )
    file.write_text(
        before + beginning + section.replace("\n", "\n\n").replace("\n\n\n\n", "\n\n") + after, "utf-8"
    )


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {times}" for name, times in counts.items())


def _verdict(told: Outcome) -> str:
    if told.whole:
        return "Auditor: nothing is wrong."
    wrong = [*(f"stuck: {each}" for each in told.stuck), *(f"auditor: {each}" for each in told.findings)]
    return "\n".join([f"WRONG, {len(wrong)} sentences:", *(f"* {each}" for each in wrong[:MOST])])
