"""Tokens for the tools of agents: what each may do, and who allowed an agent to make them."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.drop_constraint(op.f("token_scope_check"), "token")
    op.create_check_constraint(
        op.f("token_scope_check"), "token", "scope IN ('read', 'write', 'instruct', 'decide')"
    )
    op.create_table(
        "tool_access",
        sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.text("uuidv7()")),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("allowed_by", sa.Uuid(), nullable=False),
        sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("clock_timestamp()")),
        sa.Column("revoked_by", sa.Uuid()),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("tool_access_account_id_fkey")),
        sa.ForeignKeyConstraint(["allowed_by"], ["account.id"], name=op.f("tool_access_allowed_by_fkey")),
        sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("tool_access_revoked_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("tool_access_pkey")),
    )
    op.create_index(
        "tool_access_in_force",
        "tool_access",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
