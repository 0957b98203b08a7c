"""Transfers of one entry of the bank under one identifier, entries told again with another sum, facts of what is held."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.add_column("bank_entry", sa.Column("nth", sa.Integer(), server_default="0", nullable=False))
    op.drop_constraint(op.f("bank_entry_debtor_key_kind_end_to_end_key"), "bank_entry")
    op.create_unique_constraint(
        op.f("bank_entry_debtor_key_kind_end_to_end_nth_key"),
        "bank_entry",
        ["debtor", "key", "kind", "end_to_end", "nth"],
        postgresql_nulls_not_distinct=True,
    )
    op.drop_constraint(op.f("bank_set_aside_fault_check"), "bank_set_aside")
    op.create_check_constraint(
        op.f("bank_set_aside_fault_check"),
        "bank_set_aside",
        "fault IN ('currency', 'amount', 'malformed', 'contradicted')",
    )
    op.execute((SQL / "0056_facts.sql").read_text("utf-8"))
