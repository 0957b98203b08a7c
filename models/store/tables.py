"""The tables of the register. Constraints say what can never be; none of them can make silence fail.

`request.due_at` is the deadline by the database's clock: the legal deadline less the case's clock offset
(zero outside the development profile). `request.status` is derived, never written.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

Instant = sa.DateTime(timezone=True)
NEW_ID = sa.text("uuidv7()")
NOW = sa.text("clock_timestamp()")
NO_OFFSET = sa.text("interval '0'")


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.Uuid(as_uuid=False), primary_key=True, server_default=NEW_ID)


def _case(**options: object) -> sa.Column[str]:
    return sa.Column("reference", sa.String(9), sa.ForeignKey("request.reference"), nullable=False, **options)  # type: ignore[arg-type]


def _at(name: str, *, now: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant, nullable=not now, server_default=NOW if now else None)


def _one_of(column: str, *values: str, name: str | None = None) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=name or column)


establishment = sa.Table(
    "establishment",
    metadata,
    sa.Column("siret", sa.String(14), primary_key=True),
    sa.Column("department", sa.String(3), nullable=False),
    sa.Column("letters", sa.String(4), nullable=False),
    sa.Column("requests", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.UniqueConstraint("department", "letters"),
    sa.CheckConstraint("letters ~ '^[A-Z]{4}$'", name="letters"),
    sa.CheckConstraint("requests BETWEEN 0 AND 99", name="requests"),
)
"""`letters` are given once; `requests` numbers its requests, 01 to 99."""

account = sa.Table(
    "account",
    metadata,
    _id(),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("departments", pg.ARRAY(sa.Text), nullable=False, server_default="{}"),
    _at("created_at", now=True),
    _one_of("role", "employer", "agent", "head", "operator"),
)
account_establishment = sa.Table(
    "account_establishment",
    metadata,
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), primary_key=True),
)
token = sa.Table(
    "token",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    _at("created_at", now=True),
    _at("expires_at"),
    _at("revoked_at"),
)

file = sa.Table(
    "file",
    metadata,
    _id(),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
    _at("created_at", now=True),
)

request = sa.Table(
    "request",
    metadata,
    sa.Column("reference", sa.String(9), primary_key=True),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), nullable=False),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("department", sa.String(3), nullable=False),
    sa.Column("channel", sa.Text, nullable=False, server_default="online"),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("perimeter", sa.Text, nullable=False),
    sa.Column("placement_on", sa.Date, nullable=False),
    sa.Column("start_on", sa.Date, nullable=False),
    sa.Column("end_on", sa.Date, nullable=False),
    sa.Column("headcount", sa.Integer, nullable=False),
    sa.Column("employees", sa.Integer, nullable=False),
    sa.Column("hours", sa.Numeric(12, 2), nullable=False),
    sa.Column("direct_payment", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("commitments", pg.JSONB, nullable=False, server_default="[]"),
    sa.Column("law_on", sa.Date),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("deadline_at", Instant),
    sa.Column("clock_offset", sa.Interval, nullable=False, server_default=NO_OFFSET),
    sa.Column("due_at", Instant, sa.Computed("due_at(deadline_at, clock_offset)", persisted=True)),
    sa.Column("outcome", sa.Text),
    sa.Column("effect_at", Instant),
    sa.Column("notified_at", Instant),
    sa.Column("recorded_at", Instant),
    sa.Column("closed_at", Instant),
    sa.Column(
        "status",
        sa.Text,
        sa.Computed("request_status(outcome, deadline_at, closed_at)", persisted=True),
        nullable=False,
    ),
    sa.Column("assigned_to", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    sa.Column("signals", pg.JSONB, nullable=False, server_default="[]"),
    _one_of("channel", "online", "paper"),
    _one_of("outcome", "granted", "tacit", "refused", "desisted"),
    sa.CheckConstraint("(outcome IS NULL) = (effect_at IS NULL)", name="effect"),
    sa.CheckConstraint("clock_offset >= interval '0'", name="clock_offset"),
)
"""One row a request: the row that arbitrates. `deadline_at` is NULL while the clock is stopped."""
sa.Index(
    "request_due",
    request.c.due_at,
    postgresql_where=sa.text("outcome IS NULL AND due_at IS NOT NULL"),
)
sa.Index("request_desk", request.c.department, request.c.deadline_at)
sa.Index("request_of_establishment", request.c.siret)

nominal = sa.Table(
    "nominal",
    metadata,
    _case(primary_key=True),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("circumstances", sa.Text, nullable=False),
    sa.Column("iban", sa.Text, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
)
"""What names persons or accounts, apart so that it can be erased alone (R. 5122-24)."""

receipt = sa.Table(
    "receipt",
    metadata,
    _case(primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("last_day_on", sa.Date, nullable=False),
    sa.Column("tacit_acceptance_at", Instant, nullable=False),
    sa.Column("why", pg.JSONB, nullable=False),
)
"""What each reception fixed; never computed again."""

opinion = sa.Table(
    "opinion",
    metadata,
    _case(primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("given_on", sa.Date),
    sa.Column("file_id", sa.Uuid(as_uuid=False), sa.ForeignKey("file.id")),
    sa.Column("due_on", sa.Date),
    _at("received_at", now=True),
)

decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _case(),
    sa.Column("siret", sa.String(14), nullable=False),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("agent_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("start_on", sa.Date),
    sa.Column("end_on", sa.Date),
    sa.Column("employees", sa.Integer),
    sa.Column("hours", sa.Numeric(12, 2)),
    sa.Column("partial", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("grounds", pg.JSONB, nullable=False, server_default="[]"),
    sa.Column("commitments", pg.JSONB, nullable=False, server_default="[]"),
    sa.Column("body_digest", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="registered"),
    _at("registered_at", now=True),
    _at("signed_at"),
    _at("notified_at"),
    _at("voided_at"),
    _one_of("outcome", "grant", "refusal"),
    _one_of("state", "registered", "signed", "notified", "void", "cancelled"),
    pg.ExcludeConstraint(
        (sa.column("siret"), "="),
        (sa.column("ground"), "="),
        (sa.text("daterange(start_on, end_on, '[]')"), "&&"),
        where=sa.text("outcome = 'grant' AND state IN ('registered', 'signed', 'notified')"),
        name="decision_overlap",
    ),
)
sa.Index(
    "decision_standing",
    decision.c.reference,
    unique=True,
    postgresql_where=sa.text("state IN ('registered', 'signed', 'notified')"),
)
"""At most one decision of a case stands: of two agents, the first in the register stands.
Express grants of one establishment and ground never overlap; silence is not bound by that."""

completion = sa.Table(
    "completion",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _case(),
    sa.Column("agent_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("pieces", pg.JSONB, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("body_digest", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="registered"),
    sa.Column("supplied", pg.JSONB, nullable=False, server_default="{}"),
    _at("registered_at", now=True),
    _at("notified_at"),
    _at("ended_at"),
    _one_of("state", "registered", "notified", "fulfilled", "cancelled", "void"),
)
sa.Index(
    "completion_pending",
    completion.c.reference,
    unique=True,
    postgresql_where=sa.text("state IN ('registered', 'notified')"),
)
"""A request for pieces (CRPA L. 114-5): one pending at a time; `supplied` holds what came, by piece code."""

checklist = sa.Table(
    "checklist",
    metadata,
    _case(primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("agent_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("items", pg.JSONB, nullable=False),
    _at("attested_at", now=True),
)

document = sa.Table(
    "document",
    metadata,
    _id(),
    _case(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
    sa.Column("signed_at", Instant, nullable=False),
    _at("published_at"),
    sa.UniqueConstraint("reference", "kind", "subject"),
)
"""Sealed bytes, stored once by business key; readable by the employer from `published_at`."""

draft = sa.Table(
    "draft",
    metadata,
    _id(),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), nullable=False),
    sa.Column("department", sa.String(3), nullable=False),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("placement_on", sa.Date, nullable=False),
    sa.Column("body", pg.JSONB, nullable=False, server_default="{}"),
    sa.Column("law_on", sa.Date),
    sa.Column("closes_at", Instant, nullable=False),
    sa.Column("accepted_until", Instant, nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="draft"),
    sa.Column("reference", sa.String(9), sa.ForeignKey("request.reference"), unique=True),
    sa.Column("clock_offset", sa.Interval, nullable=False, server_default=NO_OFFSET),
    _at("created_at", now=True),
    _one_of("status", "draft", "filed", "lapsed"),
    sa.CheckConstraint("(status = 'filed') = (reference IS NOT NULL)", name="filed"),
)

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
    sa.Column("digest", sa.LargeBinary, nullable=False),
)
"""Append-only, hash-chained per subject by `append_event`; references and digests, never nominal text."""

anchor = sa.Table(
    "anchor",
    metadata,
    sa.Column("upto", sa.BigInteger, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("token", sa.LargeBinary, nullable=False),
    _at("stamped_at", now=True),
)
"""A time-stamp (RFC 3161) on every event up to a position; each digest covers the anchor before it."""

case_key = sa.Table(
    "case_key",
    metadata,
    sa.Column("workflow_id", sa.Text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary),
    _at("created_at", now=True),
    _at("destroyed_at"),
    sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("body_digest", sa.LargeBinary, nullable=False),
    sa.Column("answer", sa.Text),
    _at("created_at", now=True),
)
"""`answer` is the id of what was created (reference, draft or file), never its content."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("workflow_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    _at("created_at", now=True),
    _at("done_at"),
)
sa.Index("outbox_waiting", outbox.c.workflow_id, outbox.c.id, postgresql_where=sa.text("done_at IS NULL"))
"""What the engine must hear, in order for each workflow: `start`, `decide`, `complete`, …"""

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("workflow_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("data", pg.JSONB, nullable=False, server_default="{}"),
    _at("created_at", now=True),
    _at("sent_at"),
)
sa.Index("notice_waiting", notice.c.workflow_id, postgresql_where=sa.text("sent_at IS NULL"))
"""A mail to send, written in the transaction of what it announces; `key` makes its Message-ID."""

incident = sa.Table(
    "incident",
    metadata,
    _id(),
    sa.Column("workflow_id", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("part", sa.Text, nullable=False),
    _at("opened_at", now=True),
    _at("resumed_at"),
    sa.Column("resumed_by", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    sa.Column("reason", sa.Text),
    _at("closed_at"),
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
    _id(),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    _at("reserved_at", now=True),
    _at("written_at"),
)
deposit_row = sa.Table(
    "deposit_row",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    _case(),
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
"""An authorization to hand over; `key` digests (type, SIRET, number, version): a repeat is the same row."""

verification = sa.Table(
    "verification",
    metadata,
    _id(),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("result", pg.JSONB),
    _at("created_at", now=True),
)
