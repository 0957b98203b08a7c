"""What a claim states of the establishment, and of weeks with terms of their own: amounts are explained by them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"

SQL = Path(__file__).parent.parent / "sql"
SECTORS = ("general", "protected", "protected_loss", "closed", "ski", "vulnerable", "childcare", "chido")


def upgrade() -> None:
    op.add_column("claim", sa.Column("structural", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("claim", sa.Column("sector", sa.Text(), server_default="general", nullable=False))
    op.add_column("claim", sa.Column("reference_months", sa.SmallInteger()))
    op.drop_constraint(op.f("claim_numbers_check"), "claim")
    op.create_check_constraint(
        op.f("claim_numbers_check"), "claim", "part >= 1 AND version >= 1 AND reference_months >= 1"
    )
    listed = ", ".join(f"'{sector}'" for sector in SECTORS)
    op.create_check_constraint(op.f("claim_sector_check"), "claim", f"sector IN ({listed})")
    # No line was staged before: no program sent any.
    for column in ("category", "mode", "contract_hours"):
        op.alter_column("claim_person", column, nullable=False)
    op.add_column("claim_week", sa.Column("terms", postgresql.JSONB()))
    op.execute((SQL / "0038_facts.sql").read_text("utf-8"))
