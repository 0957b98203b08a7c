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
    sa.Column("runs_by_siret", sa.Boolean, nullable=False, server_default=sa.false()),
    instant("mailed_from"),
    sa.Column("late_why", sa.Text),
    sa.Column("receipt_serial", sa.Text, unique=True),
    sa.Column("receipt_code", sa.LargeBinary, unique=True),
    sa.Column("activated_by", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    one_of("status", "open", "activated", "lapsed", "redundant"),
    one_of("late_why", "mail", "mailbox", "mail_queue"),
    one_of("listed", "active", "ceased", "unknown", "undisclosed", "away", "unasked"),
    sa.CheckConstraint("account_id IS NOT NULL OR status = 'redundant'", name="account"),
    sa.CheckConstraint("(ended_at IS NULL) = (status = 'open')", name="ended"),
    sa.CheckConstraint("(receipt IS NULL) = (receipt_sha256 IS NULL)", name="receipt"),
)
"""One request to enrol, of which an establishment may have several; `redundant` when no code is issued for it.
`version` counts the credentials issued: each code is derived from the master key, its digest is in `code`.
`runs_by_siret`: its process has the id of earlier releases, `enrolment:<SIRET>`. `activated_by` is the account that
its code opened, NULL for those activated before this column. `mailed_from`: when the mail of its credentials may leave,
if it waits in the queue of strangers' mails. `late_why`: why they had not left by the alert, then by the limit; only
`mail` is a delay of ours."""
sa.Index("enrolment_open", enrolment.c.siret, postgresql_where=sa.text("status = 'open'"))
sa.Index("enrolment_of_establishment", enrolment.c.siret, enrolment.c.id)
sa.Index("enrolment_of_account", enrolment.c.account_id)
sa.Index("enrolment_receipt_sha256", enrolment.c.receipt_sha256)
sa.Index(
    "enrolment_unsent",
    enrolment.c.requested_at,
    postgresql_where=sa.text("status = 'open' AND sent_at IS NULL"),
)

mail_queue = sa.Table(
    "mail_queue",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("upto", Instant, nullable=False),
)
"""How far the places of a queue of mails are given: one row, which moves by the pace of the queue at each mail."""
