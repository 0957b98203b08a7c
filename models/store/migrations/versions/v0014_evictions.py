"""Acts of two operators on an establishment: eviction of an account, correction of the département."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("exceptional_act", sa.Column("department", sa.String(3)))
    op.drop_constraint(op.f("exceptional_act_kind_check"), "exceptional_act")
    op.create_check_constraint(
        op.f("exceptional_act_kind_check"), "exceptional_act", "kind IN ('resume', 'erase', 'evict', 'relocate')"
    )
