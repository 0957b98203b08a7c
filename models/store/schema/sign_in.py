"""Tables of sign-in: credentials, codes sent by mail, sessions. Secrets are stored as digests only."""

import sqlalchemy as sa

from models.store.schema.base import Instant, instant, metadata, one_of


def of_account(**options: object) -> sa.Column[str]:
    """Return the column of the account that a row belongs to."""
    return sa.Column(
        "account_id",
        sa.Uuid(as_uuid=False),
        sa.ForeignKey("account.id"),
        nullable=False,
        **options,  # type: ignore[arg-type]
    )


credential = sa.Table(
    "credential",
    metadata,
    of_account(primary_key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    instant("set_at", now=True),
    sa.CheckConstraint("login = lower(login)", name="login"),
)
"""How an account signs in: its mail address in lower case, and an argon2 hash of its password."""

code = sa.Table(
    "code",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    of_account(),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    instant("created_at", now=True),
    instant("used_at"),
    one_of("purpose", "activation", "password", "email", "invitation"),
)
sa.Index("code_of_account", code.c.account_id, code.c.purpose)
"""A secret sent by mail, valid once and for a limited time."""

session = sa.Table(
    "session",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    of_account(),
    sa.Column("method", sa.Text, nullable=False),
    instant("created_at", now=True),
    sa.Column("expires_at", Instant, nullable=False),
    instant("seen_at", now=True),
    instant("ended_at"),
    one_of("method", "password", "totp", "passkey", "oidc"),
)
sa.Index("session_of_account", session.c.account_id)
"""A signed-in person's session; the cookie holds the secret whose digest this is."""
