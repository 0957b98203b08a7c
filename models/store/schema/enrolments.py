"""Tables of enrolment: requests to enrol an establishment, and the terms of use accepted."""

import sqlalchemy as sa

from models.store.schema.base import NO_OFFSET, Instant, instant, metadata, new_id, one_of

terms = sa.Table(
    "terms",
    metadata,
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    instant("kept_at", now=True),
)
"""Terms of use as they were accepted, stored because later releases may not contain them."""

enrolment = sa.Table(
    "enrolment",
    metadata,
    new_id(),
    sa.Column("siret", sa.String(14), nullable=False),
    sa.Column("department", sa.String(3), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("quality", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    sa.Column("terms_version", sa.Text, sa.ForeignKey("terms.version"), nullable=False),
    sa.Column("law_on", sa.Date),
    sa.Column("request_digest", sa.LargeBinary, unique=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("alert_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("version", sa.SmallInteger, nullable=False, server_default="1"),
    instant("asked_at", now=True),
    instant("issued_at"),
    instant("expires_at"),
    instant("alerted_at"),
    instant("breached_at"),
    instant("sent_at"),
    instant("ended_at"),
    sa.Column("listed", sa.Text),
    sa.Column("receipt", sa.LargeBinary),
    sa.Column("receipt_sha256", sa.String(64)),
    instant("sealed_at"),
    sa.Column("clock_offset", sa.Interval, nullable=False, server_default=NO_OFFSET),
    one_of("status", "open", "activated", "lapsed", "redundant"),
    one_of("listed", "active", "ceased", "unknown", "away", "unasked"),
    sa.CheckConstraint("(account_id IS NULL) = (status = 'redundant')", name="account"),
    sa.CheckConstraint("(ended_at IS NULL) = (status = 'open')", name="ended"),
    sa.CheckConstraint("(receipt IS NULL) = (receipt_sha256 IS NULL)", name="receipt"),
)
"""One request to enrol; `redundant` when the establishment was already enrolled, or about to be.
`version` counts the credentials issued: each code is derived from the master key, its digest is in `code`."""
sa.Index(
    "enrolment_open",
    enrolment.c.siret,
    unique=True,
    postgresql_where=sa.text("status = 'open'"),
)
sa.Index("enrolment_of_establishment", enrolment.c.siret, enrolment.c.id)
sa.Index("enrolment_of_account", enrolment.c.account_id)
sa.Index("enrolment_receipt_sha256", enrolment.c.receipt_sha256)
sa.Index(
    "enrolment_unsent",
    enrolment.c.requested_at,
    postgresql_where=sa.text("status = 'open' AND sent_at IS NULL"),
)
