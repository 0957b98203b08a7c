"""Who may enter: credentials, codes sent by mail, sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "credential",
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        _instant("set_at", now=True),
        sa.CheckConstraint("login = lower(login)", name=op.f("credential_login_check")),
        _account("credential"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("credential_pkey")),
        sa.UniqueConstraint("login", name=op.f("credential_login_key")),
    )
    op.create_table(
        "code",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _instant("created_at", now=True),
        _instant("used_at"),
        sa.CheckConstraint(
            "purpose IN ('activation', 'password', 'email', 'invitation')", name=op.f("code_purpose_check")
        ),
        _account("code"),
        sa.PrimaryKeyConstraint("digest", name=op.f("code_pkey")),
    )
    op.create_index("code_of_account", "code", ["account_id", "purpose"])
    op.create_table(
        "session",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        _instant("created_at", now=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _instant("seen_at", now=True),
        _instant("ended_at"),
        sa.CheckConstraint(
            "method IN ('password', 'totp', 'passkey', 'oidc')", name=op.f("session_method_check")
        ),
        _account("session"),
        sa.PrimaryKeyConstraint("digest", name=op.f("session_pkey")),
    )
    op.create_index("session_of_account", "session", ["account_id"])


def _instant(name: str, *, now: bool = False) -> sa.Column[object]:
    default = sa.text("clock_timestamp()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not now)


def _account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"{table}_account_id_fkey"))
