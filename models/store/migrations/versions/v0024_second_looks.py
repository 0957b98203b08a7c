"""A hand-over may wait for a second agent beside the one who validated its filer."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.drop_constraint(op.f("hand_over_hold_reason_check"), "hand_over_hold")
    op.create_check_constraint(
        op.f("hand_over_hold_reason_check"),
        "hand_over_hold",
        sa.column("reason").in_(["authority", "limits", "eviction", "paper", "evidence", "holder", "validation"]),
    )
