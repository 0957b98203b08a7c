"""The establishments that an account acts for: its own, and those whose mandate to it is in force today."""

from collections.abc import Iterable
from re import Pattern
from typing import Final

from sqlalchemy import BindParameter, Connection, Select, bindparam, exists, func, select

from models.identifiers import REFERENCE, UUID
from models.store.schema.accounts import mandate
from models.store.schema.cases import account, account_establishment, draft, request

TODAY: Final = func.timezone("Europe/Paris", func.clock_timestamp()).cast(mandate.c.starts_on.type)
"""A mandate begins and ends with a day in Paris, wherever the establishment is."""
IN_FORCE: Final = (
    mandate.c.accepted_at.is_not(None),
    mandate.c.revoked_at.is_(None),
    TODAY.between(mandate.c.starts_on, mandate.c.ends_on),
)


def sirets(account_id: str | BindParameter[str]) -> Select[str]:
    """Select the SIRET of every establishment that an account may act for now."""
    link = account_establishment
    own = select(link.c.siret).where(link.c.account_id == account_id, link.c.joined_at.is_not(None))
    given = select(mandate.c.siret).where(mandate.c.account_id == account_id, *IN_FORCE)
    return own.union(given).subquery().select()


def belongs(connection: Connection, account_id: str, siret: str) -> bool:
    """Whether an account belongs to an establishment, rather than being its agent of record only."""
    link = account_establishment
    mine = (link.c.account_id == account_id, link.c.siret == siret, link.c.joined_at.is_not(None))
    return connection.execute(select(link.c.siret).where(*mine)).first() is not None


def is_main_contact(connection: Connection, account_id: str, siret: str) -> bool:
    """Whether an account is a main contact of an establishment."""
    link = account_establishment
    mine = (link.c.account_id == account_id, link.c.siret == siret, link.c.joined_at.is_not(None))
    return connection.execute(select(link.c.siret).where(*mine, link.c.role == "main")).first() is not None


_SIRET_OF: Final = (
    (REFERENCE, select(request.c.siret).where(request.c.reference == bindparam("subject"))),
    (UUID, select(draft.c.siret).where(draft.c.id == bindparam("subject"))),
)
"""Form of an event subject and select of its establishment; employers act on requests and drafts only."""


def find_recipient(connection: Connection, account_id: str, subject: str) -> str:
    """Return the account to notify about a request or draft: this one or, if it left, another member's."""
    siret = _siret(connection, subject)
    is_employer = select(account.c.id).where(account.c.id == account_id, account.c.role == "employer")
    if siret is None or connection.execute(is_employer).first() is None:
        return account_id
    if siret in {row.siret for row in connection.execute(sirets(account_id))}:
        return account_id
    link = account_establishment
    others = (link.c.siret == siret, link.c.joined_at.is_not(None))
    query = select(link.c.account_id).where(*others).order_by(link.c.role, link.c.account_id).limit(1)
    contact: str | None = connection.execute(query).scalar()
    return contact or account_id


def find_mandate(connection: Connection, account_id: str, subject: str) -> str | None:
    """Return the mandate under which an account acts on a request or draft; None when it needs none."""
    query = _of_form(_MANDATES, subject)
    if query is None:
        return None
    mandate_id: str | None = connection.execute(query, {"by": account_id, "subject": subject}).scalar()
    return mandate_id


def _mandate_of(siret_of: Select[str]) -> Select[str]:
    link, siret = account_establishment, siret_of.scalar_subquery()
    belongs = (link.c.account_id == bindparam("by"), link.c.siret == siret, link.c.joined_at.is_not(None))
    given = (mandate.c.account_id == bindparam("by"), mandate.c.siret == siret, *IN_FORCE)
    return select(mandate.c.id).where(*given, ~exists().where(*belongs)).order_by(mandate.c.id).limit(1)


_MANDATES: Final = tuple((form, _mandate_of(siret_of)) for form, siret_of in _SIRET_OF)


def _of_form(queries: Iterable[tuple[Pattern[str], Select[str]]], subject: str) -> Select[str] | None:
    return next((query for form, query in queries if form.fullmatch(subject)), None)


def _siret(connection: Connection, subject: str) -> str | None:
    query = _of_form(_SIRET_OF, subject)
    siret: str | None = connection.execute(query, {"subject": subject}).scalar() if query is not None else None
    return siret
