"""Alembic's way in: the connection is given by `models.store.migrate`, never read from a file."""

from alembic import context

from models.store.schema import (
    account_security,
    accounts,
    agents,
    authority,
    cases,
    digests,
    enrolments,
    journal,
    sign_in,
)
from models.store.schema.base import metadata

KNOWN = (cases, journal, sign_in, enrolments, accounts, agents, authority, digests, account_security)
"""Importing them is what makes their tables known to `metadata`."""

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
