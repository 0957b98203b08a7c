"""Claims on their way: files read, visas, documents, hand-over, answers; their events state these rows."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"

SQL = Path(__file__).parent.parent / "sql"
HOURS = sa.Numeric(12, 2)


def upgrade() -> None:
    _claims()
    _visas()
    _uploads()
    _agency()
    _handed()
    op.execute((SQL / "0036_facts.sql").read_text("utf-8"))


def _claims() -> None:
    op.create_table(
        "claim_file",
        sa.Column("claim_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("claim_file_claim_id_fkey")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("claim_file_pkey")),
    )
    op.add_column("claim", sa.Column("regularisation", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("claim", sa.Column("account_id", sa.Uuid(as_uuid=False)))
    op.add_column("claim", sa.Column("body_digest", sa.LargeBinary()))
    op.create_foreign_key(op.f("claim_account_id_fkey"), "claim", "account", ["account_id"], ["id"])
    op.add_column("claim_person", sa.Column("sealed", sa.LargeBinary()))
    op.add_column("claim_person", sa.Column("category", sa.Text()))
    op.add_column("claim_person", sa.Column("mode", sa.Text()))
    op.add_column("claim_person", sa.Column("contract_hours", HOURS))
    op.add_column("claim_person", sa.Column("hourly_gross", sa.Numeric(precision=12, scale=4)))
    op.add_column("claim_person", sa.Column("apprentice", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("claim_week", sa.Column("worked", HOURS, server_default="0", nullable=False))
    op.add_column("claim_week", sa.Column("idle", HOURS, server_default="0", nullable=False))


def _visas() -> None:
    op.create_table(
        "standing_instruction",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("delegation_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("departments", postgresql.JSONB(), nullable=False),
        sa.Column("ceiling_cents", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("ceiling_cents > 0", name=op.f("standing_instruction_ceiling_check")),
        sa.CheckConstraint("from_on <= to_on", name=op.f("standing_instruction_days_check")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("standing_instruction_account_id_fkey")),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("standing_instruction_delegation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("standing_instruction_pkey")),
    )
    op.create_index("standing_instruction_of_account", "standing_instruction", ["account_id"])
    op.create_table(
        "visa",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("claim_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("delegation_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("instruction_id", sa.Uuid(as_uuid=False)),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("grounds", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("lapsed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("(outcome = 'refused') = (grounds <> '[]')", name=op.f("visa_grounds_check")),
        sa.CheckConstraint("outcome IN ('agreed', 'refused')", name=op.f("visa_outcome_check")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("visa_account_id_fkey")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("visa_claim_id_fkey")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("visa_delegation_id_fkey")),
        sa.ForeignKeyConstraint(["instruction_id"], ["standing_instruction.id"], name=op.f("visa_instruction_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("visa_pkey")),
    )
    op.create_index("visa_standing", "visa", ["claim_id"], unique=True, postgresql_where=sa.text("lapsed_at IS NULL"))


def _uploads() -> None:
    op.create_table(
        "import_profile",
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("import_profile_account_id_fkey")),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("import_profile_siret_fkey")),
        sa.PrimaryKeyConstraint("siret", "name", "version", name=op.f("import_profile_pkey")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("part", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("profile", sa.Text()),
        sa.Column("profile_version", sa.SmallInteger()),
        sa.Column("lines", sa.Integer(), server_default="0", nullable=False),
        sa.Column("read", sa.Integer(), server_default="0", nullable=False),
        sa.Column("errors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("warnings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("people", sa.Integer()),
        sa.Column("hours", HOURS),
        sa.Column("allowance_cents", sa.BigInteger()),
        sa.Column("headers", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("refusal", sa.Text()),
        sa.Column("claim_id", sa.Uuid(as_uuid=False)),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'reading', 'read', 'with_errors', 'unreadable', 'submitted', 'expired')",
            name=op.f("upload_state_check"),
        ),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("upload_month_check")),
        sa.CheckConstraint("part >= 1", name=op.f("upload_part_check")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("upload_account_id_fkey")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("upload_claim_id_fkey")),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("upload_reference_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("upload_pkey")),
        sa.UniqueConstraint("claim_id", name=op.f("upload_claim_id_key")),
    )
    op.create_index("upload_kept", "upload", ["expires_at"], postgresql_where=sa.text("sealed IS NOT NULL"))
    op.create_index("upload_of_case", "upload", ["reference"])
    op.create_table(
        "upload_error",
        sa.Column("upload_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("warning", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("upload_error_upload_id_fkey")),
        sa.PrimaryKeyConstraint("upload_id", "n", name=op.f("upload_error_pkey")),
    )


def _agency() -> None:
    op.create_table(
        "agency_file",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.LargeBinary()),
        sa.Column("state", sa.Text(), server_default="seen", nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('seen', 'applied', 'quarantined', 'replayed', 'discarded')", name=op.f("agency_file_state_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("agency_file_pkey")),
        sa.UniqueConstraint("channel", "name", "sha256", name=op.f("agency_file_channel_name_sha256_key")),
    )
    op.create_table(
        "channel_state",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True)),
        sa.Column("until_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text()),
        sa.Column("changed_by", sa.Uuid(as_uuid=False)),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("(state = 'frozen') = (reason IS NOT NULL)", name=op.f("channel_state_reason_check")),
        sa.CheckConstraint("state IN ('open', 'frozen')", name=op.f("channel_state_state_check")),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("channel_state_changed_by_fkey")),
        sa.PrimaryKeyConstraint("channel", name=op.f("channel_state_pkey")),
    )
    op.create_table(
        "agency_answer",
        sa.Column("deposit_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("claim_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("file_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64)),
        sa.Column("lines", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("binding", sa.Boolean(), nullable=False),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("agency_answer_claim_id_fkey")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("agency_answer_deposit_id_fkey")),
        sa.ForeignKeyConstraint(["file_id"], ["agency_file.id"], name=op.f("agency_answer_file_id_fkey")),
        sa.PrimaryKeyConstraint("deposit_id", "line", "nth", name=op.f("agency_answer_pkey")),
    )
    op.create_index(
        "agency_answer_binding",
        "agency_answer",
        ["deposit_id", "line"],
        unique=True,
        postgresql_where=sa.text("binding"),
    )
    op.create_index("agency_answer_of_claim", "agency_answer", ["claim_id"])


def _handed() -> None:
    op.add_column("deposit_row", sa.Column("claim_id", sa.Uuid(as_uuid=False)))
    op.create_unique_constraint(op.f("deposit_row_claim_id_key"), "deposit_row", ["claim_id"])
    op.create_foreign_key(op.f("deposit_row_claim_id_fkey"), "deposit_row", "claim", ["claim_id"], ["id"])
    op.add_column("document", sa.Column("claim_id", sa.Uuid(as_uuid=False)))
    op.create_index("document_of_claim", "document", ["claim_id"], postgresql_where=sa.text("claim_id IS NOT NULL"))
    op.create_foreign_key(op.f("document_claim_id_fkey"), "document", "claim", ["claim_id"], ["id"])
