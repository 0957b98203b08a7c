"""Acts of two operators on what the agency never answers: a file sent once more, a claim settled as rejected."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    op.add_column("deposit", sa.Column("asked_again_at", sa.DateTime(timezone=True)))
    op.add_column("agency_answer", sa.Column("act_id", sa.Uuid(as_uuid=False)))
    op.create_foreign_key(
        op.f("agency_answer_act_id_fkey"), "agency_answer", "exceptional_act", ["act_id"], ["id"]
    )
    op.alter_column("agency_answer", "file_id", existing_type=sa.Uuid(as_uuid=False), nullable=True)
    op.create_check_constraint(
        op.f("agency_answer_source_check"), "agency_answer", "(file_id IS NULL) = (act_id IS NOT NULL)"
    )
    op.create_check_constraint(
        op.f("agency_answer_settled_check"), "agency_answer", "(code = 'ACTE') = (act_id IS NOT NULL)"
    )
    op.drop_constraint(op.f("exceptional_act_kind_check"), "exceptional_act")
    op.create_check_constraint(
        op.f("exceptional_act_kind_check"),
        "exceptional_act",
        "kind IN ('resume', 'erase', 'evict', 'relocate', 'replay_answers', 'discard_answers', 'resend_deposit',"
        " 'reject_claim')",
    )
