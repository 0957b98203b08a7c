"""Entitlements, claims as far as their admission needs them, and the ledger; their events state their rows."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"

SQL = Path(__file__).parent.parent / "sql"
HOURS = sa.Numeric(12, 2)
LIVING = "'admitted', 'held', 'under_review', 'agreed', 'signed', 'handed', 'accepted', 'ordered', 'reopened'"
STATES = (
    "'checked', 'admitted', 'held', 'under_review', 'agreed', 'signed', 'handed', 'accepted', 'ordered', 'paid',"
    " 'reopened', 'replaced', 'refused', 'rejected', 'void'"
)
ACCOUNTS = "'authorised', 'available', 'admitted', 'handed', 'accepted', 'ordered', 'paid'"
MOVES = (
    "('granted', 'authorised', 'available'), ('reduced', 'available', 'authorised'),"
    " ('admitted', 'available', 'admitted'), ('handed', 'admitted', 'handed'), ('accepted', 'handed', 'accepted'),"
    " ('ordered', 'accepted', 'ordered'), ('paid', 'ordered', 'paid'), ('replaced', 'admitted', 'available'),"
    " ('refused', 'admitted', 'available'), ('rejected', 'handed', 'available'), ('voided', 'admitted', 'available'),"
    " ('voided', 'accepted', 'available'), ('voided', 'ordered', 'available')"
)


def upgrade() -> None:
    _entitlement()
    _claim()
    _people()
    _totals_of_people()
    _ledger()
    op.execute((SQL / "0035_ledger.sql").read_text("utf-8"))
    op.execute((SQL / "0035_facts.sql").read_text("utf-8"))


def _entitlement() -> None:
    op.create_table(
        "entitlement",
        sa.Column("reference", sa.String(9), nullable=False),
        sa.Column("authorised_hours", HOURS, nullable=False),
        sa.Column("authorised_employees", sa.Integer(), nullable=False),
        sa.Column("admitted_hours", HOURS, server_default="0", nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("forfeited_on", sa.Date(), nullable=False),
        sa.Column("regularise_until", sa.Date()),
        sa.Column("payment", sa.Text(), server_default="establishment", nullable=False),
        sa.Column("iban_digest", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        _check("entitlement", "hours", "admitted_hours BETWEEN 0 AND authorised_hours"),
        _check("entitlement", "period", "start_on <= end_on"),
        _check("entitlement", "payment", "payment IN ('establishment', 'employees', 'trustee')"),
        _check("entitlement", "state", "state IN ('open', 'frozen', 'void')"),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("entitlement_reference_fkey")),
        sa.PrimaryKeyConstraint("reference", name=op.f("entitlement_pkey")),
    )


def _claim() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("reference", sa.String(9), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("part", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("version", sa.SmallInteger()),
        sa.Column("state", sa.Text(), server_default="checked", nullable=False),
        _instant("staged_at"),
        sa.Column("received_at", sa.DateTime(timezone=True)),
        sa.Column("due_on", sa.Date()),
        sa.Column("people", sa.Integer()),
        sa.Column("hours", HOURS),
        sa.Column("allowance_cents", sa.BigInteger()),
        sa.Column("indemnity_cents", sa.BigInteger()),
        sa.Column("state_cents", sa.BigInteger()),
        sa.Column("unedic_cents", sa.BigInteger()),
        sa.Column("monthly_reimbursement", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("replaces", sa.Uuid(as_uuid=False)),
        sa.Column("signals", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("salt", sa.LargeBinary(), server_default=sa.text("new_salt()"), nullable=False),
        _check("claim", "month", "extract(day FROM month) = 1"),
        _check("claim", "numbers", "part >= 1 AND version >= 1"),
        _check(
            "claim",
            "admitted",
            "(state = 'checked') = (version IS NULL) AND num_nulls(version, received_at, due_on, people, hours,"
            " allowance_cents, indemnity_cents, state_cents, unedic_cents) IN (0, 9)",
        ),
        _check("claim", "shares", "state_cents + unedic_cents = allowance_cents"),
        _check("claim", "state", f"state IN ({STATES})"),
        sa.ForeignKeyConstraint(["reference"], ["entitlement.reference"], name=op.f("claim_reference_fkey")),
        sa.ForeignKeyConstraint(["replaces"], ["claim.id"], name=op.f("claim_replaces_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("claim_pkey")),
        sa.UniqueConstraint("replaces", name=op.f("claim_replaces_key")),
        sa.UniqueConstraint(
            "reference", "month", "part", "version", name=op.f("claim_reference_month_part_version_key")
        ),
    )
    living = sa.text(f"state IN ({LIVING})")
    op.create_index("claim_living", "claim", ["reference", "month", "part"], unique=True, postgresql_where=living)
    op.create_index("claim_staged", "claim", ["staged_at"], postgresql_where=sa.text("state = 'checked'"))


def _people() -> None:
    op.create_table(
        "claim_person",
        sa.Column("claim_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("payable", HOURS, nullable=False),
        sa.Column("allowance_cents", sa.BigInteger(), nullable=False),
        sa.Column("indemnity_cents", sa.BigInteger(), nullable=False),
        _check("claim_person", "blind", "octet_length(blind) = 16"),
        _check("claim_person", "amounts", "payable >= 0 AND allowance_cents >= 0 AND indemnity_cents >= 0"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("claim_person_claim_id_fkey")),
        sa.PrimaryKeyConstraint("claim_id", "n", name=op.f("claim_person_pkey")),
        sa.UniqueConstraint("claim_id", "blind", name=op.f("claim_person_claim_id_blind_key")),
    )
    op.create_table(
        "claim_week",
        sa.Column("claim_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("payable", HOURS, nullable=False),
        sa.Column("limit_hours", HOURS, nullable=False),
        _check("claim_week", "monday", "extract(isodow FROM week_on) = 1"),
        _check("claim_week", "hours", "payable BETWEEN 0 AND limit_hours"),
        sa.ForeignKeyConstraint(
            ["claim_id", "n"], ["claim_person.claim_id", "claim_person.n"], name=op.f("claim_week_claim_id_fkey")
        ),
        sa.PrimaryKeyConstraint("claim_id", "n", "week_on", name=op.f("claim_week_pkey")),
    )


def _totals_of_people() -> None:
    op.create_table(
        "person_week",
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("payable", HOURS, nullable=False),
        sa.Column("limit_hours", HOURS, nullable=False),
        _check("person_week", "hours", "payable BETWEEN 0 AND limit_hours"),
        sa.PrimaryKeyConstraint("blind", "siret", "week_on", name=op.f("person_week_pkey")),
    )
    op.create_table(
        "person_year",
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("hours", HOURS, nullable=False),
        sa.Column("limit_hours", HOURS, nullable=False),
        sa.Column("hours_ground_4", HOURS, nullable=False),
        sa.Column("limit_ground_4", HOURS, nullable=False),
        _check("person_year", "hours", "hours BETWEEN 0 AND limit_hours"),
        _check("person_year", "ground_4", "hours_ground_4 BETWEEN 0 AND limit_ground_4"),
        sa.PrimaryKeyConstraint("blind", "siret", "year", name=op.f("person_year_pkey")),
    )


def _ledger() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("reference", sa.String(9), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        _instant("at"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_account", sa.Text(), nullable=False),
        sa.Column("to_account", sa.Text(), nullable=False),
        sa.Column("hours", HOURS, nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("state_cents", sa.BigInteger(), nullable=False),
        sa.Column("unedic_cents", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.Uuid(as_uuid=False)),
        sa.Column("key", sa.Text(), nullable=False),
        _check("ledger_entry", "amounts", "hours >= 0 AND state_cents >= 0 AND unedic_cents >= 0"),
        _check("ledger_entry", "something", "hours > 0 OR cents > 0"),
        _check("ledger_entry", "shares", "state_cents + unedic_cents = cents"),
        _check("ledger_entry", "claim", "(claim_id IS NULL) = (kind IN ('granted', 'reduced'))"),
        _check("ledger_entry", "move", f"(kind, from_account, to_account) IN ({MOVES})"),
        sa.ForeignKeyConstraint(["reference"], ["entitlement.reference"], name=op.f("ledger_entry_reference_fkey")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("ledger_entry_claim_id_fkey")),
        sa.PrimaryKeyConstraint("reference", "seq", name=op.f("ledger_entry_pkey")),
        sa.UniqueConstraint("key", name=op.f("ledger_entry_key_key")),
    )
    op.create_index("ledger_entry_of_claim", "ledger_entry", ["claim_id"])
    op.create_table(
        "ledger_balance",
        sa.Column("reference", sa.String(9), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("hours", HOURS, nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        _check("ledger_balance", "account", f"account IN ({ACCOUNTS})"),
        _check("ledger_balance", "hours", "account = 'authorised' OR hours >= 0"),
        _check("ledger_balance", "cents", "account IN ('authorised', 'available') OR cents >= 0"),
        sa.ForeignKeyConstraint(["reference"], ["entitlement.reference"], name=op.f("ledger_balance_reference_fkey")),
        sa.PrimaryKeyConstraint("reference", "account", name=op.f("ledger_balance_pkey")),
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"{table}_{name}_check"))


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False)
