"""What is said of files belongs to the party that said it: another party of the establishment never reads by it."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.add_column("import_profile", sa.Column("party", sa.Uuid(as_uuid=False)))
