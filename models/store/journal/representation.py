"""The establishments that an account acts for: its own, and those whose mandate to it is in force today."""

from collections.abc import Iterable
from re import Pattern
from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from models.identifiers import REFERENCE, UUID
from models.store.schema.accounts import mandate, party
from models.store.schema.authority import authority
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
    own = select(link.c.siret).where(
        link.c.account_id == account_id, link.c.joined_at.is_not(None), _is_heard_as_member(link.c.siret, account_id)
    )
    given = select(mandate.c.siret).where(mandate.c.account_id == account_id, *IN_FORCE, is_heard_mandate())
    both = own.union(given).subquery()
    return both.select()


def is_heard_mandate() -> ColumnElement[bool]:
    """Whether a mandate counts: it inherits a proof, or nobody has proven any authority over the establishment."""
    return or_(_has_proof(authority.c.mandate_id == mandate.c.id), ~is_proven_by_somebody(mandate.c.siret))


def proven_sirets(account_id: str) -> Select[str]:
    """Select the SIRET of every establishment over which an account has an authority that lives today."""
    query = select(authority.c.siret).distinct()
    return query.where(authority.c.account_id == account_id, is_proven(authority.c.siret, authority.c.account_id))


def is_proven(siret: ColumnElement[str], account_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an account has an authority over an establishment that lives today: a member's, or a mandate's."""
    proof, link = authority.alias(), account_establishment.alias()
    its_own = (proof.c.siret == siret, proof.c.account_id == account_id, proof.c.ended_at.is_(None))
    joined = exists().where(
        link.c.account_id == proof.c.account_id, link.c.siret == proof.c.siret, link.c.joined_at.is_not(None)
    )
    in_force = exists().where(mandate.c.id == proof.c.mandate_id, *IN_FORCE)
    return exists().where(*its_own, or_(proof.c.mandate_id.is_(None) & joined, in_force))


def is_proven_by_somebody(siret: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a member has proven an authority over an establishment: from then on they alone say who acts for it."""
    return _has_member_proof(authority.c.siret == siret)


def _has_proof(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(authority.c.ended_at.is_(None), *conditions)


def _has_member_proof(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether somebody who belongs to the establishment has a proof: of somebody who is gone it says nothing."""
    link = account_establishment.alias()
    belongs = (link.c.account_id == authority.c.account_id, link.c.siret == authority.c.siret)
    joined = exists().where(*belongs, link.c.joined_at.is_not(None)).correlate(authority)
    return _has_proof(authority.c.mandate_id.is_(None), joined, *conditions)


def is_proven_member(siret: ColumnElement[str], account_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a member has proven its own authority, or inherited it: a mandate gives no right as a member."""
    mine = (authority.c.siret == siret, authority.c.account_id == account_id)
    return _has_member_proof(*mine)


def _is_heard_as_member(siret: ColumnElement[str], account_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a member may act: it is proven, or nobody is. Otherwise it neither files nor sees."""
    return or_(is_proven_member(siret, account_id), ~is_proven_by_somebody(siret))


def acting_party(siret: ColumnElement[str], account_id: ColumnElement[str]) -> ColumnElement[str]:
    """Return the party for which an account files now, NULL for whoever acts for no establishment (an agent).

    A member files for its own party, whoever else mandates it; an agent of record, for the party that mandated it.
    Under mandates of several parties it cannot be told for which: then for itself alone, under its own id.
    """
    own, given = party.alias(), mandate.c.party
    mine = (own.c.siret == siret, own.c.account_id == account_id, is_joined(own.c.siret, own.c.account_id))
    member = select(own.c.party).where(*mine)
    heard = member.where(_is_heard_as_member(own.c.siret, own.c.account_id))
    one, itself = cast(func.min(cast(given, Text)), given.type), cast(account_id, given.type)
    chosen = case((func.count(given.distinct()) == 1, one), (func.count() > 0, itself))
    received = (mandate.c.account_id == account_id, mandate.c.siret == siret, *IN_FORCE, is_heard_mandate())
    under_mandate = select(chosen).where(*received)
    return func.coalesce(*(each.scalar_subquery() for each in (heard, under_mandate, member)))


def acts_for(siret: ColumnElement[str], filed_for: ColumnElement[str], account_id: str) -> ColumnElement[bool]:
    """Whether an account acts for the party that something was filed for: as its member, or under its mandate.

    What an agent registered on paper is everybody's who acts for the establishment.
    """
    own, reader = party.alias(), literal(account_id, mandate.c.account_id.type)
    as_member = select(own.c.party).where(
        own.c.siret == siret, own.c.account_id == reader, is_joined(own.c.siret, own.c.account_id)
    )
    received = (mandate.c.account_id == reader, mandate.c.siret == siret, *IN_FORCE)
    given = select(mandate.c.party).where(*received)
    return or_(filed_for.is_(None), filed_for == reader, filed_for.in_(as_member), filed_for.in_(given))


def is_joined(siret: ColumnElement[str], account_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an account belongs to an establishment: it enrolled it, or accepted an invitation, and has not left."""
    link = account_establishment.alias()
    return exists().where(link.c.account_id == account_id, link.c.siret == siret, link.c.joined_at.is_not(None))


def belongs(connection: Connection, account_id: str, siret: str) -> bool:
    """Whether an account belongs to an establishment and may act for it, rather than being its agent of record only."""
    link = account_establishment
    mine = (*_membership(account_id, siret), _is_heard_as_member(link.c.siret, account_id))
    return connection.execute(select(link.c.siret).where(*mine)).first() is not None


def is_linked(connection: Connection, account_id: str, siret: str) -> bool:
    """Whether an account belongs to an establishment, even if somebody else has proven an authority over it."""
    query = select(account_establishment.c.siret).where(*_membership(account_id, siret))
    return connection.execute(query).first() is not None


def _membership(account_id: str, siret: str) -> tuple[ColumnElement[bool], ...]:
    link = account_establishment
    return link.c.account_id == account_id, link.c.siret == siret, link.c.joined_at.is_not(None)


def is_main_contact(connection: Connection, account_id: str, siret: str) -> bool:
    """Whether an account is a main contact of an establishment."""
    link = account_establishment
    heard = _is_heard_as_member(link.c.siret, account_id)
    mine = (*_membership(account_id, siret), heard, link.c.role == "main")
    return connection.execute(select(link.c.siret).where(*mine)).first() is not None


_SIRET_OF: Final = (
    (REFERENCE, select(request.c.siret).where(request.c.reference == bindparam("subject"))),
    (UUID, select(draft.c.siret).where(draft.c.id == bindparam("subject"))),
)
"""Form of an event subject and select of its establishment; employers act on requests and drafts only."""
_PARTY_OF: Final = (
    (REFERENCE, select(request.c.party).where(request.c.reference == bindparam("subject"))),
    (UUID, select(draft.c.party).where(draft.c.id == bindparam("subject"))),
)
"""The same for the party that it was filed for."""


def find_recipient(connection: Connection, account_id: str, subject: str) -> str:
    """Return the account to notify about a request or draft: this one or, if it left, a member's of the same party."""
    siret = _siret(connection, subject)
    is_employer = select(account.c.id).where(account.c.id == account_id, account.c.role == "employer")
    if siret is None or connection.execute(is_employer).first() is None:
        return account_id
    filed_for = literal(_filed_for(connection, subject), mandate.c.party.type)
    entitled = or_(is_proven(literal(siret), account_id), acts_for(literal(siret), filed_for, account_id))
    heard = siret in {row.siret for row in connection.execute(sirets(account_id))}
    if heard and connection.execute(select(entitled)).scalar():
        return account_id
    link = account_establishment
    query = select(link.c.account_id).where(link.c.siret == siret, link.c.joined_at.is_not(None))
    query = query.join(party, (party.c.siret == link.c.siret) & (party.c.account_id == link.c.account_id))
    query = query.where(or_(party.c.party == filed_for, filed_for.is_(None)))
    contact: str | None = connection.execute(query.order_by(link.c.role, link.c.account_id).limit(1)).scalar()
    return contact or account_id


def find_mandate(connection: Connection, account_id: str, subject: str) -> str | None:
    """Return the mandate under which an account acts on a request or draft; None when it needs none.

    Of several, the one of the party that the request or draft was filed for.
    """
    query = _of_form(_MANDATES, subject)
    if query is None:
        return None
    mandate_id: str | None = connection.execute(query, {"by": account_id, "subject": subject}).scalar()
    return mandate_id


def _mandate_of(siret_of: Select[str], filed_for: Select[str]) -> Select[str]:
    link, siret = account_establishment, siret_of.scalar_subquery()
    belongs = (
        link.c.account_id == bindparam("by"),
        link.c.siret == siret,
        link.c.joined_at.is_not(None),
        _is_heard_as_member(link.c.siret, bindparam("by")),
    )
    given = (mandate.c.account_id == bindparam("by"), mandate.c.siret == siret, *IN_FORCE, is_heard_mandate())
    own_party = mandate.c.party.is_not_distinct_from(filed_for.scalar_subquery())
    order = (own_party.desc(), mandate.c.id)
    return select(mandate.c.id).where(*given, ~exists().where(*belongs)).order_by(*order).limit(1)


_MANDATES: Final = tuple(
    (form, _mandate_of(siret_of, filed_for))
    for (form, siret_of), (_, filed_for) in zip(_SIRET_OF, _PARTY_OF, strict=True)
)


def _of_form(queries: Iterable[tuple[Pattern[str], Select[str]]], subject: str) -> Select[str] | None:
    return next((query for form, query in queries if form.fullmatch(subject)), None)


def _filed_for(connection: Connection, subject: str) -> str | None:
    query = _of_form(_PARTY_OF, subject)
    filed_for: str | None = connection.execute(query, {"subject": subject}).scalar() if query is not None else None
    return filed_for


def _siret(connection: Connection, subject: str) -> str | None:
    query = _of_form(_SIRET_OF, subject)
    siret: str | None = connection.execute(query, {"subject": subject}).scalar() if query is not None else None
    return siret
