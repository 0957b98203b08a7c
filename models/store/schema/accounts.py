"""Tables of second factors, attempts, mandates and first readings."""

import sqlalchemy as sa

from models.store.schema.base import NEW_ID, Instant, instant, metadata, new_id
from models.store.schema.sign_in import of_account

totp = sa.Table(
    "totp",
    metadata,
    of_account(primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("last_step", sa.BigInteger, nullable=False, server_default="0"),
    instant("created_at", now=True),
    instant("confirmed_at"),
)
"""The secret of one-time codes, sealed by the master key; codes up to `last_step` are used up."""

passkey = sa.Table(
    "passkey",
    metadata,
    sa.Column("credential", sa.LargeBinary, primary_key=True),
    of_account(),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    instant("created_at", now=True),
    instant("used_at"),
)
sa.Index("passkey_of_account", passkey.c.account_id)

challenge = sa.Table(
    "challenge",
    metadata,
    sa.Column("value", sa.LargeBinary, primary_key=True),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    sa.Column("expires_at", Instant, nullable=False),
)
"""What a passkey must sign: single-use and short-lived; `account_id` is NULL before sign-in."""

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.LargeBinary, nullable=False),
    instant("at", now=True),
)
sa.Index("attempt_of_subject", attempt.c.kind, attempt.c.subject, attempt.c.at)
"""One attempt that may be a guess; `subject` is a keyed digest of the account, address or other origin."""

mandate = sa.Table(
    "mandate",
    metadata,
    new_id(),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), nullable=False),
    of_account(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("given_by", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("party", sa.Uuid(as_uuid=False), nullable=False),
    instant("given_at", now=True),
    instant("accepted_at"),
    instant("revoked_at"),
    sa.CheckConstraint("starts_on <= ends_on", name="period"),
)
sa.Index("mandate_of_account", mandate.c.account_id)
sa.Index("mandate_of_establishment", mandate.c.siret)
"""An agent of record acts for an establishment, for the `party` of whoever mandated it, between two days in Paris, both
included."""

party = sa.Table(
    "party",
    metadata,
    of_account(primary_key=True),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), primary_key=True),
    sa.Column("party", sa.Uuid(as_uuid=False), nullable=False, server_default=NEW_ID),
    sa.Column("department", sa.String(3)),
)
sa.Index("party_of_establishment", party.c.siret)
"""People who act together for an establishment: whoever enrolled it, and those they invited. What is filed names the
party that it was filed for, so that it stays where it was when one of them leaves or joins another. `department` is the
one that they stated: it counts until the register of establishments or an act of operators confirms another."""

stated_place = sa.Table(
    "stated_place",
    metadata,
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), primary_key=True),
    sa.Column("department", sa.String(3), primary_key=True),
    sa.Column("letters", sa.String(4), nullable=False),
    sa.Column("requests", sa.SmallInteger, nullable=False, server_default="0"),
    sa.CheckConstraint("letters ~ '^[A-Z]{4}$'", name="letters"),
    sa.CheckConstraint("requests BETWEEN 0 AND 99", name="requests"),
)
"""The series of an establishment in a département that one of its parties states, beside the establishment's own."""

reading = sa.Table(
    "reading",
    metadata,
    sa.Column("document_id", sa.Uuid(as_uuid=False), sa.ForeignKey("document.id"), primary_key=True),
    of_account(),
    sa.Column("read_at", Instant, nullable=False),
)
"""The first time that a member of the employer's establishment read a document."""
