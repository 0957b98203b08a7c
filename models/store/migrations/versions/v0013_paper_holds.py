"""The hand-over of a request on paper waits for a second signatory."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.drop_constraint(op.f("hand_over_hold_reason_check"), "hand_over_hold")
    op.create_check_constraint(
        op.f("hand_over_hold_reason_check"),
        "hand_over_hold",
        sa.column("reason").in_(["authority", "limits", "eviction", "paper"]),
    )
