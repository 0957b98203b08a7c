"""A withdrawn claim stops its payments or owes them; entries of the bank name their run, or are set aside."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0049"

SQL = Path(__file__).parent.parent / "sql"
MOVES = (
    ("granted", "authorised", "available"),
    ("reduced", "available", "authorised"),
    ("admitted", "available", "admitted"),
    ("handed", "admitted", "handed"),
    ("accepted", "handed", "accepted"),
    ("ordered", "accepted", "ordered"),
    ("paid", "ordered", "paid"),
    ("returned", "paid", "ordered"),
    ("replaced", "admitted", "available"),
    ("refused", "admitted", "available"),
    ("rejected", "handed", "available"),
    ("voided", "admitted", "available"),
    ("voided", "accepted", "available"),
    ("voided", "ordered", "available"),
    ("voided", "paid", "available"),
    ("owed", "paid", "owed"),
    ("returned", "owed", "available"),
)
ACCOUNTS = "'authorised', 'available', 'admitted', 'handed', 'accepted', 'ordered', 'paid', 'owed'"


def upgrade() -> None:
    moves = ", ".join(f"('{kind}', '{taken}', '{given}')" for kind, taken, given in MOVES)
    _replace("ledger_entry", "move", f"(kind, from_account, to_account) IN ({moves})")
    _replace("ledger_balance", "account", f"account IN ({ACCOUNTS})")
    states = "'due', 'held', 'in_run', 'sent', 'taken', 'booked', 'rejected', 'returned', 'stopped'"
    _replace("payment", "state", f"state IN ({states})")
    _replace("payment", "run", "(state IN ('due', 'held', 'stopped')) = (run_id IS NULL)")
    op.add_column("claim", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.add_column("bank_entry", sa.Column("batch", sa.String(length=35)))
    _set_aside()
    op.execute((SQL / "0053_facts.sql").read_text("utf-8"))


def _replace(table: str, name: str, condition: str) -> None:
    constraint = op.f(f"{table}_{name}_check")
    op.drop_constraint(constraint, table)
    op.create_check_constraint(constraint, table, condition)


def _set_aside() -> None:
    op.create_table(
        "bank_set_aside",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("debtor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("booked_on", sa.Date()),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("fault IN ('currency', 'amount', 'malformed')", name=op.f("bank_set_aside_fault_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("bank_set_aside_pkey")),
        sa.UniqueConstraint("debtor", "key", "fault", name=op.f("bank_set_aside_debtor_key_fault_key")),
    )
