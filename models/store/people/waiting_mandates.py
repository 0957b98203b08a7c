"""Mandates that wait for one person: offered to the mailbox of an account that is signed in."""

from sqlalchemy import Connection, func, select

from models.store.people.mandates import COLUMNS, MandateRecord
from models.store.schema.accounts import mandate
from models.store.schema.sign_in import code, credential


def list_waiting(connection: Connection, account_id: str) -> list[MandateRecord]:
    """Return the mandates offered to the login of an account whose codes are still valid, oldest first.

    The login is a mailbox that the account has proven; a mandate that the account gave itself waits for another.
    """
    login = select(credential.c.login).where(credential.c.account_id == account_id).scalar_subquery()
    valid = select(code.c.digest).where(
        code.c.account_id == mandate.c.account_id,
        code.c.purpose == "invitation",
        code.c.used_at.is_(None),
        code.c.expires_at > func.clock_timestamp(),
    )
    offered = (mandate.c.accepted_at.is_(None), mandate.c.revoked_at.is_(None), mandate.c.given_by != account_id)
    query = select(*COLUMNS).where(func.lower(mandate.c.email) == login, *offered, valid.exists())
    return MandateRecord.all(connection, query.order_by(mandate.c.id))
