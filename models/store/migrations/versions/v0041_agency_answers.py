"""Files that the agency has not answered, and acts of two operators on files of answers that were set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("deposit", sa.Column("runs", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("deposit", sa.Column("resent_at", sa.DateTime(timezone=True)))
    op.add_column("deposit", sa.Column("answered_at", sa.DateTime(timezone=True)))
    unanswered = sa.text("written_at IS NOT NULL AND answered_at IS NULL")
    op.create_index("deposit_unanswered", "deposit", ["channel"], postgresql_where=unanswered)
    op.drop_constraint(op.f("exceptional_act_kind_check"), "exceptional_act")
    op.create_check_constraint(
        op.f("exceptional_act_kind_check"),
        "exceptional_act",
        "kind IN ('resume', 'erase', 'evict', 'relocate', 'replay_answers', 'discard_answers')",
    )
