"""A queue of the mails that strangers cause, all together."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "mail_queue",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("upto", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("mail_queue_pkey")),
    )
    op.add_column("notice", sa.Column("not_before", sa.DateTime(timezone=True)))
    op.add_column("enrolment", sa.Column("mailed_from", sa.DateTime(timezone=True)))
