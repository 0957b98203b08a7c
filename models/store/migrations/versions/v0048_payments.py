"""Payments, the runs that order them of the bank, and what the bank booked; each is stated by the events of its claim."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

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
)


def upgrade() -> None:
    _runs()
    _payments()
    _entries()
    op.drop_constraint(op.f("ledger_entry_move_check"), "ledger_entry")
    listed = ", ".join(f"('{kind}', '{taken}', '{given}')" for kind, taken, given in MOVES)
    op.create_check_constraint(
        op.f("ledger_entry_move_check"), "ledger_entry", f"(kind, from_account, to_account) IN ({listed})"
    )
    op.execute((SQL / "0048_facts.sql").read_text("utf-8"))


def _runs() -> None:
    op.create_table(
        "payment_run",
        _new_id(),
        sa.Column("debtor", sa.Text(), nullable=False),
        sa.Column("business_on", sa.Date(), nullable=False),
        sa.Column("sequence", sa.SmallInteger(), nullable=False),
        sa.Column("message", sa.String(length=35), nullable=False),
        sa.Column("transfers", sa.Integer(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.LargeBinary()),
        sa.Column("state", sa.Text(), server_default="reserved", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("released_by", sa.Uuid(as_uuid=False)),
        _now("reserved_at"),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.Column("put_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("transfers > 0 AND cents > 0 AND sequence > 0", name=op.f("payment_run_amounts_check")),
        sa.CheckConstraint(
            "(state = 'reserved') = (released_at IS NULL) AND num_nulls(released_by, released_at) <> 1",
            name=op.f("payment_run_release_check"),
        ),
        sa.CheckConstraint(
            "state IN ('reserved', 'released', 'put', 'reported', 'reconciled', 'refused')",
            name=op.f("payment_run_state_check"),
        ),
        sa.ForeignKeyConstraint(["released_by"], ["account.id"], name=op.f("payment_run_released_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_run_pkey")),
        sa.UniqueConstraint("message", name=op.f("payment_run_message_key")),
        sa.UniqueConstraint(
            "debtor", "business_on", "sequence", name=op.f("payment_run_debtor_business_on_sequence_key")
        ),
    )


def _payments() -> None:
    op.create_table(
        "payment",
        _new_id(),
        sa.Column("claim_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_n", sa.Integer()),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("end_to_end", sa.String(length=35), nullable=False),
        sa.Column("hours", sa.Numeric(12, 2), nullable=False),
        sa.Column("state_cents", sa.BigInteger(), nullable=False),
        sa.Column("unedic_cents", sa.BigInteger(), nullable=False),
        sa.Column("payee", sa.LargeBinary()),
        sa.Column("iban_mark", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="due", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("run_id", sa.Uuid(as_uuid=False)),
        sa.Column("after", sa.Uuid(as_uuid=False)),
        _now("ordered_at"),
        sa.Column("booked_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("hours >= 0 AND state_cents >= 0 AND unedic_cents >= 0", name=op.f("payment_amounts_check")),
        sa.CheckConstraint("state_cents + unedic_cents > 0", name=op.f("payment_something_check")),
        sa.CheckConstraint("attempt >= 1 AND (attempt = 1) = (after IS NULL)", name=op.f("payment_attempt_check")),
        sa.CheckConstraint("(state IN ('due', 'held')) = (run_id IS NULL)", name=op.f("payment_run_check")),
        sa.CheckConstraint("booked_at IS NULL OR state IN ('booked', 'returned')", name=op.f("payment_booked_check")),
        sa.CheckConstraint(
            "state IN ('due', 'held', 'in_run', 'sent', 'taken', 'booked', 'rejected', 'returned')",
            name=op.f("payment_state_check"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("payment_claim_id_fkey")),
        sa.ForeignKeyConstraint(["run_id"], ["payment_run.id"], name=op.f("payment_run_id_fkey")),
        sa.ForeignKeyConstraint(["after"], ["payment.id"], name=op.f("payment_after_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_pkey")),
        sa.UniqueConstraint("end_to_end", name=op.f("payment_end_to_end_key")),
        sa.UniqueConstraint("after", name=op.f("payment_after_key")),
    )
    living = "state IN ('due', 'held', 'in_run', 'sent', 'taken', 'booked')"
    op.create_index(
        "payment_living",
        "payment",
        ["claim_id", "person_n"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text(living),
    )
    op.create_index("payment_due", "payment", ["ordered_at", "id"], postgresql_where=sa.text("state = 'due'"))
    op.create_index("payment_of_run", "payment", ["run_id"])


def _entries() -> None:
    op.create_table(
        "bank_entry",
        _new_id(),
        sa.Column("debtor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("end_to_end", sa.String(length=35)),
        sa.Column("reason", sa.Text()),
        sa.Column("payment_id", sa.Uuid(as_uuid=False)),
        _now("seen_at"),
        sa.CheckConstraint("cents > 0", name=op.f("bank_entry_cents_check")),
        sa.CheckConstraint("kind IN ('debit', 'return')", name=op.f("bank_entry_kind_check")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("bank_entry_payment_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("bank_entry_pkey")),
        sa.UniqueConstraint(
            "debtor",
            "key",
            "kind",
            "end_to_end",
            name=op.f("bank_entry_debtor_key_kind_end_to_end_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("bank_entry_suspense", "bank_entry", ["booked_on"], postgresql_where=sa.text("payment_id IS NULL"))
    op.create_index("bank_entry_of_payment", "bank_entry", ["payment_id", "kind"], unique=True)


def _new_id() -> sa.Column[str]:
    return sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False)
