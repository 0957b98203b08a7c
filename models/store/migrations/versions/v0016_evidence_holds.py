"""The hand-over of a case waits when its rows are no longer those of its events."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.drop_constraint(op.f("hand_over_hold_reason_check"), "hand_over_hold")
    op.create_check_constraint(
        op.f("hand_over_hold_reason_check"),
        "hand_over_hold",
        sa.column("reason").in_(["authority", "limits", "eviction", "paper", "evidence"]),
    )
