"""Table of the changes of bank account that employers ask for: an agent decides on each, silence never does."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from models.store.schema.base import instant, metadata, of_case, one_of

bank_change = sa.Table(
    "bank_change",
    metadata,
    sa.Column("number", sa.String(11), primary_key=True),
    of_case(),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("iban", sa.Text, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("iban_mark", sa.LargeBinary, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="received"),
    sa.Column("decision_id", sa.Text, unique=True),
    sa.Column("agent_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    sa.Column("delegation_id", sa.Uuid(as_uuid=False), sa.ForeignKey("delegation.id")),
    sa.Column("outcome", sa.Text),
    sa.Column("grounds", pg.JSONB, nullable=False, server_default="[]"),
    sa.Column("body_digest", sa.LargeBinary),
    instant("received_at", now=True),
    instant("decided_at"),
    instant("effective_at"),
    one_of("state", "received", "decided", "changed", "refused"),
    one_of("outcome", "grant", "refusal"),
    sa.CheckConstraint("number LIKE reference || '__'", name="number"),
    sa.CheckConstraint(
        "(state = 'received') = (outcome IS NULL) AND num_nulls(decision_id, agent_id, delegation_id, outcome,"
        " body_digest, decided_at) IN (0, 6)",
        name="decided",
    ),
)
sa.Index(
    "bank_change_pending",
    bank_change.c.reference,
    unique=True,
    postgresql_where=sa.text("state IN ('received', 'decided')"),
)
sa.Index("bank_change_of_case", bank_change.c.reference)
"""One row a change, numbered like an amendment of its authorization (`034AQHV0201`); one waits at a time."""
