"""The end of a decision that raises a quota of hours; of a file of a claim, what agents are told of its warnings."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0054"
down_revision = "0053"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    for name, kind in (
        ("ended_at", sa.DateTime(timezone=True)),
        ("ended_by", sa.Uuid(as_uuid=False)),
        ("ended_under", sa.Uuid(as_uuid=False)),
        ("end_reason", sa.Text()),
    ):
        op.add_column("quota_exception", sa.Column(name, kind))
    for name, table in (("ended_by", "account"), ("ended_under", "delegation")):
        op.create_foreign_key(op.f(f"quota_exception_{name}_fkey"), "quota_exception", table, [name], ["id"])
    op.create_check_constraint(
        op.f("quota_exception_end_check"),
        "quota_exception",
        "num_nulls(ended_at, ended_by, ended_under, end_reason) IN (0, 4)",
    )
    op.add_column("upload", sa.Column("warned", pg.JSONB()))
    op.execute((SQL / "0054_facts.sql").read_text("utf-8"))
