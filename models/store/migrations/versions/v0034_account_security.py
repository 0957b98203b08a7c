"""Recovery codes, addresses to be confirmed, browsers from which accounts are entered."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _of_account("account_id"),
        _now("created_at"),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        _account("account_id", "recovery_code"),
        sa.PrimaryKeyConstraint("digest", name=op.f("recovery_code_pkey")),
    )
    op.create_index("recovery_code_of_account", "recovery_code", ["account_id"])
    op.create_table(
        "address_change",
        _of_account("holder_id"),
        _of_account("account_id"),
        _now("asked_at"),
        _account("holder_id", "address_change"),
        _account("account_id", "address_change"),
        sa.PrimaryKeyConstraint("holder_id", name=op.f("address_change_pkey")),
    )
    op.create_index("address_change_of_account", "address_change", ["account_id"])
    op.create_table(
        "known_browser",
        _of_account("account_id"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _now("created_at"),
        _now("seen_at"),
        _account("account_id", "known_browser"),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("known_browser_pkey")),
    )


def _of_account(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(as_uuid=False), nullable=False)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False)


def _account(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"{table}_{column}_fkey"))
