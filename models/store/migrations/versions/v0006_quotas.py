"""Series of four letters, what was used of a day's quotas, and refusals not yet logged."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("department", sa.String(3), nullable=False),
        sa.Column("letters", sa.String(4), nullable=False),
        sa.Column("siret", sa.String(14)),
        _instant("opened_at"),
        sa.CheckConstraint("letters ~ '^[A-Z]{4}$'", name=op.f("series_letters_check")),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("series_siret_fkey")),
        sa.PrimaryKeyConstraint("department", "letters", name=op.f("series_pkey")),
    )
    op.execute("INSERT INTO series (department, letters, siret) SELECT department, letters, siret FROM establishment")
    op.add_column("establishment", sa.Column("filed_on", sa.Date()))
    op.add_column("establishment", sa.Column("filings", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_table(
        "daily_use",
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("daily_use_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("daily_use_pkey")),
    )
    op.create_table(
        "refusal",
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        _instant("since"),
        sa.Column("unlogged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("refusal_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "verb", name=op.f("refusal_pkey")),
    )


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
    )
