"""What is measured of a file sent through the door: its time, its cost, and what others notice meanwhile."""

from bench.claim_uploads_figures import MIB, Measured, Reading, build_figures
from bench.http import Answer, CallResults


def filings(*seconds: float, status: int = 201) -> CallResults:
    return CallResults([Answer(status, b"", each) for each in seconds], seconds=1.0)


def a_reading(filed: CallResults | None = None, memory: int = 200 * MIB) -> Reading:
    return Reading(6.0, filed or filings(0.01, 0.03), {"doors": 1.0, "worker-cases": 4.0}, {"doors": 5, "db": memory})


def figures(*readings: Reading) -> dict[str, tuple[float, ...]]:
    return {each.name: each.values for each in build_figures(Measured(7 * MIB, 100_000, filings(0.02), readings))}


def missed(*readings: Reading) -> list[str]:
    measured = Measured(7 * MIB, 100_000, filings(0.02), readings)
    return [each.name for each in build_figures(measured) if each.met is False]


def test_time_processor_and_memory_are_those_of_the_readings() -> None:
    found = figures(a_reading(), a_reading(memory=300 * MIB))
    assert found["From the first byte to « read »"] == (6.0, 6.0)
    assert found["Processor of one file, all programs"] == (5.0, 5.0)
    assert found["Peak memory of the costliest program"] == (300.0,)
    assert found["Slowest filings in a hundred while a file is read"] == (1.5, 1.5)


def test_each_limit_is_missed_by_what_it_forbids() -> None:
    assert missed(a_reading()) == []
    assert missed(a_reading(filings(0.031))) == ["Slowest filings in a hundred while a file is read"]
    assert missed(a_reading(filings(0.01, status=503))) == ["Filings refused or lost meanwhile"]
    assert missed(a_reading(memory=1_025 * MIB)) == ["Peak memory of the costliest program"]
