"""The register."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.execute((SQL / "0001_before.sql").read_text("utf-8"))
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("departments", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role IN ('employer', 'agent', 'head', 'operator')", name=op.f("account_role_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("account_pkey")),
    )
    op.create_table(
        "anchor",
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column(
            "stamped_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("upto", name=op.f("anchor_pkey")),
    )
    op.create_table(
        "case_key",
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name=op.f("case_key_destroyed_check")
        ),
        sa.PrimaryKeyConstraint("workflow_id", name=op.f("case_key_pkey")),
    )
    op.create_table(
        "deposit",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "reserved_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("deposit_pkey")),
        sa.UniqueConstraint("name", name=op.f("deposit_name_key")),
    )
    op.create_table(
        "errand",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("given", sa.LargeBinary(), nullable=True),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("made", sa.LargeBinary(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("errand_pkey")),
    )
    op.create_table(
        "establishment",
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("letters", sa.String(length=4), nullable=False),
        sa.Column("requests", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.CheckConstraint("letters ~ '^[A-Z]{4}$'", name=op.f("establishment_letters_check")),
        sa.CheckConstraint("requests BETWEEN 0 AND 99", name=op.f("establishment_requests_check")),
        sa.PrimaryKeyConstraint("siret", name=op.f("establishment_pkey")),
        sa.UniqueConstraint("department", "letters", name=op.f("establishment_department_letters_key")),
    )
    op.create_table(
        "event",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "seq", name=op.f("event_pkey")),
        sa.UniqueConstraint("position", name=op.f("event_position_key")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("parent", sa.String(length=55), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
    )
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["workflow_id", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "account_establishment",
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("account_establishment_account_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["siret"], ["establishment.siret"], name=op.f("account_establishment_siret_fkey")
        ),
        sa.PrimaryKeyConstraint("account_id", "siret", name=op.f("account_establishment_pkey")),
    )
    op.create_table(
        "file",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("file_account_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("file_pkey")),
    )
    op.create_table(
        "idempotency",
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("idempotency_account_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("idempotency_pkey")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["resumed_by"], ["account.id"], name=op.f("incident_resumed_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("incident_pkey")),
    )
    op.create_index(
        "incident_open",
        "incident",
        ["workflow_id", "act"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "notice",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("notice_account_id_fkey")),
        sa.PrimaryKeyConstraint("key", name=op.f("notice_pkey")),
    )
    op.create_index(
        "notice_waiting", "notice", ["workflow_id"], unique=False, postgresql_where=sa.text("sent_at IS NULL")
    )
    op.create_table(
        "request",
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("channel", sa.Text(), server_default="online", nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("perimeter", sa.Text(), nullable=False),
        sa.Column("placement_on", sa.Date(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("employees", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("direct_payment", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "commitments", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("law_on", sa.Date(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_offset", sa.Interval(), server_default=sa.text("interval '0'"), nullable=False),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            sa.Computed("due_at(deadline_at, clock_offset)", persisted=True),
            nullable=True,
        ),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("effect_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed("request_status(outcome, deadline_at, closed_at)", persisted=True),
            nullable=False,
        ),
        sa.Column("assigned_to", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("signals", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.CheckConstraint("channel IN ('online', 'paper')", name=op.f("request_channel_check")),
        sa.CheckConstraint("clock_offset >= interval '0'", name=op.f("request_clock_offset_check")),
        sa.CheckConstraint(
            "outcome IN ('granted', 'tacit', 'refused', 'desisted')", name=op.f("request_outcome_check")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (effect_at IS NULL)", name=op.f("request_effect_check")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("request_account_id_fkey")),
        sa.ForeignKeyConstraint(["assigned_to"], ["account.id"], name=op.f("request_assigned_to_fkey")),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("request_siret_fkey")),
        sa.PrimaryKeyConstraint("reference", name=op.f("request_pkey")),
    )
    op.create_index(
        "request_desk",
        "request",
        [
            "department",
            sa.literal_column("(outcome IS NOT NULL)"),
            sa.literal_column("coalesce(deadline_at, 'infinity'::timestamptz)"),
            "reference",
        ],
        unique=False,
    )
    op.create_index(
        "request_due",
        "request",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("outcome IS NULL AND due_at IS NOT NULL"),
    )
    op.create_index("request_of_establishment", "request", ["siret"], unique=False)
    op.create_table(
        "token",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("token_account_id_fkey")),
        sa.PrimaryKeyConstraint("digest", name=op.f("token_pkey")),
    )
    op.create_table(
        "checklist",
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("agent_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "attested_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("checklist_agent_id_fkey")),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("checklist_reference_fkey")),
        sa.PrimaryKeyConstraint("reference", "version", name=op.f("checklist_pkey")),
    )
    op.create_table(
        "completion",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("agent_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("pieces", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="registered", nullable=False),
        sa.Column("supplied", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('registered', 'notified', 'fulfilled', 'cancelled', 'void')",
            name=op.f("completion_state_check"),
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("completion_agent_id_fkey")),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("completion_reference_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("completion_pkey")),
    )
    op.create_index("completion_of_case", "completion", ["reference"], unique=False)
    op.create_index(
        "completion_pending",
        "completion",
        ["reference"],
        unique=True,
        postgresql_where=sa.text("state IN ('registered', 'notified')"),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("partial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("grounds", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column(
            "commitments", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="registered", nullable=False),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("siret"), "="),
            (sa.column("ground"), "="),
            (sa.text("daterange(start_on, end_on, '[]')"), "&&"),
            where=sa.text("outcome = 'grant' AND state IN ('registered', 'signed', 'notified')"),
            using="gist",
            name="decision_overlap",
        ),
        sa.CheckConstraint("outcome IN ('grant', 'refusal')", name=op.f("decision_outcome_check")),
        sa.CheckConstraint(
            "state IN ('registered', 'signed', 'notified', 'void', 'cancelled')",
            name=op.f("decision_state_check"),
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("decision_agent_id_fkey")),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("decision_reference_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("decision_pkey")),
    )
    op.create_index("decision_of_case", "decision", ["reference"], unique=False)
    op.create_index(
        "decision_standing",
        "decision",
        ["reference"],
        unique=True,
        postgresql_where=sa.text("state IN ('registered', 'signed', 'notified')"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("document_reference_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("document_pkey")),
        sa.UniqueConstraint("reference", "kind", "subject", name=op.f("document_reference_kind_subject_key")),
    )
    op.create_index("document_sha256", "document", ["sha256"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("placement_on", sa.Date(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("law_on", sa.Date(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("reference", sa.String(length=9), nullable=True),
        sa.Column("clock_offset", sa.Interval(), server_default=sa.text("interval '0'"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("(status = 'filed') = (reference IS NOT NULL)", name=op.f("draft_filed_check")),
        sa.CheckConstraint("status IN ('draft', 'filed', 'lapsed')", name=op.f("draft_status_check")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("draft_account_id_fkey")),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("draft_reference_fkey")),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("draft_siret_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("draft_pkey")),
        sa.UniqueConstraint("reference", name=op.f("draft_reference_key")),
    )
    op.create_index("draft_of_establishment", "draft", ["siret", "status"], unique=False)
    op.create_table(
        "nominal",
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("circumstances", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("nominal_reference_fkey")),
        sa.PrimaryKeyConstraint("reference", name=op.f("nominal_pkey")),
    )
    op.create_index("nominal_iban", "nominal", ["iban"], unique=False)
    op.create_table(
        "opinion",
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("opinion_file_id_fkey")),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("opinion_reference_fkey")),
        sa.PrimaryKeyConstraint("reference", "version", name=op.f("opinion_pkey")),
    )
    op.create_table(
        "receipt",
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("last_day_on", sa.Date(), nullable=False),
        sa.Column("tacit_acceptance_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("receipt_reference_fkey")),
        sa.PrimaryKeyConstraint("reference", "version", name=op.f("receipt_pkey")),
    )
    op.create_table(
        "deposit_row",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("document_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("deposit_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("deposit_row_deposit_id_fkey")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("deposit_row_document_id_fkey")),
        sa.ForeignKeyConstraint(
            ["reference"], ["request.reference"], name=op.f("deposit_row_reference_fkey")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("deposit_row_pkey")),
        sa.UniqueConstraint("deposit_id", "line", name=op.f("deposit_row_deposit_id_line_key")),
    )
    op.create_index(
        "deposit_row_ready",
        "deposit_row",
        ["channel", "created_at"],
        unique=False,
        postgresql_where=sa.text("deposit_id IS NULL"),
    )
    op.execute((SQL / "0001_after.sql").read_text("utf-8"))
