"""Delegations to agree to claims and to refuse them; events state standing instructions."""

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute("ALTER TABLE delegation DROP CONSTRAINT delegation_outcomes_check")
    op.create_check_constraint(
        op.f("delegation_outcomes_check"),
        "delegation",
        "outcomes <@ ARRAY['grant', 'refusal', 'claim', 'claim_refusal'] AND outcomes <> '{}'",
    )
    op.execute((SQL / "0037_facts.sql").read_text("utf-8"))
