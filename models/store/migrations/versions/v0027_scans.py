"""The scan of a request on paper is kept with its case."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("request", sa.Column("scan_id", sa.Uuid()))
    op.create_foreign_key(op.f("request_scan_id_fkey"), "request", "file", ["scan_id"], ["id"])
