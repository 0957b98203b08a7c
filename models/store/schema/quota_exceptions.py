"""Table of the joint decisions that raise a quota of hours (R. 5122-6, R. 5122-7)."""

import sqlalchemy as sa

from law.quota import Authority
from models.store.schema.base import instant, metadata, new_id, one_of
from models.store.schema.claims import HOURS

quota_exception = sa.Table(
    "quota_exception",
    metadata,
    new_id(),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), nullable=False),
    sa.Column("reference", sa.String(9), sa.ForeignKey("request.reference")),
    sa.Column("year", sa.SmallInteger, nullable=False),
    sa.Column("hours", HOURS, nullable=False),
    sa.Column("authority", sa.Text, nullable=False),
    sa.Column("decided_on", sa.Date, nullable=False),
    sa.Column("file_id", sa.Uuid(as_uuid=False), sa.ForeignKey("file.id"), nullable=False),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("delegation_id", sa.Uuid(as_uuid=False), sa.ForeignKey("delegation.id"), nullable=False),
    instant("given_at", now=True),
    instant("ended_at"),
    sa.Column("ended_by", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    sa.Column("ended_under", sa.Uuid(as_uuid=False), sa.ForeignKey("delegation.id")),
    sa.Column("end_reason", sa.Text),
    sa.CheckConstraint("hours > 0", name="hours"),
    sa.CheckConstraint("num_nulls(ended_at, ended_by, ended_under, end_reason) IN (0, 4)", name="end"),
    one_of("authority", *Authority),
)
sa.Index("quota_exception_of_year", quota_exception.c.siret, quota_exception.c.year)
sa.Index("quota_exception_file", quota_exception.c.file_id)
"""A joint decision that raises a quota of a calendar year, for all hours of an establishment or those of one case.
`ended_under` is the delegation of whoever ended it."""
