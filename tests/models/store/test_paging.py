"""A cursor is the position of a row as text: it is read back exactly, and has one form."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from models.store.paging import Cursor, Position

AT = datetime(2026, 12, 8, 0, 0, 0, 123456, UTC)
POSITIONS = [
    Position(False, AT, "034AQHV02"),
    Position(True, AT, "034AQHV02"),
    Position(False, None, "0196d0a0-0000-7000-8000-000000000000"),
]


@pytest.mark.parametrize("position", POSITIONS)
def test_a_cursor_is_read_back_to_the_microsecond(position: Position) -> None:
    cursor: str = TypeAdapter(Cursor).validate_python(position.cursor)
    assert Position.of(cursor) == position


@pytest.mark.parametrize("wrong", ["", "x..034AQHV02", "r.1", "r.-1.034AQHV02", "r.1.034AQHV02'--", "r.1.A"])
def test_what_has_not_the_form_of_a_cursor_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Cursor).validate_python(wrong)
