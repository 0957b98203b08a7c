"""Events state more: other employees, holds, authorities, letters, people. A holder whom nobody can read is held."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    salt = sa.Column("salt", sa.LargeBinary(), server_default=sa.text("new_salt()"), nullable=False)
    op.add_column("account", salt)
    op.create_index(
        "event_of_authority",
        "event",
        [sa.text("(data ->> 'siret')")],
        postgresql_where=sa.text("type IN ('authority_changed', 'authority_proven', 'authority_revoked')"),
    )
    op.drop_constraint(op.f("hand_over_hold_reason_check"), "hand_over_hold")
    op.create_check_constraint(
        op.f("hand_over_hold_reason_check"),
        "hand_over_hold",
        sa.column("reason").in_(["authority", "limits", "eviction", "paper", "evidence", "holder"]),
    )
    op.execute((SQL / "0019_facts.sql").read_text("utf-8"))
