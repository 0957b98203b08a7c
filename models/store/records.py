"""A row of the register as a typed, frozen record: what every record shares."""

from collections.abc import Mapping
from typing import Self

from pydantic import ConfigDict
from sqlalchemy import Connection, Executable, RowMapping

from models.identifiers import Message


class Record(Message):
    """A row: built from the columns that the record names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Build the record from a row that has at least its columns."""
        return cls.model_validate({name: row[name] for name in cls.model_fields})

    @classmethod
    def first(cls, connection: Connection, query: Executable, named: Mapping[str, object] | None = None) -> Self | None:
        """Return the first row of a query, or None."""
        row = connection.execute(query, named).mappings().first()
        return cls.of(row) if row else None

    @classmethod
    def all(cls, connection: Connection, query: Executable, named: Mapping[str, object] | None = None) -> list[Self]:
        """Return every row of a query."""
        return [cls.of(row) for row in connection.execute(query, named).mappings()]
