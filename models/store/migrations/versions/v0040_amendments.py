"""Amendments (avenants): requests of 11 characters that change an authorization, and entitlements that count them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

SQL = Path(__file__).parent.parent / "sql"
OF_CASE = (
    "request",
    "nominal",
    "receipt",
    "opinion",
    "decision",
    "completion",
    "checklist",
    "document",
    "deposit_row",
    "hand_over_hold",
    "message",
    "upload",
    "entitlement",
)
"""Tables whose rows belong to a case. A longer `varchar` changes no row of them."""


def upgrade() -> None:
    for table in OF_CASE:
        op.alter_column(table, "reference", type_=sa.String(11))
    op.add_column("request", sa.Column("amends", sa.String(9)))
    op.create_foreign_key(op.f("request_amends_fkey"), "request", "request", ["amends"], ["reference"])
    op.create_check_constraint(
        op.f("request_amends_check"),
        "request",
        "reference ~ ('^' || coalesce(amends || '[0-9]{2}', '.{9}') || '$')",
    )
    op.add_column("request", sa.Column("amendments", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_check_constraint(op.f("request_amendments_check"), "request", "amendments BETWEEN 0 AND 99")
    op.create_index(
        "request_amendment_pending",
        "request",
        ["amends"],
        unique=True,
        postgresql_where=sa.text("amends IS NOT NULL AND outcome IS NULL"),
    )
    op.add_column("entitlement", sa.Column("amended_by", sa.String(11)))
    op.create_foreign_key(op.f("entitlement_amended_by_fkey"), "entitlement", "request", ["amended_by"], ["reference"])
    _exclude_others()
    op.execute((SQL / "0040_facts.sql").read_text("utf-8"))


def _exclude_others() -> None:
    """What amends a grant covers its days again: only grants of other requests exclude one another."""
    op.drop_constraint("decision_overlap", "decision")
    op.execute(
        "ALTER TABLE decision ADD CONSTRAINT decision_overlap EXCLUDE USING gist (siret WITH =, ground WITH =,"
        " (coalesce(party, '00000000-0000-0000-0000-000000000000')) WITH =, (left(reference, 9)) WITH <>,"
        " (daterange(start_on, end_on, '[]')) WITH &&) WHERE (outcome = 'grant' AND NOT other_employees"
        " AND state IN ('registered', 'signed', 'notified'))"
    )
