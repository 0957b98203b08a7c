"""Joint decisions that raise a quota of hours, and delegations to record them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0044"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute("ALTER TABLE delegation DROP CONSTRAINT delegation_outcomes_check")
    op.create_check_constraint(
        op.f("delegation_outcomes_check"),
        "delegation",
        "outcomes <@ ARRAY['grant', 'refusal', 'claim', 'claim_refusal', 'quota_exception'] AND outcomes <> '{}'",
    )
    uuid = sa.Uuid(as_uuid=False)
    op.create_table(
        "quota_exception",
        sa.Column("id", uuid, server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("reference", sa.String(9)),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("hours", sa.Numeric(12, 2), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("file_id", uuid, nullable=False),
        sa.Column("account_id", uuid, nullable=False),
        sa.Column("delegation_id", uuid, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("hours > 0", name=op.f("quota_exception_hours_check")),
        sa.CheckConstraint("authority IN ('ministers', 'prefect')", name=op.f("quota_exception_authority_check")),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("quota_exception_siret_fkey")),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("quota_exception_reference_fkey")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("quota_exception_file_id_fkey")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("quota_exception_account_id_fkey")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("quota_exception_delegation_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("quota_exception_pkey")),
    )
    op.create_index("quota_exception_of_year", "quota_exception", ["siret", "year"])
    op.create_index("quota_exception_file", "quota_exception", ["file_id"])
    op.execute((SQL / "0047_facts.sql").read_text("utf-8"))
