"""Members of an establishment: main contacts invite and remove members, and an invitation waits for its answer.

An invitation is held by a new account without a password. Accepting it moves what it grants to the account of
the person who accepts, so that inviting never reveals who has an account already.
"""

from typing import Final

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.errors import Conflict, Unknown
from models.identifiers import Instant
from models.labels import Belonging
from models.store.journal import accesses
from models.store.people import accounts, authorities, parties
from models.store.people.parties import together
from models.store.records import Record
from models.store.schema.accounts import mandate
from models.store.schema.cases import account, account_establishment

_LINK = account_establishment
NOW = func.clock_timestamp()
LAST_CONTACT: Final = (
    "Vous êtes le dernier interlocuteur principal : désignez-en un autre avant de quitter l’établissement."
)
LAST_CONTACT_ROLE: Final = (
    "Cette personne est le dernier interlocuteur principal : désignez-en un autre avant de changer son rôle."
)


class Member(Record):
    """A member of an establishment; `joined_at` is None while the invitation waits."""

    account_id: str
    siret: str
    name: str
    email: str
    role: Belonging
    joined_at: Instant | None


def invite(connection: Connection, siret: str, name: str, email: str, role: Belonging, by: str) -> str:
    """Create an invitation to join an establishment beside `by`; returns the account that holds it."""
    holder = accounts.create(connection, "employer", name, email)
    parties.join(connection, siret, holder, by)
    row = {"account_id": holder, "siret": siret, "role": role, "joined_at": None, "invited_by": by}
    connection.execute(insert(_LINK).values(row))
    accesses.state_members(connection, holder)
    return holder


def list_of(connection: Connection, siret: str, reader_id: str) -> list[Member]:
    """Return the members of an establishment who act with one of them; waiting invitations come last."""
    query = select(_LINK, account.c.name, account.c.email).join(account, account.c.id == _LINK.c.account_id)
    query = query.where(_LINK.c.siret == siret, together(_LINK.c.siret, _LINK.c.account_id, reader_id))
    return Member.all(connection, query.order_by(_LINK.c.joined_at, account.c.id))


def list_roles(connection: Connection, account_id: str) -> dict[str, Belonging]:
    """Return the SIRET of each establishment that an account belongs to, with its role there."""
    mine = (_LINK.c.account_id == account_id, _LINK.c.joined_at.is_not(None))
    query = select(_LINK.c.siret, _LINK.c.role).where(*mine).order_by(_LINK.c.siret)
    return {row.siret: Belonging.of(row.role) for row in connection.execute(query)}


def accept(connection: Connection, holder: str, account_id: str) -> set[str]:
    """Move what an invitation or a mandate grants to the account that accepts it, with the authority of its giver.

    Returns the SIRET of the establishments that it may now act for. Raises `Conflict` for what the account gave
    itself, and for the invitation of another party than its own, unless a proven member invites.
    """
    waiting = delete(_LINK).where(_LINK.c.account_id == holder, _LINK.c.joined_at.is_(None)).returning(_LINK)
    invitations = [_Invitation.of(row) for row in connection.execute(waiting).mappings()]
    for each in invitations:
        authorities.hold(connection, each.siret)
        _join(connection, each, holder, account_id)
    given_to = (mandate.c.account_id == holder, mandate.c.accepted_at.is_(None))
    taken = update(mandate).where(*given_to).values(account_id=account_id, accepted_at=NOW)
    mandated = connection.execute(taken.returning(mandate.c.siret, mandate.c.given_by)).all()
    given = {each.siret: each.invited_by for each in invitations} | {each.siret: each.given_by for each in mandated}
    if account_id in given.values():
        raise Conflict("own-offer", "Cette invitation ou ce mandat vient de vous : une autre personne l’accepte.")
    for person in sorted({holder, account_id}):
        accesses.state_members(connection, person)
    for siret in sorted(given):
        authorities.spread(connection, siret)
    return set(given)


class _Invitation(Record):
    siret: str
    role: Belonging
    invited_by: str | None


def _join(connection: Connection, invitation: _Invitation, holder: str, account_id: str) -> None:
    """Make an account a member of the inviter's party.

    A member keeps who let it in, so that nobody hides behind an accomplice's invitation from an eviction; only a proven
    member takes that place, and never one whom the account let in itself.
    """
    siret, inviter = invitation.siret, invitation.invited_by
    vouched = inviter is not None and authorities.is_proven_member(connection, inviter, siret)
    if not vouched:
        _refuse_other_party(connection, siret, holder, account_id)
    inherits = vouched and account_id not in _list_inviters(connection, siret, inviter)
    parties.join(connection, siret, account_id, holder)
    row = {"account_id": account_id, "siret": siret, "role": invitation.role, "joined_at": NOW, "invited_by": inviter}
    kept = ({"invited_by": inviter} if inherits else {}) | ({"role": "main"} if invitation.role == "main" else {})
    link, key = insert(_LINK).values(row), ["account_id", "siret"]
    joined = link.on_conflict_do_update(index_elements=key, set_=kept) if kept else link.on_conflict_do_nothing()
    connection.execute(joined)


def _list_inviters(connection: Connection, siret: str, account_id: str | None) -> set[str]:
    """Return who let an account in, who let these in, and so on."""
    rows = connection.execute(_INVITERS, {"siret": siret, "account": account_id})
    return {str(each) for each in rows.scalars()}


_INVITERS = text(
    "WITH RECURSIVE above AS (SELECT CAST(:account AS uuid) AS id"
    " UNION SELECT l.invited_by FROM account_establishment l JOIN above a ON l.account_id = a.id"
    " WHERE l.siret = :siret AND l.invited_by IS NOT NULL) SELECT id FROM above"
)


def _refuse_other_party(connection: Connection, siret: str, holder: str, account_id: str) -> None:
    """Raise `Conflict` if an account acts for another party: what it files would be seen by strangers."""
    acting, offered = (parties.acting_for(connection, siret, account_id), parties.find(connection, siret, holder))
    if acting not in (None, offered):
        raise Conflict(
            "other-party",
            "Vous agissez déjà pour cet établissement, avec d’autres personnes. Pour accepter, quittez-les d’abord, ou "
            "attendez que la personne qui vous invite ait prouvé son habilitation.",
        )


def change_role(connection: Connection, siret: str, account_id: str, role: Belonging, by: str) -> None:
    """Give a member of an establishment another role; raises `Unknown`, and `Conflict` for the last main contact."""
    members = _held(connection, siret, account_id, by)
    if role is not Belonging.MAIN and _leaders(members) == {account_id}:
        raise Conflict("last-contact", LAST_CONTACT_ROLE)
    mine = (_LINK.c.siret == siret, _LINK.c.account_id == account_id)
    connection.execute(update(_LINK).where(*mine).values(role=role))
    accesses.state_members(connection, account_id)


def get(connection: Connection, siret: str, account_id: str, by: str) -> Member:
    """Return a member of an establishment, as seen by one who acts with it; raises `Unknown`."""
    return _held(connection, siret, account_id, by)[account_id]


def get_invited(connection: Connection, siret: str, account_id: str, by: str) -> Member:
    """Return a member whose invitation waits, as seen by one who acts with it; raises `Unknown`."""
    member = get(connection, siret, account_id, by)
    if member.joined_at is not None:
        raise Unknown(account_id)
    return member


def _held(connection: Connection, siret: str, account_id: str, by: str) -> dict[str, Member]:
    """Lock the members of an establishment, and return them by account; raises `Unknown` unless one is named."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": f"members:{siret}"})
    members = {each.account_id: each for each in list_of(connection, siret, by)}
    if account_id not in members:
        raise Unknown(account_id)
    return members


def _leaders(members: dict[str, Member]) -> set[str]:
    return {each for each, member in members.items() if member.role is Belonging.MAIN and member.joined_at}


def remove(connection: Connection, siret: str, account_id: str, by: str) -> None:
    """Remove a member from an establishment, or cancel an invitation; raises `Unknown`, `Conflict`."""
    if _leaders(_held(connection, siret, account_id, by)) == {account_id}:
        raise Conflict("last-contact", LAST_CONTACT)
    mine = (_LINK.c.siret == siret, _LINK.c.account_id == account_id)
    connection.execute(delete(_LINK).where(*mine))
    accesses.state_members(connection, account_id)
    authorities.leave(connection, siret, account_id)
