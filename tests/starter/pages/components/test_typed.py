"""What people type, in the form of the API; what is not understood stays as it was typed, for the API to refuse."""

import pytest

from starter.pages.components import typed


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-12-01", "2026-12-01"),
        ("1/12/2026", "2026-12-01"),
        ("01.12.2026", "2026-12-01"),
        ("1 12 2026", "2026-12-01"),
        ("demain", "demain"),
        ("1/12/26", "1/12/26"),
        (None, None),
    ],
)
def test_a_day_may_be_typed_as_french_people_write_it(text: str | None, read: str | None) -> None:
    assert typed.day(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("42", 42),
        ("1\u202f200", 1200),
        (" 7 ", 7),
        ("-3", "-3"),
        ("4,5", "4,5"),
        ("9" * 5000, "9" * 5000),
        (None, None),
    ],
)
def test_a_whole_number_may_have_spaces(text: str | None, read: int | str | None) -> None:
    assert typed.whole(text) == read


@pytest.mark.parametrize(
    ("text", "read"), [("1 200,5", "1200.5"), ("35.5", "35.5"), ("12\u00a0000", "12000"), ("dix", "dix"), (None, None)]
)
def test_a_decimal_number_may_have_a_comma(text: str | None, read: str | None) -> None:
    assert typed.decimal(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("7h30", "7.50"),
        ("7 h 20", "7.33"),
        ("7:30", "7.50"),
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        ("7h60", "7h60"),
        ("x", "x"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, read: str) -> None:
    assert typed.hours(text) == read
