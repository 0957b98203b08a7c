"""A mail that its mailbox refuses is tried again for a bounded time, then given up alone."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("notice", sa.Column("refused_at", sa.DateTime(timezone=True)))
    op.add_column("notice", sa.Column("given_up", sa.Text()))
