"""Events carry digests of what they make true; anchors are numbered and copied; verdicts of the audit."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    before, marked, after = (SQL / "0008_evidence.sql").read_text("utf-8").partition("-- What one event’s digest")
    op.execute(before)
    op.add_column("event", sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    for table in ("nominal", "deposit"):
        salt = sa.Column("salt", sa.LargeBinary(), server_default=sa.text("new_salt()"), nullable=False)
        op.add_column(table, salt)
    op.add_column("nominal", sa.Column("iban_mark", sa.LargeBinary(), nullable=True))
    op.drop_index("nominal_iban", "nominal")
    op.create_index("nominal_iban_mark", "nominal", ["iban_mark"])
    op.create_index("nominal_iban", "nominal", ["iban"], postgresql_where=sa.text("iban_mark IS NULL"))
    _number_anchors()
    op.create_table(
        "anchor_copy",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "copied_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("anchor_copy_pkey")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("anchors", sa.Integer(), nullable=False),
        sa.Column("broken", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_pkey")),
    )
    op.execute(marked + after)


def _number_anchors() -> None:
    op.add_column("anchor", sa.Column("number", sa.Integer(), nullable=True))
    op.execute("ALTER TABLE anchor DISABLE TRIGGER anchor_append_only")
    op.execute(
        "UPDATE anchor SET number = n.number"
        " FROM (SELECT upto, row_number() OVER (ORDER BY upto) AS number FROM anchor) n WHERE n.upto = anchor.upto"
    )
    op.execute("ALTER TABLE anchor ENABLE TRIGGER anchor_append_only")
    op.alter_column("anchor", "number", nullable=False)
    op.create_unique_constraint(op.f("anchor_number_key"), "anchor", ["number"])
