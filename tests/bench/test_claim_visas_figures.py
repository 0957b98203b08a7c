"""What is measured of a batch of visas: its time and cost beside plain signatures, and that each signs once."""

from bench.claim_visas_figures import Measured, build_figures

MEASURED = Measured(
    visas=500,
    first={"agreed": 500},
    again={"already": 500},
    seconds=40.0,
    processor={"worker-signing": 15.0, "worker-cases": 20.0, "engine": 25.0},
    signatures=500,
    once=500,
    plain_seconds=20.0,
    plain_processor=10.0,
)


def missed(measured: Measured) -> list[str]:
    return [each.name for each in build_figures(measured) if each.met is False]


def test_time_and_processor_are_those_of_one_signature_and_beside_a_plain_one() -> None:
    found = {each.name: each.value for each in build_figures(MEASURED)}
    assert found["From the call to the last claim signed"] == 40.0
    assert found["The same, beside as many plain signatures one after the other"] == 2.0
    assert found["Processor of one signature, all programs"] == 120.0
    assert found["Processor of the signing worker for one signature"] == 1.5


def test_a_signature_that_is_missing_or_doubled_misses_its_limit() -> None:
    assert missed(MEASURED) == []
    for wrong in (MEASURED._replace(once=499), MEASURED._replace(signatures=501)):
        assert missed(wrong) == ["Claims not signed exactly once"]


def test_a_visa_that_is_not_given_or_given_twice_misses_its_limit() -> None:
    late = MEASURED._replace(first={"agreed": 499, "not-under-review": 1})
    doubled = MEASURED._replace(again={"already": 499, "agreed": 1})
    for wrong in (late, doubled):
        assert missed(wrong) == ["Visas not given at once, or given again by the second call"]
