"""Requests state that other employees are meant than in those for the same days; filings raise signals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0012"
down_revision = "0011"

IN_FORCE = "state IN ('registered', 'signed', 'notified')"


def upgrade() -> None:
    for table in ("request", "decision"):
        op.add_column(table, sa.Column("other_employees", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("request", sa.Column("filing_signals", pg.JSONB(), server_default="[]", nullable=False))
    op.drop_constraint("decision_overlap", "decision")
    op.execute(
        "ALTER TABLE decision ADD CONSTRAINT decision_overlap EXCLUDE USING gist"
        " (siret WITH =, ground WITH =, daterange(start_on, end_on, '[]') WITH &&)"
        f" WHERE (outcome = 'grant' AND NOT other_employees AND {IN_FORCE})"
    )
