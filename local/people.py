"""The people of a world on one machine, and their bearer tokens: the employer enrols, an operator opens the others."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from stdnum import luhn

from cli.accounts import open_account, trial_delegation
from law.directory import DEPARTMENTS
from local.caller import Caller
from local.enrolment import enrol
from models.identifiers import Message
from models.store.database import Database
from models.store.people import tokens
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
    """The n-th fictional establishment: its SIRET has valid check digits and names no firm (SIREN from 000 000 0xx)."""
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


async def open_all(
    database: Database, site: str, mailbox: Path, establishments: Sequence[Establishment], issuer: str = ""
) -> Tokens:
    """Open one account for each role; the head and the agent are in charge of every département.

    The employer enrols. The head opens the agent's account; the first head and the operator are opened as by
    `tacite agents open`. With an `issuer`, `head` and `agent` may sign in there under these names.
    """
    head = open_account(
        database,
        "head",
        "Marc Olivier",
        "head@tacite.invalid",
        departments=EVERYWHERE,
        delegation=trial_delegation("head", EVERYWHERE),
        issuer=issuer,
    )
    return Tokens(
        head=head,
        agent=await _agent(database, Caller(site, head), "agent" if issuer else None),
        operator=open_account(database, "operator", "Exploitation", "operator@tacite.invalid"),
        employer=await enrol(site, mailbox, establishments),
    )


async def _agent(database: Database, head: Caller, subject: str | None) -> str:
    """Have the head open an agent and let him sign; agents have no tokens in production, this one is for our calls."""
    body = {
        "role": "signatory",
        "name": "Nadia Perrin",
        "email": "agent@tacite.invalid",
        "departments": EVERYWHERE,
        "subject": subject,
    }
    account_id = str((await head.post("/unit/agents", body))["id"])
    delegation = trial_delegation("agent", EVERYWHERE)
    await head.post(f"/unit/agents/{account_id}/delegations", delegation and delegation.model_dump(mode="json"))
    with database.begin() as connection:
        return tokens.issue(connection, account_id, "Poste local")[0]


def load_or_open(database: Database, file: Path, site: str, mailbox: Path, issuer: str = "") -> Tokens:
    """The tokens of a world that may run again: opened once, then read from a private file beside its data."""
    if file.exists():
        return Tokens.model_validate_json(file.read_text("utf-8"))
    establishments = [fictional(number, code) for number, code in enumerate(AT_HOME, start=1)]
    opened = asyncio.run(open_all(database, site, mailbox, establishments, issuer))
    file.touch(mode=0o600)
    file.write_text(opened.model_dump_json(), "utf-8")
    return opened
