"""Pages of a list: the position of each row in its order, and the one after which the next page begins."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, NamedTuple, Self, TypeVar

from pydantic import Field
from sqlalchemy import ColumnElement, Select, literal, text, tuple_

PAGE_SIZE = 50
"""Rows of a page, unless its reader wants another number."""
MAX_PAGE_SIZE = 200
Limit = Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE, description="Lignes d’une page.")]
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

    over: ColumnElement[bool] | None
    """None when running and ended cases are not told apart."""
    at: ColumnElement[datetime]
    """`infinity` while the clock is stopped."""
    key: ColumnElement[str]
    descending: bool = False
    """Only without `over`."""

    def page(self, query: Rows, after: str | None, limit: int = PAGE_SIZE) -> Rows:
        """Return the next page of a query, after a cursor."""
        if after:
            query = query.where(self._follows(Position.of(after)))
        if self.descending:
            query = query.order_by(self.at.desc(), self.key.desc())
        elif self.over is None:
            query = query.order_by(self.at, self.key)
        else:
            query = query.order_by(self.over, self.at, self.key)
        return query.limit(limit)

    def _follows(self, last: Position) -> ColumnElement[bool]:
        at, key = literal(last.at) if last.at else NEVER, literal(last.key)
        if self.over is not None:
            return tuple_(self.over, self.at, self.key) > tuple_(literal(last.over), at, key)
        here, there = tuple_(self.at, self.key), tuple_(at, key)
        return here < there if self.descending else here > there
