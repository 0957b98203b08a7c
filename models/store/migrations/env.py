"""Alembic's way in: the connection is given by `models.store.migrate`, never read from a file."""

from alembic import context

from models.store import enrolling, entry, powers, rights, tables, traces
from models.store.columns import metadata

KNOWN = (tables, traces, entry, enrolling, rights, powers)
"""Importing them is what makes their tables known to `metadata`."""

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
