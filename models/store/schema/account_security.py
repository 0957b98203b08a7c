"""Tables by which an account is kept safe: recovery codes, addresses to be confirmed, browsers that it uses."""

import sqlalchemy as sa

from models.store.schema.base import instant, metadata
from models.store.schema.sign_in import of_account

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    of_account(),
    instant("created_at", now=True),
    instant("used_at"),
)
sa.Index("recovery_code_of_account", recovery_code.c.account_id)
"""What stands for a one-time code, once, when the telephone is lost. Digests are keyed by the master key: whoever can
write here can make no code that opens an account."""

address_change = sa.Table(
    "address_change",
    metadata,
    sa.Column("holder_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), primary_key=True),
    of_account(),
    instant("asked_at", now=True),
)
sa.Index("address_change_of_account", address_change.c.account_id)
"""An address that an account wants; `holder_id` is an account without a password to which its code is mailed."""

known_browser = sa.Table(
    "known_browser",
    metadata,
    of_account(primary_key=True),
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    instant("created_at", now=True),
    instant("seen_at", now=True),
)
"""A browser from which an account was entered; a cookie holds the secret whose digest this is."""
