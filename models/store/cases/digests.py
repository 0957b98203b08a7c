"""One mail a day, for the accounts that ask for it, with what waits for them in their cases."""

from datetime import date
from typing import Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from law.calendar import local
from law.directory import PARIS
from models.store.cases import to_do
from models.store.database import now
from models.store.people import accounts, code_mails, waiting_mandates
from models.store.schema.cases import account
from models.store.schema.digests import digest

FIRST_HOUR: Final = 7
"""Hour in Paris from which the mail of a day may leave."""
MAX_ACCOUNTS: Final = 200
"""Accounts looked at in one transaction."""


def ask(connection: Connection, account_id: str, wanted: bool) -> None:
    """Ask for the mails of an account, from tomorrow on, or ask for them no more; idempotent."""
    if wanted:
        row = {"account_id": account_id, "last_on": _today(connection)}
        connection.execute(insert(digest).values(row).on_conflict_do_nothing())
    else:
        connection.execute(delete(digest).where(digest.c.account_id == account_id))


def is_asked(connection: Connection, account_id: str) -> bool:
    """Whether an account asked for a mail a day."""
    return connection.execute(select(digest.c.asked_at).where(digest.c.account_id == account_id)).first() is not None


def announce_due(connection: Connection) -> int:
    """Announce the mails of today that are due, once each; returns how many accounts were looked at."""
    at = local(now(connection), PARIS)
    if at.hour < FIRST_HOUR:
        return 0
    today = at.date()
    due = select(digest.c.account_id).join(account, account.c.id == digest.c.account_id)
    due = due.where(digest.c.last_on < today, account.c.closed_at.is_(None)).order_by(digest.c.account_id)
    found = connection.execute(due.limit(MAX_ACCOUNTS).with_for_update(of=digest, skip_locked=True)).scalars().all()
    for account_id in found:
        _announce(connection, account_id, today)
        connection.execute(update(digest).where(digest.c.account_id == account_id).values(last_on=today))
    return len(found)


def _announce(connection: Connection, account_id: str, today: date) -> None:
    sirets = [each.siret for each in accounts.list_establishments(connection, account_id)]
    waits = to_do.list_of_employer(connection, account_id, sirets)
    mandates = waiting_mandates.list_waiting(connection, account_id)
    key, count = f"digest/{today.isoformat()}", str(len(waits) + len(mandates))
    days = [each.due_on for each in waits if each.due_on]
    if days:
        on = min(days).isoformat()
        code_mails.notify(connection, account_id, "daily_digest_due", key, count=count, on=on)
    elif waits or mandates:
        code_mails.notify(connection, account_id, "daily_digest", key, count=count)


def _today(connection: Connection) -> date:
    return local(now(connection), PARIS).date()
