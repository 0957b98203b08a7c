"""What the register holds of amendments beside their rows of `request`."""

import sqlalchemy as sa

from models.store.schema.cases import request

sa.Index(
    "request_amendment_pending",
    request.c.amends,
    unique=True,
    postgresql_where=sa.text("amends IS NOT NULL AND outcome IS NULL"),
)
"""One amendment of an authorization is under review at a time; an outcome only ever leaves this index."""
