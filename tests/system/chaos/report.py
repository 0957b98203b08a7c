"""Output of a campaign: the printed summary, and its section in the report, under the marker line."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.system.chaos.campaign import CampaignResult

CAMPAIGNS_MARKER: Final = "<!-- campaigns, the last one first: written by make chaos -->\n"
MAX_FINDINGS: Final = 20
"""Maximum of findings quoted in a report."""


def summary(result: CampaignResult) -> str:
    """Return the summary of a campaign."""
    faults = dict(result.faults.most_common())
    skipped = "".join(f"\nNot here: {kind}: {why}." for kind, why in result.missing.items())
    late = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in result.lateness.items())
    return (
        f"Faults: {sum(faults.values())} ({_listed(faults)}).{skipped}\n"
        f"Unexpected exits: {_listed(result.unexpected_exits) or 'none'}.\n"
        f"Paths: {_listed(result.counted)}.\n"
        f"Silence recorded after its effect: {late}.\n"
        f"{_verdict(result)}"
    )


def write(file: Path, result: CampaignResult) -> None:
    """Insert a campaign before the earlier ones in a report."""
    before, beginning, after = file.read_text("utf-8").partition(CAMPAIGNS_MARKER)
    if not beginning:
        raise ValueError(f"{file} has no place for campaigns")
    rate = result.cases / result.seconds
    title = f"### Seed {result.seed}, {result.cases} cases, {datetime.now(UTC):%Y-%m-%d}"
    length = f"{result.cases} cases in {result.seconds:.0f} s ({rate:.2f} a second)."
    section = f"\n{title}\n\n{length}\n\n{summary(result)}\n"
    file.write_text(before + beginning + section.replace("\n", "\n\n").replace("\n\n\n\n", "\n\n") + after, "utf-8")


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {times}" for name, times in counts.items())


def _verdict(result: CampaignResult) -> str:
    if result.passed:
        return "Auditor: nothing is wrong."
    wrong = [*(f"stuck: {each}" for each in result.stuck), *(f"auditor: {each}" for each in result.findings)]
    return "\n".join([f"WRONG, {len(wrong)} sentences:", *(f"* {each}" for each in wrong[:MAX_FINDINGS])])
