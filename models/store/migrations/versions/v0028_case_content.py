"""Messages of a case, deleted drafts, the cases that cite a file, and what lists are searched and sorted by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"

NAME_WORDS = (
    "to_tsvector('simple'::regconfig,"
    " translate(lower(name), 'àâäáãåçéèêëíìîïñóòôöõúùûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy'))"
)


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("reference", sa.String(9), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), server_default=sa.text("new_salt()"), nullable=False),
        sa.Column("files", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("side IN ('employer', 'agent')", name=op.f("message_side_check")),
        sa.ForeignKeyConstraint(["reference"], ["request.reference"], name=op.f("message_reference_fkey")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("message_account_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("message_pkey")),
    )
    op.create_index("message_of_case", "message", ["reference", "id"])
    cites = sa.text("files <> '[]'::jsonb")
    op.create_index("message_files", "message", ["files"], postgresql_using="gin", postgresql_where=cites)
    op.create_index("request_scan", "request", ["scan_id"], postgresql_where=sa.text("scan_id IS NOT NULL"))
    op.create_index("opinion_file", "opinion", ["file_id"], postgresql_where=sa.text("file_id IS NOT NULL"))
    supplied = sa.text("jsonb_path_query_array(supplied, '$.*.\"file\"')")
    op.create_index("completion_files", "completion", [supplied], postgresql_using="gin")
    op.create_index("request_received", "request", ["department", "received_at", "reference"])
    op.create_index("event_recorded", "event", ["recorded_at"], postgresql_using="brin")
    op.create_index("establishment_words", "establishment", [sa.text(NAME_WORDS)], postgresql_using="gin")
    op.create_index(
        "establishment_siret", "establishment", ["siret"], postgresql_ops={"siret": "text_pattern_ops"}
    )
    # Parts of a file that is not compressed are read without reading the whole.
    op.execute("ALTER TABLE file ALTER COLUMN bytes SET STORAGE EXTERNAL")
    op.drop_constraint("draft_status_check", "draft")
    op.create_check_constraint(
        op.f("draft_status_check"), "draft", "status IN ('draft', 'filed', 'lapsed', 'deleted')"
    )
