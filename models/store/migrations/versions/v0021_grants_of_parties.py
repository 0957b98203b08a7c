"""Express grants of one establishment may overlap if different parties filed for them: one may be a stranger."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

IN_FORCE = "state IN ('registered', 'signed', 'notified')"
NOBODY = "'00000000-0000-0000-0000-000000000000'"


def upgrade() -> None:
    op.add_column("decision", sa.Column("party", sa.Uuid()))
    op.execute(
        "UPDATE decision d SET party = p.party FROM request r, party p"
        " WHERE r.reference = d.reference AND p.siret = r.siret AND p.account_id = r.account_id"
    )
    op.drop_constraint("decision_overlap", "decision")
    op.execute(
        "ALTER TABLE decision ADD CONSTRAINT decision_overlap EXCLUDE USING gist"
        f" (siret WITH =, ground WITH =, coalesce(party, {NOBODY}) WITH =, daterange(start_on, end_on, '[]') WITH &&)"
        f" WHERE (outcome = 'grant' AND NOT other_employees AND {IN_FORCE})"
    )
