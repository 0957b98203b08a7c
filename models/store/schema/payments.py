"""Tables of what is paid: payments, the runs that order them of the bank, and what the bank booked.

Money is integer cents. Whom a payment is to, and on which account, is sealed under the key of its case.
"""

from typing import Final

import sqlalchemy as sa

from models.bank_messages import UNBOOKABLE
from models.payment_labels import LIVING, STILL_OURS, PaymentState, RunState
from models.store.schema.base import instant, listed, metadata, new_id, one_of
from models.store.schema.claims import HOURS

NOT_IN_RUN: Final = (*STILL_OURS, PaymentState.STOPPED)


payment_run = sa.Table(
    "payment_run",
    metadata,
    new_id(),
    sa.Column("debtor", sa.Text, nullable=False),
    sa.Column("business_on", sa.Date, nullable=False),
    sa.Column("sequence", sa.SmallInteger, nullable=False),
    sa.Column("message", sa.String(35), nullable=False, unique=True),
    sa.Column("transfers", sa.Integer, nullable=False),
    sa.Column("cents", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("state", sa.Text, nullable=False, server_default=RunState.RESERVED.value),
    sa.Column("reason", sa.Text),
    sa.Column("released_by", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    instant("reserved_at", now=True),
    instant("released_at"),
    instant("put_at"),
    sa.UniqueConstraint("debtor", "business_on", "sequence"),
    sa.CheckConstraint("transfers > 0 AND cents > 0 AND sequence > 0", name="amounts"),
    sa.CheckConstraint(
        "(state = 'reserved') = (released_at IS NULL) AND num_nulls(released_by, released_at) <> 1", name="release"
    ),
    one_of("state", *RunState),
)
"""A file of transfers. Its name, instant and bytes (sealed under a key of the run) are fixed when it is reserved: a
repeated put is the same file."""

payment = sa.Table(
    "payment",
    metadata,
    new_id(),
    sa.Column("claim_id", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id"), nullable=False),
    sa.Column("person_n", sa.Integer),
    sa.Column("attempt", sa.SmallInteger, nullable=False),
    sa.Column("end_to_end", sa.String(35), nullable=False, unique=True),
    sa.Column("hours", HOURS, nullable=False),
    sa.Column("state_cents", sa.BigInteger, nullable=False),
    sa.Column("unedic_cents", sa.BigInteger, nullable=False),
    sa.Column("payee", sa.LargeBinary),
    sa.Column("iban_mark", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default=PaymentState.DUE.value),
    sa.Column("reason", sa.Text),
    sa.Column("run_id", sa.Uuid(as_uuid=False), sa.ForeignKey("payment_run.id")),
    sa.Column("after", sa.Uuid(as_uuid=False), sa.ForeignKey("payment.id"), unique=True),
    instant("ordered_at", now=True),
    instant("booked_at"),
    sa.CheckConstraint("hours >= 0 AND state_cents >= 0 AND unedic_cents >= 0", name="amounts"),
    sa.CheckConstraint("state_cents + unedic_cents > 0", name="something"),
    sa.CheckConstraint("attempt >= 1 AND (attempt = 1) = (after IS NULL)", name="attempt"),
    sa.CheckConstraint(f"(state IN ({listed(NOT_IN_RUN)})) = (run_id IS NULL)", name="run"),
    sa.CheckConstraint("booked_at IS NULL OR state IN ('booked', 'returned')", name="booked"),
    one_of("state", *PaymentState),
)
sa.Index(
    "payment_living",
    payment.c.claim_id,
    payment.c.person_n,
    unique=True,
    postgresql_nulls_not_distinct=True,
    postgresql_where=sa.text(f"state IN ({listed(LIVING)})"),
)
sa.Index("payment_due", payment.c.ordered_at, payment.c.id, postgresql_where=sa.text("state = 'due'"))
sa.Index("payment_of_run", payment.c.run_id)
"""One attempt to pay a claim: to the establishment, or to the person of a line. A further attempt names the one before
in `after`, and has an identifier of its own: the bank never takes the same one twice."""

bank_entry = sa.Table(
    "bank_entry",
    metadata,
    new_id(),
    sa.Column("debtor", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("cents", sa.BigInteger, nullable=False),
    sa.Column("booked_on", sa.Date, nullable=False),
    sa.Column("end_to_end", sa.String(35)),
    sa.Column("batch", sa.String(35)),
    sa.Column("reason", sa.Text),
    sa.Column("payment_id", sa.Uuid(as_uuid=False), sa.ForeignKey("payment.id")),
    instant("seen_at", now=True),
    sa.Column("nth", sa.Integer, nullable=False, server_default="0"),
    sa.UniqueConstraint("debtor", "key", "kind", "end_to_end", "nth", postgresql_nulls_not_distinct=True),
    sa.CheckConstraint("cents > 0", name="cents"),
    one_of("kind", "debit", "return"),
)
sa.Index("bank_entry_suspense", bank_entry.c.booked_on, postgresql_where=sa.text("payment_id IS NULL"))
sa.Index("bank_entry_of_payment", bank_entry.c.payment_id, bank_entry.c.kind, unique=True)
"""What the bank booked on the debtor account, once: by its own key, which the transfers of one entry share, and `nth`
of those that bear one identifier. Without a payment it is in suspense, and the reconciliation is not zero. An entry of
a whole run, which names its `batch` alone, is kept as the transfers of the run once they make its sum."""

bank_set_aside = sa.Table(
    "bank_set_aside",
    metadata,
    new_id(),
    sa.Column("debtor", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("fault", sa.Text, nullable=False),
    sa.Column("booked_on", sa.Date),
    instant("seen_at", now=True),
    sa.UniqueConstraint("debtor", "key", "fault"),
    one_of("fault", *UNBOOKABLE),
)
"""An entry of the bank that cannot be booked, and why: a person looks for it at the bank, by its key. Its amount, in
another currency, nothing, above what the register keeps, or another than before, is not kept."""
