"""Letters with a code that proves the authority of an account over an establishment; proofs at a provider of firms."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(as_uuid=False), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("siret", sa.String(14), nullable=False),
        _instant("requested_at", now=True),
        _instant("ordered_at"),
        sa.Column("ordered_by", sa.Uuid(as_uuid=False)),
        sa.Column("digest", sa.LargeBinary()),
        _instant("printed_at"),
        _instant("expires_at"),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        _instant("used_at"),
        _instant("dropped_at"),
        sa.CheckConstraint("used_at IS NULL OR dropped_at IS NULL", name=op.f("letter_one_end_check")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("letter_account_id_fkey")),
        sa.ForeignKeyConstraint(["siret"], ["establishment.siret"], name=op.f("letter_siret_fkey")),
        sa.ForeignKeyConstraint(["ordered_by"], ["account.id"], name=op.f("letter_ordered_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("letter_pkey")),
    )
    living = sa.text("used_at IS NULL AND dropped_at IS NULL")
    op.create_index("letter_living", "letter", ["account_id", "siret"], unique=True, postgresql_where=living)
    op.add_column("sign_in", sa.Column("account_id", sa.Uuid(as_uuid=False)))
    op.add_column("sign_in", sa.Column("siret", sa.String(14)))
    op.create_foreign_key(op.f("sign_in_account_id_fkey"), "sign_in", "account", ["account_id"], ["id"])
    op.create_check_constraint(op.f("sign_in_proof_check"), "sign_in", "(account_id IS NULL) = (siret IS NULL)")


def _instant(name: str, *, now: bool = False) -> sa.Column[object]:
    default = sa.text("clock_timestamp()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not now)
