"""Accounts and their bearer tokens: opened by an operator, or, for the employer of this machine, by enrolling."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from stdnum import luhn

from law.directory import DEPARTMENTS
from local.enrolling import enrolled
from models.roles import AGENTS, SIGNING, named
from models.store import accounts, delegations, identities
from models.store.accounts import Establishment
from models.store.register import Register
from models.unit import DelegationBody
from models.values import Message

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
    register: Register,
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
    with register.begin() as connection:
        account_id = accounts.create(connection, role, name, email, departments=tuple(departments))
        if delegation is not None:
            delegations.give(connection, account_id, delegation, None)
        if issuer:
            identities.know(connection, issuer, role, account_id)
        for place in places:
            accounts.enrol(connection, account_id, place)
        return accounts.issue_token(connection, account_id)


async def open_all(
    register: Register, site: str, mailbox: Path, places: Sequence[Establishment], issuer: str = ""
) -> Tokens:
    """One account for each role: the employer enrols through the doors; agents are in charge everywhere.

    These sign in as `agent` and `head`.
    """

    def opened(role: str, name: str) -> str:
        of_agent = EVERYWHERE if named(role) in AGENTS else ()
        return create(
            register,
            role,
            name,
            f"{role}@tacite.invalid",
            departments=of_agent,
            delegation=in_development(role, of_agent),
            issuer=issuer if of_agent else "",
        )

    return Tokens(
        agent=opened("agent", "Nadia Perrin"),
        head=opened("head", "Marc Olivier"),
        operator=opened("operator", "Exploitation"),
        employer=await enrolled(site, mailbox, places),
    )


def kept(register: Register, file: Path, site: str, mailbox: Path, issuer: str = "") -> Tokens:
    """The tokens of a world that may run again: opened once, kept beside its data for our eyes only."""
    if file.exists():
        return Tokens.model_validate_json(file.read_text("utf-8"))
    places = [fictional(number, code) for number, code in enumerate(AT_HOME, start=1)]
    tokens = asyncio.run(open_all(register, site, mailbox, places, issuer))
    file.touch(mode=0o600)
    file.write_text(tokens.model_dump_json(), "utf-8")
    return tokens
