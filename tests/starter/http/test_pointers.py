"""A pointer names what our schemas have, and stops before a name that a caller made up."""

import pytest

import starter.app  # noqa: F401 loads every message
from starter.http.pointers import pointer


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (("period", "start_on"), "/period/start_on"),
        (("works_council", "delegates", "file"), "/works_council/delegates/file"),
        (("commitments", 19, "until_on"), "/commitments/19/until_on"),
        (("FR1420041010050500013M02606", "start_on"), ""),
        (("period", "M. Dupont", "start_on"), "/period"),
        (("commitments", 1_234_567), "/commitments"),
        (("period", "start_on\0"), "/period"),
    ],
)
def test_a_pointer_stops_before_a_name_that_is_not_ours(steps: tuple[str | int, ...], expected: str) -> None:
    assert pointer(steps) == expected
