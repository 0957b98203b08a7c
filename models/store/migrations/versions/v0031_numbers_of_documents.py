"""Each document has a number of its own, and a code printed on it of which the digest is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("document", sa.Column("serial", sa.Text()))
    op.add_column("document", sa.Column("code_digest", sa.LargeBinary()))
    op.create_unique_constraint(op.f("document_serial_key"), "document", ["serial"])
    op.create_unique_constraint(op.f("document_code_digest_key"), "document", ["code_digest"])
    op.add_column("enrolment", sa.Column("receipt_serial", sa.Text()))
    op.add_column("enrolment", sa.Column("receipt_code", sa.LargeBinary()))
    op.create_unique_constraint(op.f("enrolment_receipt_serial_key"), "enrolment", ["receipt_serial"])
    op.create_unique_constraint(op.f("enrolment_receipt_code_key"), "enrolment", ["receipt_code"])
