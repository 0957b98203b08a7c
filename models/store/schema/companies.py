"""Tables of the register of establishments: what it answered, and how often it may be asked."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from models.store.schema.base import instant, metadata, one_of

company = sa.Table(
    "company",
    metadata,
    sa.Column("siret", sa.String(14), primary_key=True),
    instant("claimed_at"),
    sa.Column("outcome", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("listed", pg.JSONB(none_as_null=True)),
    instant("asked_at"),
    one_of("outcome", "listed", "unknown", "undisclosed"),
    one_of("source", "sirene", "search"),
    sa.CheckConstraint("(outcome IS NULL) = (asked_at IS NULL)", name="answered"),
    sa.CheckConstraint("(outcome = 'listed') = (listed IS NOT NULL)", name="listed"),
)
"""The last answer about an establishment; `claimed_at`: when a process began to ask. `listed` is the record read from
it (`models.establishments`), never the document itself."""
sa.Index("company_asked_at", company.c.asked_at)

company_slot = sa.Table(
    "company_slot",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("number", sa.SmallInteger, primary_key=True),
    instant("used_at", now=True),
    one_of("source", "sirene", "search"),
)
"""One row for each call that a source allows within its period; a call uses the row that has rested longest."""

company_answer = sa.Table(
    "company_answer",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("outcome", sa.Text, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False, server_default="0"),
)
"""How many answers of each kind a source gave, for measures."""
