"""The département that a party states for its establishment counts for that party alone, until it is confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("party", sa.Column("department", sa.String(3)))
    op.create_table(
        "stated_place",
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("department", sa.String(3), nullable=False),
        sa.Column("letters", sa.String(4), nullable=False),
        sa.Column("requests", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.CheckConstraint("letters ~ '^[A-Z]{4}$'", name=op.f("stated_place_letters_check")),
        sa.CheckConstraint("requests BETWEEN 0 AND 99", name=op.f("stated_place_requests_check")),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("stated_place_siret_fkey")),
        sa.PrimaryKeyConstraint("siret", "department", name=op.f("stated_place_pkey")),
    )
