"""Files of claims through the door: 100,000 lines sent, read, staged, admitted, acknowledged, while others file."""

import asyncio
import threading
import time
from typing import Final

from bench import claim_acts, claim_acts_figures, claim_uploads_figures
from bench.claim_journey import Claimant, Setup, authorize, claim, open_setup
from bench.claim_uploads_figures import Measured, Passage, Stages
from bench.day import filing_call
from bench.figures import Figure
from bench.fixtures import Scale
from bench.http import CallResults, call_at_rate, connections
from bench.memory_watch import watch_memory
from bench.meters import Meter

TITLE = "Files of claims through the door"
HOW = (
    "One CSV of 100,000 lines (20,000 people), sent to one process of the doors by an employer whose authorization "
    "stands; the relay starts its process, the worker of `reading` has the program `examining` read it, checks every "
    "line, seals who the people are and stages them. The employer then submits the claim, which is admitted whole and "
    "gets its receipt, sealed at level B-T. From the first byte sent to the receipt, as the employer sees it. Workers "
    "are apart and weigh what they weigh in Compose. Others file meanwhile, at a fixed rate; the same rate with no "
    "file comes first. Acts that go through all people of a claim once it is agreed are measured alone, at the end. "
    "PostgreSQL is durable."
)
LINES: Final = 100_000
FILINGS_PER_SECOND: Final = 10
IN_FLIGHT: Final = 16


def run(scale: Scale) -> list[Figure]:
    """File alone, then have one file a round read and its claim acknowledged while others file."""
    lines, rate = scale(LINES, 500), scale(FILINGS_PER_SECOND, 2)
    with open_setup(lines, scale(2_000, 100)) as setup:
        claim(setup, authorize(setup))
        quiet = _file_for(setup, rate, scale(20, 1))
        passages = [_pass(setup, rate, authorize(setup)) for _ in range(scale(3, 1))]
        measured = Measured(len(setup.content), lines, quiet, passages)
        of_acts = claim_acts_figures.build_figures(claim_acts.measure(setup), setup.people)
    return [*claim_uploads_figures.build_figures(measured), *of_acts]


def _pass(setup: Setup, rate: int, by: Claimant) -> Passage:
    """Claim by the file while others file, watching what each program uses."""
    stages, done = list[Stages](), threading.Event()

    def go() -> None:
        try:
            stages.append(claim(setup, by))
        finally:
            done.set()

    meters = {name: Meter(pid) for name, pid in setup.programs.items()}
    with watch_memory(setup.programs) as peaks:
        began = time.perf_counter()
        claimant = threading.Thread(target=go, name="claimant")
        claimant.start()
        filed = _file_until(setup, rate, done)
        claimant.join()
        lasted = time.perf_counter() - began
    spent = {name: meter.spent(lasted) for name, meter in meters.items()}
    return Passage(stages[0], filed, spent, peaks)


def _file_for(setup: Setup, rate: int, seconds: int) -> CallResults:
    calls = [filing_call(next(setup.newcomers)) for _ in range(seconds * rate)]

    async def paced() -> CallResults:
        async with connections(setup.running.http_port, IN_FLIGHT) as opened:
            return await call_at_rate(opened, calls, rate)

    return asyncio.run(paced())


def _file_until(setup: Setup, rate: int, done: threading.Event) -> CallResults:
    """File at the rate, a second at a time, until it is done."""
    whole = CallResults()
    while not done.is_set():
        part = _file_for(setup, rate, 1)
        whole.answers += part.answers
        whole.seconds += part.seconds
    return whole
