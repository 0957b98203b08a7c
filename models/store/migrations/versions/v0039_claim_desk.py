"""Claims of one state by their last day of payment, as the desk of agents lists them."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_index(
        "claim_desk", "claim", ["state", "due_on", "id"], postgresql_where=sa.text("version IS NOT NULL")
    )
