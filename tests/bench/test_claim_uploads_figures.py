"""What is measured of a file sent through the door: its time, its cost, and what others notice meanwhile."""

from bench.claim_uploads_figures import MIB, Measured, Passage, Stages, build_figures
from bench.figures import Figure
from bench.http import Answer, CallResults
from bench.memory_watch import Peaks, memory_limits

READING = "worker-reading"
LIMIT = memory_limits()[READING]


def filings(*seconds: float, status: int = 201) -> CallResults:
    return CallResults([Answer(status, b"", each) for each in seconds], seconds=1.0)


def a_passage(filed: CallResults | None = None, memory: int = LIMIT // 4, receipt: float = 2.0) -> Passage:
    peaks = Peaks({"doors": 100 * MIB, READING: memory})
    spent = {"doors": 1.0, READING: 4.0}
    return Passage(Stages(6.0, 3.0, receipt), filed or filings(0.01, 0.03), spent, peaks)


def build(*passages: Passage) -> list[Figure]:
    return build_figures(Measured(7 * MIB, 100_000, filings(0.02), passages))


def figures(*passages: Passage) -> dict[str, tuple[float, ...]]:
    return {each.name: each.values for each in build(*passages)}


def missed(*passages: Passage) -> list[str]:
    return [each.name for each in build(*passages) if each.met is False]


def test_time_processor_and_memory_are_those_of_the_passages() -> None:
    found = figures(a_passage(), a_passage(memory=LIMIT // 2, receipt=4.0))
    assert found["From the first byte to the receipt"] == (11.0, 13.0)
    assert found["From the first byte to « read »"] == (6.0, 6.0)
    assert found["From its submission to the answer"] == (3.0, 3.0)
    assert found["From that answer to the receipt"] == (2.0, 4.0)
    assert found["Processor of one claim, all programs"] == (5.0, 5.0)
    assert found["Peak memory of the program that is nearest to its limit"] == (0.25, 0.5)
    assert found["Slowest filings in a hundred while a claim passes"] == (1.5, 1.5)


def test_the_most_that_each_program_used_at_once_is_told() -> None:
    (memory,) = [each for each in build(a_passage(), a_passage(memory=MIB)) if "nearest to its limit" in each.name]
    assert memory.beside == f"doors 100, {READING} {LIMIT // 4 // MIB} MiB"


def test_each_limit_is_missed_by_what_it_forbids() -> None:
    assert missed(a_passage()) == []
    assert missed(a_passage(filings(0.031))) == ["Slowest filings in a hundred while a claim passes"]
    assert missed(a_passage(filings(0.01, status=503))) == ["Filings refused or lost meanwhile"]
    assert missed(a_passage(memory=LIMIT + 1)) == ["Peak memory of the program that is nearest to its limit"]
