"""Tables of what a day's quotas count, and of refusals counted before they are logged."""

import sqlalchemy as sa

from models.store.schema.base import instant, metadata
from models.store.schema.sign_in import of_account

daily_use = sa.Table(
    "daily_use",
    metadata,
    of_account(primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("used_on", sa.Date, nullable=False),
    sa.Column("used", sa.BigInteger, nullable=False),
)
"""How much of a quota an account used on its last day of use, a day in Paris."""

daily_filings = sa.Table(
    "daily_filings",
    metadata,
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), primary_key=True),
    sa.Column("party", sa.Uuid(as_uuid=False), primary_key=True),
    sa.Column("filed_on", sa.Date, nullable=False),
    sa.Column("filings", sa.SmallInteger, nullable=False),
)
"""How many requests a party filed for an establishment on its last day of filing, a day in Paris. `party` is the
account of an agent who registered requests on paper."""

refusal = sa.Table(
    "refusal",
    metadata,
    of_account(primary_key=True),
    sa.Column("verb", sa.Text, primary_key=True),
    instant("since", now=True),
    sa.Column("unlogged", sa.Integer, nullable=False, server_default="0"),
    sa.Column("status", sa.Text, nullable=False),
)
"""Refusals of a verb to an account since one was logged; `status` is that of the last."""
