"""Several enrolments of one establishment may be open at once; people who act together for it form a party."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("runs_by_siret", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("enrolment", sa.Column("activated_by", sa.Uuid(as_uuid=False)))
    op.create_foreign_key(op.f("enrolment_activated_by_fkey"), "enrolment", "account", ["activated_by"], ["id"])
    op.execute("UPDATE enrolment SET runs_by_siret = true")
    op.drop_constraint(op.f("enrolment_account_check"), "enrolment")
    op.create_check_constraint(
        op.f("enrolment_account_check"), "enrolment", "account_id IS NOT NULL OR status = 'redundant'"
    )
    op.drop_index("enrolment_open", "enrolment")
    op.create_index("enrolment_open", "enrolment", ["siret"], postgresql_where=sa.text("status = 'open'"))
    op.create_table(
        "party",
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("siret", sa.String(14), nullable=False),
        sa.Column("party", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("party_account_id_fkey")),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("party_siret_fkey")),
        sa.PrimaryKeyConstraint("account_id", "siret", name=op.f("party_pkey")),
    )
    # Everybody who acts, or has acted, for an establishment until now acted together.
    op.execute(
        "INSERT INTO party (account_id, siret, party) SELECT a.account_id, a.siret, p.party FROM"
        " (SELECT account_id, siret FROM account_establishment UNION SELECT account_id, siret FROM mandate"
        " UNION SELECT account_id, siret FROM request UNION SELECT account_id, siret FROM draft) a"
        " JOIN (SELECT siret, uuidv7() AS party FROM establishment) p USING (siret)"
    )
