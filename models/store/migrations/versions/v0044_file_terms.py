"""What is said of the establishment goes with a file too, and a claim keeps what it says of public holidays."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

SQL = Path(__file__).parent.parent / "sql"
SECTORS = ("general", "protected", "protected_loss", "closed", "ski", "vulnerable", "childcare", "chido")


def upgrade() -> None:
    op.add_column("upload", sa.Column("structural", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("upload", sa.Column("sector", sa.Text(), server_default="general", nullable=False))
    op.add_column("upload", sa.Column("holidays_worked", sa.Boolean()))
    listed = ", ".join(f"'{sector}'" for sector in SECTORS)
    op.create_check_constraint(op.f("upload_sector_check"), "upload", f"sector IN ({listed})")
    op.add_column("claim", sa.Column("holidays_worked", sa.Boolean()))
    op.execute((SQL / "0044_facts.sql").read_text("utf-8"))
