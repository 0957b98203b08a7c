"""An exceptional act names the establishment that it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("exceptional_act", sa.Column("siret", sa.String(14)))
    op.drop_index("exceptional_act_waiting", table_name="exceptional_act")
    op.create_index(
        "exceptional_act_waiting",
        "exceptional_act",
        ["kind", "subject", "siret"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("approved_at IS NULL AND refused_at IS NULL"),
    )
