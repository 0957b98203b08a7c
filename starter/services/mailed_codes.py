"""Mailed codes, checked before any slow work is done for them."""

from models.store.people import codes
from starter.auth import rate_limits
from starter.context import Context
from starter.http.problems import InvalidRequest, fault


def account_of(context: Context, purpose: codes.Purpose, code: str, origin: bytes) -> str:
    """Return the account that a valid code was mailed to; raises `InvalidRequest`, or 429."""
    with context.database.begin() as connection:
        attempt = rate_limits.count(connection, "code", origin)
        account_id = codes.find_account(connection, purpose, code)
        if account_id is None:
            rate_limits.note_slowdown(connection, "code", attempt)
        else:
            rate_limits.take_back(connection, attempt)
    if account_id is None:
        raise refused()
    return account_id


def refused() -> InvalidRequest:
    """The one answer to an invalid code, whatever the reason."""
    return fault("/code", "code-refused", "Ce code est inconnu, a déjà servi ou a expiré : demandez-en un autre.")
