"""Tables of documents, events, keys, messages, notices, incidents, deposits and jobs."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from models.store.schema.base import NOW, Instant, instant, metadata, new_id, of_case, salt

document = sa.Table(
    "document",
    metadata,
    new_id(),
    of_case(),
    sa.Column("claim_id", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id")),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
    sa.Column("signed_at", Instant, nullable=False),
    instant("published_at"),
    sa.Column("serial", sa.Text, unique=True),
    sa.Column("code_digest", sa.LargeBinary, unique=True),
    sa.UniqueConstraint("reference", "kind", "subject"),
)
sa.Index("document_sha256", document.c.sha256)
sa.Index("document_of_claim", document.c.claim_id, postgresql_where=sa.text("claim_id IS NOT NULL"))
"""Sealed bytes, stored once by business key; readable by the employer from `published_at`. Those of a claim are not
among the facts of its case: their events are in its chain."""

event = sa.Table(
    "event",
    metadata,
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), nullable=False, unique=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("actor_role", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Uuid(as_uuid=False)),
    sa.Column("data", pg.JSONB, nullable=False),
    sa.Column("facts", pg.JSONB),
    sa.Column("digest", sa.LargeBinary, nullable=False),
)
sa.Index(
    "event_of_authority",
    sa.text("(data ->> 'siret')"),
    _table=event,
    postgresql_where=sa.text("type IN ('authority_changed', 'authority_proven', 'authority_revoked')"),
)
"""Append-only, hash-chained by subject by `append_event`; holds references and digests, never nominal text.
`facts` are digests of the rows that the event makes true (`models.store.journal.facts`); NULL in events of before."""

anchor = sa.Table(
    "anchor",
    metadata,
    sa.Column("upto", sa.BigInteger, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("token", sa.LargeBinary, nullable=False),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    instant("stamped_at", now=True),
)
"""A time-stamp (RFC 3161) on every event up to a position; each digest covers the previous anchor."""

anchor_copy = sa.Table(
    "anchor_copy",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    instant("copied_at", now=True),
)
"""An anchor whose copy is outside this register, under this name."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("everything", sa.Boolean, nullable=False),
    sa.Column("upto", sa.BigInteger, nullable=False),
    sa.Column("events", sa.BigInteger, nullable=False),
    sa.Column("anchors", sa.Integer, nullable=False),
    sa.Column("broken", pg.JSONB, nullable=False),
    instant("ended_at", now=True),
)
"""Verdicts of the nightly audit: what was examined, up to which position, and what was found broken."""

case_key = sa.Table(
    "case_key",
    metadata,
    sa.Column("workflow_id", sa.Text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary),
    instant("created_at", now=True),
    instant("destroyed_at"),
    sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("body_digest", sa.LargeBinary, nullable=False),
    sa.Column("answer", sa.Text),
    instant("created_at", now=True),
)
"""`answer` is the id of what was created (reference, draft or file), or the codes of what was released; no content."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("workflow_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("parent", sa.String(55)),
    instant("created_at", now=True),
    instant("done_at"),
)
sa.Index("outbox_waiting", outbox.c.workflow_id, outbox.c.id, postgresql_where=sa.text("done_at IS NULL"))
"""Messages to the engine, in order for each workflow: `start`, `decide`, `complete`, …
`parent` continues the trace of the call that caused the message, in the form of `traceparent`."""

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("workflow_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("data", pg.JSONB, nullable=False, server_default="{}"),
    instant("created_at", now=True),
    instant("not_before"),
    instant("refused_at"),
    instant("sent_at"),
    sa.Column("given_up", sa.Text),
)
sa.Index("notice_waiting", notice.c.workflow_id, postgresql_where=sa.text("sent_at IS NULL"))
"""A mail to send, written in the transaction of what it announces; its Message-ID comes from `key`.

`not_before` is set for one that has a place in the queue of strangers' mails. `refused_at` is when its mailbox first
refused it for now, `given_up` why it will never leave; one that is given up has its `sent_at`, since nothing waits any
more.
"""

incident = sa.Table(
    "incident",
    metadata,
    new_id(),
    sa.Column("workflow_id", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("part", sa.Text, nullable=False),
    instant("opened_at", now=True),
    instant("resumed_at"),
    sa.Column("resumed_by", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    sa.Column("reason", sa.Text),
    instant("closed_at"),
)
sa.Index(
    "incident_open",
    incident.c.workflow_id,
    incident.c.act,
    unique=True,
    postgresql_where=sa.text("closed_at IS NULL"),
)

deposit = sa.Table(
    "deposit",
    metadata,
    new_id(),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    salt(),
    instant("reserved_at", now=True),
    instant("written_at"),
    sa.Column("runs", sa.SmallInteger, nullable=False, server_default="0"),
    instant("resent_at"),
    instant("asked_again_at"),
    instant("answered_at"),
)
sa.Index(
    "deposit_unanswered",
    deposit.c.channel,
    postgresql_where=sa.text("written_at IS NOT NULL AND answered_at IS NULL"),
)
"""A file for the agency. `runs` read its answers without finding them all; it is sent again once, at `resent_at`, and
once more for each act of two operators, the last at `asked_again_at`: the agency’s silence is counted anew then."""
deposit_row = sa.Table(
    "deposit_row",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    of_case(),
    sa.Column("claim_id", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id"), unique=True),
    sa.Column("document_id", sa.Uuid(as_uuid=False), sa.ForeignKey("document.id"), nullable=False),
    sa.Column("created_at", Instant, nullable=False, server_default=NOW),
    sa.Column("deposit_id", sa.Uuid(as_uuid=False), sa.ForeignKey("deposit.id")),
    sa.Column("line", sa.Integer),
    sa.UniqueConstraint("deposit_id", "line"),
)
sa.Index(
    "deposit_row_ready",
    deposit_row.c.channel,
    deposit_row.c.created_at,
    postgresql_where=sa.text("deposit_id IS NULL"),
)
"""An authorization or a claim to hand over; `key` digests (type, SIRET, number, version): a repeat is the same row."""

errand = sa.Table(
    "errand",
    metadata,
    new_id(),
    sa.Column("given", sa.LargeBinary),
    sa.Column("told", pg.JSONB),
    sa.Column("made", sa.LargeBinary),
    instant("created_at", now=True),
)
"""A job that a caller waits for: input `given` until it is done, then answer `told` and document `made` until read."""
