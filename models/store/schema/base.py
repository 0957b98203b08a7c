"""What the tables of the register share: one metadata, names of constraints, usual columns."""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

Instant = sa.DateTime(timezone=True)
NEW_ID = sa.text("uuidv7()")
NOW = sa.text("clock_timestamp()")
NO_OFFSET = sa.text("interval '0'")


def new_id() -> sa.Column[str]:
    """A key made by the database: UUIDv7, in the order of creation."""
    return sa.Column("id", sa.Uuid(as_uuid=False), primary_key=True, server_default=NEW_ID)


def of_case(**options: object) -> sa.Column[str]:
    """The case that a row belongs to."""
    return sa.Column("reference", sa.String(9), sa.ForeignKey("request.reference"), nullable=False, **options)  # type: ignore[arg-type]


def instant(name: str, *, now: bool = False) -> sa.Column[object]:
    """An instant, null until it happens; or that of the insertion."""
    return sa.Column(name, Instant, nullable=not now, server_default=NOW if now else None)


def one_of(column: str, *values: str, name: str | None = None) -> sa.CheckConstraint:
    """A column takes one of these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=name or column)
