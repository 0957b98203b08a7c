"""Authority over an establishment, who invited a member, and holds of the hand-over to the paying agency.

Accounts that acted for an establishment before this version keep doing so: their authority is `earlier`. So is that of
whoever filed a case and has left since: a case under way must not stop for a proof that nobody asked for then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

PROOFS = "proof IN ('letter', 'provider', 'validation', 'inherited', 'earlier', 'trial')"


def upgrade() -> None:
    op.add_column("account_establishment", _account("invited_by"))
    op.create_foreign_key(
        op.f("account_establishment_invited_by_fkey"), "account_establishment", "account", ["invited_by"], ["id"]
    )
    _authority()
    _hold()
    for statement in (INVITED, MEMBERS, MANDATES, FORMER_FILERS):
        op.execute(statement)


def _authority() -> None:
    op.create_table(
        "authority",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        _account("account_id", nullable=False),
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        _instant("proven_at", now=True),
        _account("proven_by"),
        _account("inherited_from"),
        _account("mandate_id"),
        sa.Column("evidence", sa.String(64)),
        sa.Column("reason", sa.Text()),
        _instant("ended_at"),
        sa.Column("ending", sa.Text()),
        sa.CheckConstraint(PROOFS, name=op.f("authority_proof_check")),
        sa.CheckConstraint("ending IN ('left', 'revoked')", name=op.f("authority_ending_check")),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("authority_ended_check")),
        _link("authority", "account_id", "account.id"),
        _link("authority", "siret", "establishment.siret"),
        _link("authority", "proven_by", "account.id"),
        _link("authority", "inherited_from", "authority.id"),
        _link("authority", "mandate_id", "mandate.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("authority_pkey")),
    )
    member, mandate = "ended_at IS NULL AND mandate_id IS NULL", "ended_at IS NULL AND mandate_id IS NOT NULL"
    _unique("authority_of_member", "authority", ["account_id", "siret"], member)
    _unique("authority_of_mandate", "authority", ["mandate_id"], mandate)
    op.create_index("authority_of_establishment", "authority", ["siret", "account_id"])


def _hold() -> None:
    op.create_table(
        "hand_over_hold",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("reference", sa.String(9), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _instant("held_at", now=True),
        _account("held_by"),
        _instant("released_at"),
        _account("released_by"),
        sa.CheckConstraint("reason IN ('authority', 'limits', 'eviction')", name=op.f("hand_over_hold_reason_check")),
        _link("hand_over_hold", "reference", "request.reference"),
        _link("hand_over_hold", "held_by", "account.id"),
        _link("hand_over_hold", "released_by", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("hand_over_hold_pkey")),
    )
    _unique("hand_over_hold_standing", "hand_over_hold", ["reference", "reason"], "released_at IS NULL")


INVITED = (
    "UPDATE account_establishment l SET invited_by = coalesce("
    " (SELECT e.actor_id FROM event e JOIN account_establishment giver ON giver.account_id = e.actor_id"
    "   AND giver.siret = l.siret WHERE e.type = 'member_invited' AND e.data->>'held_by' = l.account_id::text LIMIT 1),"
    " (SELECT account_id FROM account_establishment main WHERE main.siret = l.siret AND main.role = 'main'"
    "   AND main.joined_at IS NOT NULL ORDER BY main.joined_at LIMIT 1)) WHERE joined_at IS NULL"
)
"""Invitations that wait: who invited, as the log of accesses says, else the first main contact."""
MEMBERS = (
    "INSERT INTO authority (account_id, siret, proof) SELECT l.account_id, l.siret, 'earlier'"
    " FROM account_establishment l JOIN account a ON a.id = l.account_id"
    " WHERE l.joined_at IS NOT NULL AND a.role = 'employer'"
)
MANDATES = (
    "INSERT INTO authority (account_id, siret, proof, mandate_id) SELECT m.account_id, m.siret, 'earlier', m.id"
    " FROM mandate m JOIN account a ON a.id = m.account_id"
    " WHERE m.accepted_at IS NOT NULL AND m.revoked_at IS NULL AND a.role = 'employer'"
)
FORMER_FILERS = (
    "INSERT INTO authority (account_id, siret, proof, ended_at, ending)"
    " SELECT DISTINCT r.account_id, r.siret, 'earlier', clock_timestamp(), 'left' FROM request r"
    " JOIN account a ON a.id = r.account_id WHERE a.role = 'employer' AND NOT EXISTS (SELECT FROM authority known"
    "   WHERE known.account_id = r.account_id AND known.siret = r.siret AND known.mandate_id IS NULL)"
)
"""Also whoever files under a mandate today, so that a case stands after the mandate has ended."""


def _account(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(as_uuid=False), nullable=nullable)


def _link(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"{table}_{column}_fkey"))


def _unique(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, postgresql_where=sa.text(where))


def _instant(name: str, *, now: bool = False) -> sa.Column[object]:
    default = sa.text("clock_timestamp()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not now)
