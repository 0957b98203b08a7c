"""The register of establishments: its answers, the limiter of calls, whether it confirmed a département."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0010"
down_revision = "0009"

SOURCES = "source IN ('sirene', 'search')"


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("listed", pg.JSONB(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('listed', 'unknown', 'undisclosed')", name=op.f("company_outcome_check")),
        sa.CheckConstraint(SOURCES, name=op.f("company_source_check")),
        sa.CheckConstraint("(outcome IS NULL) = (asked_at IS NULL)", name=op.f("company_answered_check")),
        sa.CheckConstraint("(outcome = 'listed') = (listed IS NOT NULL)", name=op.f("company_listed_check")),
        sa.PrimaryKeyConstraint("siret", name=op.f("company_pkey")),
    )
    op.create_index("company_asked_at", "company", ["asked_at"])
    op.create_table(
        "company_slot",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("clock_timestamp()")
        ),
        sa.CheckConstraint(SOURCES, name=op.f("company_slot_source_check")),
        sa.PrimaryKeyConstraint("source", "number", name=op.f("company_slot_pkey")),
    )
    op.execute(
        "INSERT INTO company_slot SELECT source, number, '-infinity'"
        " FROM (VALUES ('sirene', 30), ('search', 7)) AS each (source, calls), generate_series(1, calls) AS number"
    )
    op.create_table(
        "company_answer",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("source", "outcome", name=op.f("company_answer_pkey")),
    )
    op.add_column(
        "establishment",
        sa.Column("department_confirmed", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.drop_constraint(op.f("enrolment_listed_check"), "enrolment")
    op.create_check_constraint(
        op.f("enrolment_listed_check"),
        "enrolment",
        "listed IN ('active', 'ceased', 'unknown', 'undisclosed', 'away', 'unasked')",
    )
