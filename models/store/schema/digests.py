"""Table of the accounts that asked for one mail a day with what waits for them."""

import sqlalchemy as sa

from models.store.schema.base import instant, metadata
from models.store.schema.sign_in import of_account

digest = sa.Table(
    "digest",
    metadata,
    of_account(primary_key=True),
    instant("asked_at", now=True),
    sa.Column("last_on", sa.Date, nullable=False),
)
"""`last_on` is the last day, in Paris, that was looked at, whether a mail was due or not."""
