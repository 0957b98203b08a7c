"""Accounts and their bearer tokens: opened by an operator, or, for the employer of this machine, by enrolling."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from stdnum import luhn

from law.directory import DEPARTMENTS
from local.caller import Caller
from local.enrolling import enrolled
from models.bodies.unit import DelegationBody
from models.identifiers import Message
from models.roles import SIGNING, named
from models.store.database import Database
from models.store.people import accounts, delegations, identities, tokens
from models.store.people.accounts import Establishment

EVERYWHERE = tuple(each.code for each in DEPARTMENTS)
AT_HOME = ("75", "34", "974")
"""Départements of the establishments that the employer of `tacite up` may file for."""


class Tokens(Message):
    """One bearer token for each role."""

    employer: str
    agent: str
    head: str
    operator: str


def fictional(number: int, department: str) -> Establishment:
    """The n-th fictional establishment: its SIRET has right keys and names no firm (SIREN from 000 000 0xx)."""
    siren = f"{number:08}"
    siren += luhn.calc_check_digit(siren)
    siret = f"{siren}0001"
    siret += luhn.calc_check_digit(siret)
    return Establishment(
        siret=siret,
        department=department,
        name=f"Ateliers Durand {number} (fictif)",
        address=f"{number}, rue de l’Exemple (adresse fictive)",
    )


def in_development(role: str, departments: Sequence[str]) -> DelegationBody | None:
    """What an account that signs is given where all is for trial: the director's certificate, or the delegate's."""
    if named(role) not in SIGNING:
        return None
    certificate = "director" if role == "head" else "delegate"
    act = "arrêté du 3 janvier 2024 portant délégation de signature"
    return DelegationBody(
        departments=tuple(departments), from_on=date(2020, 1, 1), certificate=certificate, act=act
    )


def create(
    database: Database,
    role: str,
    name: str,
    email: str,
    *,
    places: Sequence[Establishment] = (),
    departments: Sequence[str] = (),
    delegation: DelegationBody | None = None,
    issuer: str = "",
) -> str:
    """Open an account and return its token, shown this once; an issuer knows it under its role."""
    with database.begin() as connection:
        account_id = accounts.create(connection, role, name, email, departments=tuple(departments))
        if delegation is not None:
            delegations.give(connection, account_id, delegation, None)
        if issuer:
            identities.know(connection, issuer, role, account_id)
        for place in places:
            accounts.enrol(connection, account_id, place)
        return tokens.issue(connection, account_id, "Poste local")[0]


async def open_all(
    database: Database, site: str, mailbox: Path, places: Sequence[Establishment], issuer: str = ""
) -> Tokens:
    """One account for each role: the employer enrols, the head opens the agent's; both are in charge everywhere.

    These sign in as `agent` and `head`. The first head and the operator are opened as by `tacite agents open`.
    """
    head = create(
        database,
        "head",
        "Marc Olivier",
        "head@tacite.invalid",
        departments=EVERYWHERE,
        delegation=in_development("head", EVERYWHERE),
        issuer=issuer,
    )
    return Tokens(
        head=head,
        agent=await _agent(database, Caller(site, head), "agent" if issuer else None),
        operator=create(database, "operator", "Exploitation", "operator@tacite.invalid"),
        employer=await enrolled(site, mailbox, places),
    )


async def _agent(database: Database, head: Caller, subject: str | None) -> str:
    """An agent whom the head of unit opens and lets sign; the token is for our own calls, agents have none."""
    stated = {
        "role": "signatory",
        "name": "Nadia Perrin",
        "email": "agent@tacite.invalid",
        "departments": EVERYWHERE,
        "subject": subject,
    }
    made = str((await head.post("/unit/agents", stated))["id"])
    given = in_development("agent", EVERYWHERE)
    await head.post(f"/unit/agents/{made}/delegations", given and given.model_dump(mode="json"))
    with database.begin() as connection:
        return tokens.issue(connection, made, "Poste local")[0]


def kept(database: Database, file: Path, site: str, mailbox: Path, issuer: str = "") -> Tokens:
    """The tokens of a world that may run again: opened once, kept beside its data for our eyes only."""
    if file.exists():
        return Tokens.model_validate_json(file.read_text("utf-8"))
    places = [fictional(number, code) for number, code in enumerate(AT_HOME, start=1)]
    tokens = asyncio.run(open_all(database, site, mailbox, places, issuer))
    file.touch(mode=0o600)
    file.write_text(tokens.model_dump_json(), "utf-8")
    return tokens
