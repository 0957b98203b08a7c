"""A signal of a case is open until a signatory decides with it before their eyes: no instruction agrees meanwhile.

Of cases decided before, nobody knows what was seen: their signals are open.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.add_column("request", sa.Column("seen_signals", pg.JSONB(), server_default="[]", nullable=False))
