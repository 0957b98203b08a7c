"""Accounts, and the establishments that they act for."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, any_, bindparam, case, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from law.directory import department
from models.roles import actor_role, role_named
from models.store.journal import accesses, representation
from models.store.journal.events import SYSTEM, Actor
from models.store.people import parties, series
from models.store.records import Record
from models.store.schema.accounts import party
from models.store.schema.cases import account, account_establishment, establishment


class Account(Record):
    """An account: who calls the API or signs in to the pages."""

    id: str
    role: str
    name: str
    email: str
    departments: tuple[str, ...]
    """Départements in an agent's charge; empty for employers and operators."""

    @property
    def actor(self) -> Actor:
        """The account as the actor of an event."""
        return Actor.model_validate({"role": actor_role(self.role), "account_id": self.id})


class Establishment(Record):
    """An establishment known to the register."""

    siret: str
    department: str
    name: str
    address: str


def create(
    connection: Connection,
    role: str,
    name: str,
    email: str,
    *,
    departments: tuple[str, ...] = (),
    by: Actor = SYSTEM,
) -> str:
    """Create an account of a role, given by its name or its alias, and its event; returns its id."""
    row = {"role": role_named(role), "name": name, "email": email, "departments": list(departments)}
    created: str = connection.execute(insert(account).values(row).returning(account.c.id)).scalar_one()
    accesses.write_last(connection, "account_opened", by, account=created, role=role_named(role))
    return created


def enrol(connection: Connection, account_id: str, record: Establishment, *, apart: bool = False) -> None:
    """Let an account file for an establishment; a new establishment is created and gets its four letters.

    It joins the people who act for the establishment already; `apart`, it acts on its own.
    """
    code = department(record.department).code
    if find_establishment(connection, record.siret) is None:
        series.hold(connection, code)
        row = record.model_dump() | {"department": code, "letters": series.free_letters(connection, code)}
        create = upsert(establishment).values(row).on_conflict_do_nothing().returning(establishment.c.siret)
        if connection.execute(create).first():
            series.add(connection, code, row["letters"], record.siret)
    link = upsert(account_establishment).values(account_id=account_id, siret=record.siret).on_conflict_do_nothing()
    linked = connection.execute(link.returning(account_establishment.c.siret)).first() is not None
    if apart:
        parties.found(connection, record.siret, account_id, anew=linked)
    else:
        parties.join_first(connection, record.siret, account_id)
    accesses.state_members(connection, account_id)


def hold(connection: Connection, account_id: str) -> None:
    """Lock an account until the end of the transaction, so that what is written about it is in order."""
    connection.execute(select(account.c.id).where(account.c.id == account_id).with_for_update())


def readdress(connection: Connection, account_id: str, email: str) -> None:
    """Change the mail address of an account, and write its event."""
    connection.execute(update(account).where(account.c.id == account_id).values(email=email))
    accesses.write_last(connection, "account_readdressed", SYSTEM, account=account_id)


def rename(connection: Connection, account_id: str, name: str, by: Actor) -> None:
    """Change the name of an account, and write its event."""
    connection.execute(update(account).where(account.c.id == account_id).values(name=name))
    accesses.write_last(connection, "account_renamed", by, account=account_id)


def get(connection: Connection, account_id: str) -> Account:
    """Return an account that exists."""
    return Account.of(connection.execute(select(account).where(account.c.id == account_id)).mappings().one())


def list_establishments(connection: Connection, account_id: str) -> list[Establishment]:
    """Return the establishments for which an account may file: its own, and those that mandated it.

    Each in the département that the party it acts for states, unless that of the establishment is confirmed.
    """
    return Establishment.all(connection, _ESTABLISHMENTS, {"of": account_id})


_OF = bindparam("of", type_=party.c.account_id.type)
_CONFIRMED = case((establishment.c.department_confirmed, establishment.c.department))
_STATED = (
    select(func.max(party.c.department))
    .where(party.c.siret == establishment.c.siret, party.c.party == representation.acting_party(party.c.siret, _OF))
    .scalar_subquery()
)
_ESTABLISHMENTS = (
    select(
        func.coalesce(_CONFIRMED, _STATED, establishment.c.department).label("department"),
        *(establishment.c[name] for name in ("siret", "name", "address")),
    )
    .where(establishment.c.siret.in_(representation.sirets(bindparam("of"))))
    .order_by(establishment.c.siret)
)


def get_establishment(connection: Connection, siret: str) -> Establishment:
    """Return an establishment that exists."""
    query = select(establishment).where(establishment.c.siret == siret)
    return Establishment.of(connection.execute(query).mappings().one())


def find_establishment(connection: Connection, siret: str) -> Establishment | None:
    """Return an establishment, or None when the register does not know it."""
    return Establishment.first(connection, select(establishment).where(establishment.c.siret == siret))


def find_filer(connection: Connection, siret: str) -> Account | None:
    """Return a member who has proven an authority over an establishment, preferably a main contact, or None.

    Until somebody has, nothing tells a member from a stranger.
    """
    link = account_establishment
    query = select(account).join(link, link.c.account_id == account.c.id)
    query = query.where(link.c.siret == siret, link.c.joined_at.is_not(None))
    proven = representation.is_proven_member(link.c.siret, link.c.account_id)
    return Account.first(connection, query.where(proven).order_by(link.c.role, account.c.id).limit(1))


def list_in_charge(connection: Connection, code: str, *roles: str) -> list[Account]:
    """Return the open accounts of these roles that have a département in charge."""
    query = select(account).where(
        account.c.role.in_(roles), account.c.departments.contains([code]), account.c.closed_at.is_(None)
    )
    return Account.all(connection, query.order_by(account.c.id))


def list_charged(connection: Connection, codes: Sequence[str], *roles: str) -> list[Account]:
    """Return the open accounts of these roles that have one of these départements in charge, by name."""
    return Account.all(connection, _CHARGED, {"codes": list(codes), "roles": list(roles)})


_TEXTS: Final = account.c.departments.type
_CHARGED: Final = (
    select(*(account.c[name] for name in Account.model_fields))
    .where(account.c.role == any_(bindparam("roles", type_=_TEXTS)), account.c.closed_at.is_(None))
    .where(account.c.departments.overlap(bindparam("codes", type_=_TEXTS)))
    .order_by(account.c.name, account.c.id)
)
