"""Enrolment: terms of use, requests to enrol, their clock."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "terms",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        _instant("kept_at", now=True),
        sa.PrimaryKeyConstraint("version", name=op.f("terms_pkey")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("department", sa.String(length=3), nullable=False),
        *(_text(name) for name in ("name", "address", "person", "quality", "email")),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=True),
        _text("terms_version"),
        sa.Column("law_on", sa.Date(), nullable=True),
        sa.Column("request_digest", sa.LargeBinary(), nullable=True),
        _text("status"),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=False)
            for name in ("requested_at", "alert_at", "due_at")
        ),
        sa.Column("version", sa.SmallInteger(), server_default="1", nullable=False),
        _instant("asked_at", now=True),
        *(
            _instant(name)
            for name in ("issued_at", "expires_at", "alerted_at", "breached_at", "sent_at", "ended_at")
        ),
        sa.Column("listed", sa.Text(), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_sha256", sa.String(length=64), nullable=True),
        _instant("sealed_at"),
        sa.Column("clock_offset", sa.Interval(), server_default=sa.text("interval '0'"), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'activated', 'lapsed', 'redundant')", name=op.f("enrolment_status_check")
        ),
        sa.CheckConstraint(
            "listed IN ('active', 'ceased', 'unknown', 'away', 'unasked')", name=op.f("enrolment_listed_check")
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) = (status = 'redundant')", name=op.f("enrolment_account_check")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (status = 'open')", name=op.f("enrolment_ended_check")),
        sa.CheckConstraint(
            "(receipt IS NULL) = (receipt_sha256 IS NULL)", name=op.f("enrolment_receipt_check")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("enrolment_account_id_fkey")),
        sa.ForeignKeyConstraint(["terms_version"], ["terms.version"], name=op.f("enrolment_terms_version_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("enrolment_pkey")),
        sa.UniqueConstraint("request_digest", name=op.f("enrolment_request_digest_key")),
    )
    _indexes()
    op.execute(
        "CREATE FUNCTION enrolment_now(enrolment_id uuid) RETURNS timestamptz LANGUAGE sql VOLATILE AS"
        " $$ SELECT clock_timestamp() + clock_offset FROM enrolment WHERE id = enrolment_id $$"
    )


def _indexes() -> None:
    opened = sa.text("status = 'open'")
    unsent = sa.text("status = 'open' AND sent_at IS NULL")
    op.create_index("enrolment_open", "enrolment", ["siret"], unique=True, postgresql_where=opened)
    op.create_index("enrolment_of_establishment", "enrolment", ["siret", "id"])
    op.create_index("enrolment_of_account", "enrolment", ["account_id"])
    op.create_index("enrolment_receipt_sha256", "enrolment", ["receipt_sha256"])
    op.create_index("enrolment_unsent", "enrolment", ["requested_at"], postgresql_where=unsent)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _instant(name: str, *, now: bool = False) -> sa.Column[object]:
    default = sa.text("clock_timestamp()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not now)
