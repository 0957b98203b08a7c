"""Events state how accounts sign in, where they belong, what tokens give, and parties of requests and decisions."""

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.create_index("identity_of_account", "identity", ["account_id"])
    op.execute((SQL / "0029_facts.sql").read_text("utf-8"))
