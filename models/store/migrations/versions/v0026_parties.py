"""What is filed names the party that it was filed for, and a mandate the party that gave it.

What was filed before stays with the party that its filer has now: who sees it does not change by this. Agents of record
belong to no party any more: their mandates say for whom they act.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_OF_FILER = "(SELECT p.party FROM party p WHERE p.siret = {0}.siret AND p.account_id = {0}.{1})"


def upgrade() -> None:
    op.create_index("party_of_establishment", "party", ["siret"])
    for table in ("request", "draft", "mandate"):
        op.add_column(table, sa.Column("party", sa.Uuid()))
    for table in ("request", "draft"):
        op.execute(f"UPDATE {table} SET party = {_OF_FILER.format(table, 'account_id')}")  # noqa: S608
    op.execute(f"UPDATE mandate SET party = coalesce({_OF_FILER.format('mandate', 'given_by')}, uuidv7())")  # noqa: S608
    op.alter_column("mandate", "party", nullable=False)
    op.execute(
        "DELETE FROM party p USING mandate m WHERE m.siret = p.siret AND m.account_id = p.account_id AND NOT EXISTS ("
        " SELECT FROM account_establishment l WHERE l.siret = p.siret AND l.account_id = p.account_id)"
    )
