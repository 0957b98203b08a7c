"""Accounts, and the establishments that they act for."""

from sqlalchemy import Connection, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from law.directory import department
from models.roles import actor_role, role_named
from models.store.journal import representation
from models.store.journal.events import Actor
from models.store.records import Record
from models.store.schema.cases import account, account_establishment, establishment

LETTER_CODES = 26**4
"""How many combinations of four letters a département has."""


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


def create(connection: Connection, role: str, name: str, email: str, *, departments: tuple[str, ...] = ()) -> str:
    """Create an account of a role, given by its name or its alias; returns its id."""
    row = {"role": role_named(role), "name": name, "email": email, "departments": list(departments)}
    created: str = connection.execute(insert(account).values(row).returning(account.c.id)).scalar_one()
    return created


def enrol(connection: Connection, account_id: str, record: Establishment) -> None:
    """Let an account file for an establishment; a new establishment is created and gets its four letters."""
    code = department(record.department).code
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:d))"), {"d": f"letters:{code}"})
    number = connection.execute(
        select(func.count()).select_from(establishment).where(establishment.c.department == code)
    ).scalar_one()
    row = record.model_dump() | {"department": code, "letters": id_letters(number)}
    connection.execute(upsert(establishment).values(row).on_conflict_do_nothing())
    link = {"account_id": account_id, "siret": record.siret}
    connection.execute(upsert(account_establishment).values(link).on_conflict_do_nothing())


def hold(connection: Connection, account_id: str) -> None:
    """Lock an account until the end of the transaction, so that what is written about it is in order."""
    connection.execute(select(account.c.id).where(account.c.id == account_id).with_for_update())


def readdress(connection: Connection, account_id: str, email: str) -> None:
    """Change the mail address of an account."""
    connection.execute(update(account).where(account.c.id == account_id).values(email=email))


def id_letters(number: int) -> str:
    """Return four letters for the n-th establishment of a département, spread so that neighbours differ."""
    spread = number * 15_731 % LETTER_CODES  # 15 731 and 26⁴ are coprime: every number has its own letters
    return "".join(chr(ord("A") + spread // 26**power % 26) for power in (3, 2, 1, 0))


def get(connection: Connection, account_id: str) -> Account:
    """Return an account that exists."""
    return Account.of(connection.execute(select(account).where(account.c.id == account_id)).mappings().one())


def list_establishments(connection: Connection, account_id: str) -> list[Establishment]:
    """Return the establishments for which an account may file: its own, and those that mandated it."""
    return Establishment.all(connection, _ESTABLISHMENTS, {"of": account_id})


_ESTABLISHMENTS = (
    select(establishment)
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
    """Return an account that belongs to an establishment, preferably a main contact, or None."""
    link = account_establishment
    query = select(account).join(link, link.c.account_id == account.c.id)
    query = query.where(link.c.siret == siret, link.c.joined_at.is_not(None))
    return Account.first(connection, query.order_by(link.c.role, account.c.id).limit(1))


def list_in_charge(connection: Connection, code: str, *roles: str) -> list[Account]:
    """Return the open accounts of these roles that have a département in charge."""
    query = select(account).where(
        account.c.role.in_(roles), account.c.departments.contains([code]), account.c.closed_at.is_(None)
    )
    return Account.all(connection, query.order_by(account.c.id))
