"""Pages of a list: the position of each row in its order, and the one after which the next page begins."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, NamedTuple, Self, TypeVar

from pydantic import Field
from sqlalchemy import ColumnElement, Select, literal, text, tuple_

PAGE_SIZE = 50
"""Rows of a page."""
Cursor = Annotated[
    str,
    Field(
        pattern=r"^[or]\.([0-9]{1,16})?\.[0-9A-Za-z-]{9,36}$",
        description="Valeur de `next` de la page précédente.",
    ),
]
"""A position as text: over or running, microseconds of the deadline if it has one, key of the row."""
EPOCH: Final = datetime.fromtimestamp(0, UTC)
NEVER: Final = text("'infinity'::timestamptz")
Rows = TypeVar("Rows", bound=Select[tuple[object, ...]])


class Position(NamedTuple):
    """Position of a row: running cases before ended ones, the nearest deadline first, stopped clocks last."""

    over: bool
    at: datetime | None
    """Deadline; None while the clock is stopped."""
    key: str

    @property
    def cursor(self) -> str:
        """The position as text. It remains valid when the row moves afterwards."""
        since = (self.at - EPOCH) // timedelta(microseconds=1) if self.at else ""
        return f"{'o' if self.over else 'r'}.{since}.{self.key}"

    @classmethod
    def of(cls, cursor: str) -> Self:
        """Read a cursor that has the form of one."""
        state, since, key = cursor.split(".")
        return cls(state == "o", EPOCH + timedelta(microseconds=int(since)) if since else None, key)


class Order(NamedTuple):
    """The columns that make the position of a row."""

    over: ColumnElement[bool]
    at: ColumnElement[datetime]
    """`infinity` while the clock is stopped."""
    key: ColumnElement[str]

    def page(self, query: Rows, after: str | None) -> Rows:
        """Return the next page of a query, after a cursor."""
        if after:
            position = Position.of(after)
            at = literal(position.at) if position.at else NEVER
            last = tuple_(literal(position.over), at, literal(position.key))
            query = query.where(tuple_(*self) > last)
        return query.order_by(*self).limit(PAGE_SIZE)
