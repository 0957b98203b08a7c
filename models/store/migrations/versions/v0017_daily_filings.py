"""Filings of a day are counted by party: of several who enrolled an establishment none uses up another's."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "daily_filings",
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("party", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("filings", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("daily_filings_siret_fkey")),
        sa.PrimaryKeyConstraint("siret", "party", name=op.f("daily_filings_pkey")),
    )
    op.drop_column("establishment", "filed_on")  # no release has counted there
    op.drop_column("establishment", "filings")
