"""Accounts: second factors, tries, tokens with a scope, members of an establishment, mandates, first readings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _columns()
    _factors()
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        _instant("at", now=True),
        sa.PrimaryKeyConstraint("id", name=op.f("attempt_pkey")),
    )
    op.create_index("attempt_of_subject", "attempt", ["kind", "subject", "at"])
    op.create_table(
        "mandate",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        _id("account_id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        _id("given_by"),
        _instant("given_at", now=True),
        _instant("accepted_at"),
        _instant("revoked_at"),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("mandate_period_check")),
        _account("mandate"),
        _account("mandate", "given_by"),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("mandate_siret_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("mandate_pkey")),
    )
    op.create_index("mandate_of_account", "mandate", ["account_id"])
    op.create_index("mandate_of_establishment", "mandate", ["siret"])
    op.create_table(
        "reading",
        _id("document_id"),
        _id("account_id"),
        _instant("read_at", now=None),
        _account("reading"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("reading_document_id_fkey")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("reading_pkey")),
    )


def _columns() -> None:
    op.add_column(
        "account_establishment", sa.Column("role", sa.Text(), server_default="main", nullable=False)
    )
    op.add_column("account_establishment", _instant("joined_at"))
    op.execute("UPDATE account_establishment SET joined_at = clock_timestamp()")
    op.alter_column("account_establishment", "joined_at", server_default=sa.text("clock_timestamp()"))
    op.create_check_constraint(
        op.f("account_establishment_role_check"), "account_establishment", "role IN ('main', 'member')"
    )
    op.add_column(
        "token", sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False)
    )
    op.add_column("token", sa.Column("label", sa.Text(), server_default="", nullable=False))
    op.add_column("token", sa.Column("scope", sa.Text(), server_default="write", nullable=False))
    op.add_column("token", _instant("used_at"))
    op.create_unique_constraint(op.f("token_id_key"), "token", ["id"])
    op.create_check_constraint(op.f("token_scope_check"), "token", "scope IN ('read', 'write')")
    op.create_index("token_of_account", "token", ["account_id"])


def _factors() -> None:
    op.create_table(
        "totp",
        _id("account_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        _instant("created_at", now=True),
        _instant("confirmed_at"),
        _account("totp"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("totp_pkey")),
    )
    op.create_table(
        "passkey",
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        _id("account_id"),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        _instant("created_at", now=True),
        _instant("used_at"),
        _account("passkey"),
        sa.PrimaryKeyConstraint("credential", name=op.f("passkey_pkey")),
    )
    op.create_index("passkey_of_account", "passkey", ["account_id"])
    op.create_table(
        "challenge",
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=True),
        _instant("expires_at", now=None),
        _account("challenge"),
        sa.PrimaryKeyConstraint("value", name=op.f("challenge_pkey")),
    )


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(as_uuid=False), nullable=False)


def _account(table: str, column: str = "account_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"{table}_{column}_fkey"))


def _instant(name: str, *, now: bool | None = False) -> sa.Column[object]:
    """`now`: that of the insertion; None: an instant that must be given; False: NULL until it happens."""
    default = sa.text("clock_timestamp()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=now is False)
