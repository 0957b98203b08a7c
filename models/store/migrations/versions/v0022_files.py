"""Events state the digests of the files that their case cites: opinions of works councils, and supplied pieces."""

from pathlib import Path

from alembic import op

revision = "0022"
down_revision = "0021"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0022_facts.sql").read_text("utf-8"))
