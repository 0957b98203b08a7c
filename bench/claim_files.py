"""Files of a claim: `tacite claims check`, beside a plain read-and-split of the same file."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import psutil

from bench import claim_files_figures
from bench.claim_files_figures import Checked, Measured
from bench.figures import Figure
from bench.fixtures import Scale
from bench.memory_watch import used
from local.payroll_files import as_csv, as_xlsx
from local.payrolls import long_table, payroll, wide_table
from models.claim_files.claim import weeks_of_month

TITLE = "Claim files"
HOW = (
    "`tacite claims check FILE --month 2021-03 --json`, as a person runs it: the command, the program that reads the "
    "file in a confined process, every check of every line, hours and allowance to the cent. One claim of 100,000 "
    "lines (20,000 people, five weeks) in two layouts, two separators, four encodings, and as XLSX. By turns with a "
    "plain read-and-split of the same file (`csv.reader`; python-calamine for the workbook) in a Python of its own; "
    "programs start within the time of both. Memory is that of all processes together, in a run of its own."
)
LINES = 100_000
MONTH = date(2021, 3, 1)
ROOT = Path(__file__).parent.parent
SAMPLE_SECONDS = 0.02
PLAIN_CSV = (
    "import csv, sys\n"
    "with open(sys.argv[1], encoding=sys.argv[2], newline='') as file:\n"
    "    print(sum(len(row) for row in csv.reader(file, delimiter=sys.argv[3])))\n"
)
PLAIN_XLSX = (
    "import sys, python_calamine\n"
    "workbook = python_calamine.CalamineWorkbook.from_path(sys.argv[1])\n"
    "print(sum(len(row) for row in workbook.get_sheet_by_index(0).iter_rows()))\n"
)


@dataclass(frozen=True)
class Sample:
    """A file on the disk, and the plain program that reads and splits it."""

    name: str
    path: Path
    plain: Sequence[str]


class Run(NamedTuple):
    """One run of the command: what it said, how long it took, and the bytes it used at most if it was watched."""

    result: Checked
    seconds: float
    peak: int


def run(scale: Scale) -> list[Figure]:
    """Check each file by turns with its plain reading, then once more to watch its memory."""
    rounds = scale(3, 0)
    with tempfile.TemporaryDirectory(prefix="tacite-bench-") as folder:
        samples = _samples(Path(folder), scale(LINES, 500) // len(weeks_of_month(MONTH)))
        return claim_files_figures.build_figures([_measure(each, rounds) for each in samples])


def _samples(folder: Path, people: int) -> list[Sample]:
    lines = list(payroll(people, MONTH))
    long, wide = long_table(lines), wide_table(lines)
    samples = [
        _csv(folder, name, as_csv(table, separator), separator, encoding)
        for name, table, separator, encoding in (
            ("long, `;`, UTF-8", long, ";", "utf-8"),
            ("long, `;`, UTF-8 with its mark", long, ";", "utf-8-sig"),
            ("long, `;`, Windows-1252", long, ";", "cp1252"),
            ("long, `,`, UTF-16", long, ",", "utf-16"),
            ("wide, `;`, UTF-8", wide, ";", "utf-8"),
            ("wide, `,`, Windows-1252", wide, ",", "cp1252"),
        )
    ]
    workbook = folder / "claim.xlsx"
    workbook.write_bytes(as_xlsx(long))
    return [*samples, Sample("long, XLSX", workbook, ("-c", PLAIN_XLSX, str(workbook)))]


def _csv(folder: Path, name: str, text: str, separator: str, encoding: str) -> Sample:
    path = folder / f"{'wide' if name.startswith('wide') else 'long'}-{encoding}-{ord(separator)}.csv"
    path.write_bytes(text.encode(encoding))
    return Sample(name, path, ("-c", PLAIN_CSV, str(path), encoding, separator))


def _measure(sample: Sample, rounds: int) -> Measured:
    """Time some rounds, then watch the memory of one more; without rounds, time that one."""
    checked, plain = list[float](), list[float]()
    for number in range(rounds or 1):
        began = time.monotonic()
        subprocess.run([sys.executable, *sample.plain], check=True, stdout=subprocess.DEVNULL)
        plain.append(time.monotonic() - began)
        if number < rounds:
            checked.append(_check(sample.path).seconds)
    watched = _check(sample.path, watched=True)
    return Measured(sample.name, watched.result, tuple(checked or (watched.seconds,)), tuple(plain), watched.peak)


def _command(path: Path) -> list[str]:
    return [sys.executable, "tacite.py", "claims", "check", str(path), "--month", f"{MONTH:%Y-%m}", "--json"]


def _check(path: Path, *, watched: bool = False) -> Run:
    """Run the command; if it is watched, note the most bytes that it and the programs it starts used at once."""
    began, peak = time.monotonic(), 0
    with tempfile.TemporaryFile() as out, subprocess.Popen(_command(path), cwd=ROOT, stdout=out) as process:
        head = psutil.Process(process.pid)
        while watched and process.poll() is None:
            peak = max(peak, used([each.pid for each in (head, *head.children(recursive=True))]))
            time.sleep(SAMPLE_SECONDS)
        process.wait()
        seconds = time.monotonic() - began
        out.seek(0)
        found = json.load(out)
    wrong = found["error_count"] + found["warning_count"]
    result = Checked(found["people"], found["hours"], found["allowance"], found["indemnity"], wrong, found["lines"])
    return Run(result, seconds, peak)
