"""Why credentials are late, so that a mailbox that refuses them counts as no delay of ours."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("late_why", sa.Text()))
    op.create_check_constraint("late_why", "enrolment", "late_why IN ('mail', 'mailbox', 'mail_queue')")
