"""Brings the register's schema to the version of this code (Alembic)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from models.store.database import Database

LOCK = 5122_26
"""Advisory lock: of several parts that start at once, one migrates and the others wait."""


def migrate(dsn: str) -> None:
    """Apply every missing migration in one transaction; safe to run again and by several at once."""
    with Database(dsn, size=1) as database, database.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(configuration(connection), "head")


def is_current(connection: Connection) -> bool:
    """Whether no migration is missing."""
    head = ScriptDirectory.from_config(configuration(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def configuration(connection: Connection) -> Config:
    """Alembic's configuration on this connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
