"""Tables of what the paying agency answers, and of the state of its channels."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from models.agency_answers import SETTLED
from models.claim_labels import AnswerFileState
from models.store.schema.base import Instant, instant, metadata, new_id, one_of

agency_file = sa.Table(
    "agency_file",
    metadata,
    new_id(),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("state", sa.Text, nullable=False, server_default=AnswerFileState.SEEN.value),
    sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("reason", sa.Text),
    instant("seen_at", now=True),
    instant("ended_at"),
    one_of("state", *AnswerFileState),
    sa.UniqueConstraint("channel", "name", "sha256"),
)
"""A file of answers. Once it is read, or set aside, its bytes are kept here and it is deleted at the agency."""

agency_answer = sa.Table(
    "agency_answer",
    metadata,
    sa.Column("deposit_id", sa.Uuid(as_uuid=False), sa.ForeignKey("deposit.id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("nth", sa.SmallInteger, primary_key=True),
    sa.Column("claim_id", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id"), nullable=False),
    sa.Column("file_id", sa.Uuid(as_uuid=False), sa.ForeignKey("agency_file.id")),
    sa.Column("act_id", sa.Uuid(as_uuid=False), sa.ForeignKey("exceptional_act.id")),
    sa.Column("code", sa.String(4), nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64)),
    sa.Column("lines", pg.JSONB, nullable=False, server_default="[]"),
    sa.Column("binding", sa.Boolean, nullable=False),
    instant("answered_at", now=True),
    sa.CheckConstraint("(file_id IS NULL) = (act_id IS NOT NULL)", name="source"),
    sa.CheckConstraint(f"(code = '{SETTLED}') = (act_id IS NOT NULL)", name="settled"),
)
sa.Index("agency_answer_of_claim", agency_answer.c.claim_id)
sa.Index(
    "agency_answer_binding",
    agency_answer.c.deposit_id,
    agency_answer.c.line,
    unique=True,
    postgresql_where=sa.text("binding"),
)
"""Answers to one row of a deposit: the first final one binds; later ones are kept beside it. `lines` are those of the
people whom the agency rejects. One without a file is not the agency’s: two operators settled the row by an act."""

channel_state = sa.Table(
    "channel_state",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    sa.Column("from_at", Instant),
    sa.Column("until_at", Instant),
    sa.Column("reason", sa.Text),
    sa.Column("changed_by", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    instant("changed_at", now=True),
    one_of("state", "open", "frozen"),
    sa.CheckConstraint("(state = 'frozen') = (reason IS NOT NULL)", name="reason"),
)
"""Whether a channel is frozen: the agency announced that it takes and gives no file. Without a row it is open."""
