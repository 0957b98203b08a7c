"""Browsers from which an account is entered: its holder is told of a new one."""

from secrets import token_urlsafe

from law.calendar import local
from law.directory import PARIS
from models.store.database import now
from models.store.people import code_mails, known_browsers
from starter.context import Context
from starter.services.sign_in import OpenedSession


def recognise(context: Context, session: OpenedSession, secret: str | None) -> str:
    """Return the secret by which a browser is known to the account that was just entered from it.

    Tells the holder of a browser that is new when another one was used before, by one mail a day at most.
    """
    account_id = session.account.id
    with context.database.begin() as connection:
        if secret and known_browsers.is_known(connection, account_id, secret):
            return secret
        kept = secret or token_urlsafe(32)
        if known_browsers.add(connection, account_id, kept):
            today = local(now(connection), PARIS).date().isoformat()
            code_mails.notify(connection, account_id, "signed_in_elsewhere", f"elsewhere/{today}")
    return kept
