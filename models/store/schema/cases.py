"""Tables of cases. Constraints rule out what can never be true; none of them can make silence fail.

`request.due_at` is the deadline by the database's clock: the legal deadline less the case's clock offset
(zero outside the development profile). `request.status` is derived, never written.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from models.labels import DraftStatus, Outcome, TokenScope
from models.roles import ROLES
from models.store.schema.base import NEW_ID, NO_OFFSET, NOW, Instant, instant, metadata, new_id, of_case, one_of, salt

establishment = sa.Table(
    "establishment",
    metadata,
    sa.Column("siret", sa.String(14), primary_key=True),
    sa.Column("department", sa.String(3), nullable=False),
    sa.Column("letters", sa.String(4), nullable=False),
    sa.Column("requests", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("department_confirmed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("department", "letters"),
    sa.CheckConstraint("letters ~ '^[A-Z]{4}$'", name="letters"),
    sa.CheckConstraint("requests BETWEEN 0 AND 99", name="requests"),
)
"""`letters`: its last series; `requests`: its last number there, 0 to 99."""

series = sa.Table(
    "series",
    metadata,
    sa.Column("department", sa.String(3), primary_key=True),
    sa.Column("letters", sa.String(4), primary_key=True),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret")),
    instant("opened_at", now=True),
    sa.CheckConstraint("letters ~ '^[A-Z]{4}$'", name="letters"),
)
"""Every series of four letters ever given, so that none is given twice; without `siret`, one that is only known from
receipts whose establishment the register lost."""

account = sa.Table(
    "account",
    metadata,
    new_id(),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("departments", pg.ARRAY(sa.Text), nullable=False, server_default="{}"),
    instant("created_at", now=True),
    instant("closed_at"),
    salt(),
    one_of("role", *ROLES),
)
account_establishment = sa.Table(
    "account_establishment",
    metadata,
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), primary_key=True),
    sa.Column("role", sa.Text, nullable=False, server_default="main"),
    sa.Column("joined_at", Instant, server_default=NOW),
    sa.Column("invited_by", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    one_of("role", "main", "member"),
)
"""Members; `joined_at` is NULL while an invitation waits for its answer, `invited_by` for whoever enrolled."""
token = sa.Table(
    "token",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("id", sa.Uuid(as_uuid=False), nullable=False, unique=True, server_default=NEW_ID),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("label", sa.Text, nullable=False, server_default=""),
    sa.Column("scope", sa.Text, nullable=False, server_default="write"),
    instant("created_at", now=True),
    instant("expires_at"),
    instant("used_at"),
    instant("revoked_at"),
    one_of("scope", *TokenScope),
)
sa.Index("token_of_account", token.c.account_id)

file = sa.Table(
    "file",
    metadata,
    new_id(),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
    instant("created_at", now=True),
)

request = sa.Table(
    "request",
    metadata,
    sa.Column("reference", sa.String(11), primary_key=True),
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
    sa.Column("other_employees", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("filing_signals", pg.JSONB, nullable=False, server_default="[]"),
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
    *(sa.Column(name, pg.JSONB, nullable=False, server_default="[]") for name in ("signals", "seen_signals")),
    sa.Column("party", sa.Uuid(as_uuid=False)),
    sa.Column("scan_id", sa.Uuid(as_uuid=False), sa.ForeignKey("file.id")),
    sa.Column("amends", sa.String(9), sa.ForeignKey("request.reference")),
    sa.Column("amendments", sa.SmallInteger, nullable=False, server_default="0"),
    one_of("channel", "online", "paper"),
    one_of("outcome", *Outcome),
    sa.CheckConstraint("(outcome IS NULL) = (effect_at IS NULL)", name="effect"),
    sa.CheckConstraint("clock_offset >= interval '0'", name="clock_offset"),
    sa.CheckConstraint("amendments BETWEEN 0 AND 99", name="amendments"),
    sa.CheckConstraint("reference ~ ('^' || coalesce(amends || '[0-9]{2}', '.{9}') || '$')", name="amends"),
)
"""One row a request: the row that arbitrates its outcome. `deadline_at` is NULL while the clock is stopped. `party` is
that of the people it was filed for, NULL when an agent registered it on paper; `scan_id` is the file of that paper;
`seen_signals`, those that a signatory has looked at. `amends` is what an amendment changes: its terms are of the whole;
`amendments`, the last number of one."""
sa.Index(
    "request_due",
    request.c.due_at,
    postgresql_where=sa.text("outcome IS NULL AND due_at IS NOT NULL"),
)
LIST_ORDER = (
    request.c.outcome.is_not(None),
    sa.func.coalesce(request.c.deadline_at, sa.text("'infinity'::timestamptz")),
)
"""Running requests before ended ones, the nearest deadline first, stopped clocks last."""
sa.Index("request_desk", request.c.department, *LIST_ORDER, request.c.reference)
sa.Index("request_of_establishment", request.c.siret)

nominal = sa.Table(
    "nominal",
    metadata,
    of_case(primary_key=True),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("circumstances", sa.Text, nullable=False),
    sa.Column("iban", sa.Text, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("iban_mark", sa.LargeBinary),
    salt(),
)
"""What names persons or bank accounts, in a separate table so that it can be erased alone (R. 5122-24).
`iban_mark` is the HMAC by which the same account is found elsewhere; NULL in rows of before."""
sa.Index("nominal_iban_mark", nominal.c.iban_mark)
sa.Index("nominal_iban", nominal.c.iban, postgresql_where=sa.text("iban_mark IS NULL"))

receipt = sa.Table(
    "receipt",
    metadata,
    of_case(primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("last_day_on", sa.Date, nullable=False),
    sa.Column("tacit_acceptance_at", Instant, nullable=False),
    sa.Column("why", pg.JSONB, nullable=False),
)
"""What each reception fixed; it is never recomputed."""

opinion = sa.Table(
    "opinion",
    metadata,
    of_case(primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("given_on", sa.Date),
    sa.Column("file_id", sa.Uuid(as_uuid=False), sa.ForeignKey("file.id")),
    sa.Column("due_on", sa.Date),
    instant("received_at", now=True),
)

IN_FORCE = "state IN ('registered', 'signed', 'notified')"
decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    of_case(),
    sa.Column("siret", sa.String(14), nullable=False),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("other_employees", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("party", sa.Uuid(as_uuid=False)),
    sa.Column("agent_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("delegation_id", sa.Uuid(as_uuid=False), sa.ForeignKey("delegation.id")),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("start_on", sa.Date),
    sa.Column("end_on", sa.Date),
    sa.Column("employees", sa.Integer),
    sa.Column("hours", sa.Numeric(12, 2)),
    sa.Column("partial", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("grounds", pg.JSONB, nullable=False, server_default="[]", key="reasons"),
    sa.Column("commitments", pg.JSONB, nullable=False, server_default="[]"),
    sa.Column("body_digest", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="registered"),
    instant("registered_at", now=True),
    instant("signed_at"),
    instant("notified_at"),
    instant("voided_at"),
    one_of("outcome", "grant", "refusal"),
    one_of("state", "registered", "signed", "notified", "void", "cancelled"),
    pg.ExcludeConstraint(
        (sa.column("siret"), "="),
        (sa.column("ground"), "="),
        (sa.text("coalesce(party, '00000000-0000-0000-0000-000000000000')"), "="),
        (sa.text('"left"(reference, 9)'), "<>"),
        (sa.text("daterange(start_on, end_on, '[]')"), "&&"),
        where=sa.text("outcome = 'grant' AND NOT other_employees AND state IN ('registered', 'signed', 'notified')"),
        name="decision_overlap",
    ),
)
sa.Index("decision_of_case", decision.c.reference)
sa.Index("decision_standing", decision.c.reference, unique=True, postgresql_where=sa.text(IN_FORCE))
"""At most one decision of a case is in force: of two agents, the first in the register wins. Express grants of one
ground to one `party` overlap only for other employees, or if one amends the other; tacit acceptances may overlap."""

completion = sa.Table(
    "completion",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    of_case(),
    sa.Column("agent_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("pieces", pg.JSONB, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("body_digest", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="registered"),
    sa.Column("supplied", pg.JSONB, nullable=False, server_default="{}"),
    instant("registered_at", now=True),
    instant("notified_at"),
    instant("ended_at"),
    one_of("state", "registered", "notified", "fulfilled", "cancelled", "void"),
)
sa.Index("completion_of_case", completion.c.reference)
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
    of_case(primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("agent_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("items", pg.JSONB, nullable=False),
    instant("attested_at", now=True),
)

draft = sa.Table(
    "draft",
    metadata,
    new_id(),
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
    sa.Column("party", sa.Uuid(as_uuid=False)),
    instant("created_at", now=True),
    one_of("status", *DraftStatus),
    sa.CheckConstraint("(status = 'filed') = (reference IS NOT NULL)", name="filed"),
)
sa.Index("draft_of_establishment", draft.c.siret, draft.c.status)
