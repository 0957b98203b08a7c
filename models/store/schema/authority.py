"""Tables of authority: who may speak for an establishment, and what holds up a hand-over to the paying agency."""

import sqlalchemy as sa

from models.labels import HoldReason, Proof
from models.store.schema.base import instant, metadata, new_id, of_case, one_of
from models.store.schema.sign_in import of_account


def _account(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"))


authority = sa.Table(
    "authority",
    metadata,
    new_id(),
    of_account(),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), nullable=False),
    sa.Column("proof", sa.Text, nullable=False),
    instant("proven_at", now=True),
    _account("proven_by"),
    sa.Column("inherited_from", sa.Uuid(as_uuid=False), sa.ForeignKey("authority.id")),
    sa.Column("mandate_id", sa.Uuid(as_uuid=False), sa.ForeignKey("mandate.id")),
    sa.Column("evidence", sa.String(64)),
    sa.Column("reason", sa.Text),
    instant("ended_at"),
    sa.Column("ending", sa.Text),
    one_of("proof", *Proof),
    one_of("ending", "left", "revoked"),
    sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended"),
)
"""The proof that an account may speak for an establishment. `evidence` is a SHA-256 of what proved it; `reason` is
an agent's. One that was inherited names its giver's, and its mandate if it was given by one."""
sa.Index(
    "authority_of_member",
    authority.c.account_id,
    authority.c.siret,
    unique=True,
    postgresql_where=sa.text("ended_at IS NULL AND mandate_id IS NULL"),
)
sa.Index(
    "authority_of_mandate",
    authority.c.mandate_id,
    unique=True,
    postgresql_where=sa.text("ended_at IS NULL AND mandate_id IS NOT NULL"),
)
sa.Index("authority_of_establishment", authority.c.siret, authority.c.account_id)

hand_over_hold = sa.Table(
    "hand_over_hold",
    metadata,
    new_id(),
    of_case(),
    sa.Column("reason", sa.Text, nullable=False),
    instant("held_at", now=True),
    _account("held_by"),
    instant("released_at"),
    _account("released_by"),
    one_of("reason", *HoldReason),
)
"""A reason not to hand a case to the paying agency yet; it is handed over when none is left."""
sa.Index(
    "hand_over_hold_standing",
    hand_over_hold.c.reference,
    hand_over_hold.c.reason,
    unique=True,
    postgresql_where=sa.text("released_at IS NULL"),
)

letter = sa.Table(
    "letter",
    metadata,
    new_id(),
    of_account(),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), nullable=False),
    instant("requested_at", now=True),
    instant("ordered_at"),
    _account("ordered_by"),
    sa.Column("digest", sa.LargeBinary),
    instant("printed_at"),
    instant("expires_at"),
    sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"),
    instant("used_at"),
    instant("dropped_at"),
    sa.CheckConstraint("used_at IS NULL OR dropped_at IS NULL", name="one_end"),
)
"""A letter with a code that proves an authority: requested by the account, printed by order of an operator. Neither
the letter nor its code is kept: `digest` is a keyed digest of the code. `tries` counts the wrong ones."""
sa.Index(
    "letter_living",
    letter.c.account_id,
    letter.c.siret,
    unique=True,
    postgresql_where=sa.text("used_at IS NULL AND dropped_at IS NULL"),
)
