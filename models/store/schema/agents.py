"""Tables of delegations of signature, leaves, identities at the provider, and exceptional acts of operators."""

from typing import get_args

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from models.bodies.operator import ExceptionKind
from models.store.schema.base import Instant, instant, metadata, new_id, one_of
from models.store.schema.sign_in import of_account


def _by(name: str, *, required: bool = False) -> sa.Column[str]:
    """Return a column for the account that did something."""
    return sa.Column(name, sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=not required)


delegation = sa.Table(
    "delegation",
    metadata,
    new_id(),
    of_account(),
    sa.Column("outcomes", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("departments", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("from_on", sa.Date, nullable=False),
    sa.Column("until_on", sa.Date),
    sa.Column("certificate", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    _by("given_by"),
    instant("given_at", now=True),
    instant("revoked_at"),
    _by("revoked_by"),
    sa.CheckConstraint(
        "outcomes <@ ARRAY['grant', 'refusal', 'claim', 'claim_refusal', 'quota_exception'] AND outcomes <> '{}'",
        name="outcomes",
    ),
    sa.CheckConstraint("until_on >= from_on", name="period"),
)
sa.Index("delegation_of_account", delegation.c.account_id)
"""Who may sign which outcomes, where and when. `certificate` is an id of `signatories.json`; `act` is the
text that gives the delegation, printed only on documents signed with that certificate."""

leave = sa.Table(
    "leave",
    metadata,
    new_id(),
    of_account(),
    _by("replacement_id"),
    sa.Column("from_on", sa.Date, nullable=False),
    sa.Column("until_on", sa.Date, nullable=False),
    _by("written_by", required=True),
    instant("written_at", now=True),
    instant("cancelled_at"),
    sa.CheckConstraint("until_on >= from_on", name="period"),
    sa.CheckConstraint("replacement_id <> account_id", name="replacement"),
)
sa.Index("leave_of_account", leave.c.account_id)
"""Days on which an agent is away, both included, and the replacement."""

tool_access = sa.Table(
    "tool_access",
    metadata,
    new_id(),
    of_account(),
    _by("allowed_by", required=True),
    instant("allowed_at", now=True),
    _by("revoked_by"),
    instant("revoked_at"),
)
sa.Index(
    "tool_access_in_force",
    tool_access.c.account_id,
    unique=True,
    postgresql_where=sa.text("revoked_at IS NULL"),
)
"""What allows an agent to make tokens for tools of theirs."""

identity = sa.Table(
    "identity",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    of_account(),
    instant("known_at", now=True),
)
sa.Index("identity_of_account", identity.c.account_id)
"""The account of a subject of the identity provider."""

sign_in = sa.Table(
    "sign_in",
    metadata,
    sa.Column("state", sa.LargeBinary, primary_key=True),
    sa.Column("browser", sa.LargeBinary, nullable=False),
    sa.Column("nonce", sa.Text, nullable=False),
    sa.Column("verifier", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    _by("account_id"),
    sa.Column("siret", sa.String(14)),
    sa.CheckConstraint("(account_id IS NULL) = (siret IS NULL)", name="proof"),
)
"""A sign-in under way at a provider; `state` and `browser` are digests of the state and the browser's secret.
With an account and an establishment it proves an authority, at the provider of firms."""

exceptional_act = sa.Table(
    "exceptional_act",
    metadata,
    new_id(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("siret", sa.String(14)),
    sa.Column("department", sa.String(3)),
    sa.Column("reason", sa.Text, nullable=False),
    _by("asked_by"),
    instant("asked_at", now=True),
    _by("approved_by"),
    instant("approved_at"),
    _by("refused_by"),
    instant("refused_at"),
    one_of("kind", *get_args(ExceptionKind)),
    sa.CheckConstraint("approved_by <> asked_by", name="four_eyes"),
    sa.CheckConstraint("approved_at IS NULL OR refused_at IS NULL", name="one_end"),
)
sa.Index(
    "exceptional_act_waiting",
    exceptional_act.c.kind,
    exceptional_act.c.subject,
    exceptional_act.c.siret,
    unique=True,
    postgresql_nulls_not_distinct=True,
    postgresql_where=sa.text("approved_at IS NULL AND refused_at IS NULL"),
)
"""An act that one operator requests and another approves; done in the transaction of the approval. `siret` is the
establishment that it is about, if it is about one."""
