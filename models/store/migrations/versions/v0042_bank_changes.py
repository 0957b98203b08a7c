"""Changes of bank account under an authorization: asked for, decided, and stated by the events of its case."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.create_table(
        "bank_change",
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("iban_mark", sa.LargeBinary(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("decision_id", sa.Text()),
        sa.Column("agent_id", sa.Uuid(as_uuid=False)),
        sa.Column("delegation_id", sa.Uuid(as_uuid=False)),
        sa.Column("outcome", sa.Text()),
        sa.Column("grounds", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("body_digest", sa.LargeBinary()),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("effective_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('received', 'decided', 'changed', 'refused')", name=op.f("bank_change_state_check")
        ),
        sa.CheckConstraint("outcome IN ('grant', 'refusal')", name=op.f("bank_change_outcome_check")),
        sa.CheckConstraint("number LIKE reference || '__'", name=op.f("bank_change_number_check")),
        sa.CheckConstraint(
            "(state = 'received') = (outcome IS NULL) AND num_nulls(decision_id, agent_id, delegation_id, outcome,"
            " body_digest, decided_at) IN (0, 6)",
            name=op.f("bank_change_decided_check"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("bank_change_account_id_fkey")),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("bank_change_agent_id_fkey")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("bank_change_delegation_id_fkey")),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("bank_change_reference_fkey")),
        sa.PrimaryKeyConstraint("number", name=op.f("bank_change_pkey")),
        sa.UniqueConstraint("decision_id", name=op.f("bank_change_decision_id_key")),
    )
    op.create_index("bank_change_of_case", "bank_change", ["reference"])
    op.create_index(
        "bank_change_pending",
        "bank_change",
        ["reference"],
        unique=True,
        postgresql_where=sa.text("state IN ('received', 'decided')"),
    )
    op.execute((SQL / "0042_facts.sql").read_text("utf-8"))
