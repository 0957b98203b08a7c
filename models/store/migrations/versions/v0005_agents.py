"""Agents: their roles, delegations of signature, leaves, identities; acts that two operators do together."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0005"
down_revision = "0004"

ROLES = "role IN ('employer', 'reader', 'instructor', 'signatory', 'head', 'auditor', 'operator')"


def upgrade() -> None:
    op.drop_constraint(op.f("account_role_check"), "account")
    op.execute("UPDATE account SET role = 'signatory' WHERE role = 'agent'")
    op.create_check_constraint(op.f("account_role_check"), "account", ROLES)
    op.add_column("account", _instant("closed_at"))
    op.create_table(
        "delegation",
        _id(),
        _account("account_id"),
        sa.Column("outcomes", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("departments", pg.ARRAY(sa.Text()), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date()),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        _account("given_by", nullable=True),
        _instant("given_at", now=True),
        _instant("revoked_at"),
        _account("revoked_by", nullable=True),
        sa.CheckConstraint(
            "outcomes <@ ARRAY['grant', 'refusal'] AND outcomes <> '{}'",
            name=op.f("delegation_outcomes_check"),
        ),
        sa.CheckConstraint("until_on >= from_on", name=op.f("delegation_period_check")),
        *_links("delegation", "account_id", "given_by", "revoked_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("delegation_pkey")),
    )
    op.create_index("delegation_of_account", "delegation", ["account_id"])
    op.create_table(
        "leave",
        _id(),
        _account("account_id"),
        _account("replacement_id", nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        _account("written_by"),
        _instant("written_at", now=True),
        _instant("cancelled_at"),
        sa.CheckConstraint("until_on >= from_on", name=op.f("leave_period_check")),
        sa.CheckConstraint("replacement_id <> account_id", name=op.f("leave_replacement_check")),
        *_links("leave", "account_id", "replacement_id", "written_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("leave_pkey")),
    )
    op.create_index("leave_of_account", "leave", ["account_id"])
    op.create_table(
        "identity",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        _account("account_id"),
        _instant("known_at", now=True),
        *_links("identity", "account_id"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("identity_pkey")),
    )
    op.create_table(
        "sign_in",
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("sign_in_pkey")),
    )
    op.create_table(
        "exceptional_act",
        _id(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _account("asked_by", nullable=True),
        _instant("asked_at", now=True),
        _account("approved_by", nullable=True),
        _instant("approved_at"),
        _account("refused_by", nullable=True),
        _instant("refused_at"),
        sa.CheckConstraint("kind IN ('resume', 'erase')", name=op.f("exceptional_act_kind_check")),
        sa.CheckConstraint("approved_by <> asked_by", name=op.f("exceptional_act_four_eyes_check")),
        sa.CheckConstraint(
            "approved_at IS NULL OR refused_at IS NULL", name=op.f("exceptional_act_one_end_check")
        ),
        *_links("exceptional_act", "asked_by", "approved_by", "refused_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("exceptional_act_pkey")),
    )
    op.create_index(
        "exceptional_act_waiting",
        "exceptional_act",
        ["kind", "subject"],
        unique=True,
        postgresql_where=sa.text("approved_at IS NULL AND refused_at IS NULL"),
    )
    op.add_column("decision", sa.Column("delegation_id", sa.Uuid(as_uuid=False)))
    op.create_foreign_key(
        op.f("decision_delegation_id_fkey"), "decision", "delegation", ["delegation_id"], ["id"]
    )


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False)


def _account(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(as_uuid=False), nullable=nullable)


def _links(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], ["account.id"], name=op.f(f"{table}_{name}_fkey")) for name in columns
    ]


def _instant(name: str, *, now: bool = False) -> sa.Column[object]:
    default = sa.text("clock_timestamp()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not now)
