"""The people of a world on one machine, and their bearer tokens: the employer enrols, an operator opens the others."""

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stdnum import luhn

from cli.accounts import open_account, trial_delegation
from law.directory import DEPARTMENTS, department
from local.caller import Caller
from local.company_documents import Known
from local.enrolment import EMAIL, enrol
from local.programs import Companies
from models.identifiers import Message
from models.labels import Proof
from models.store.cases import authority_holds
from models.store.database import Database
from models.store.journal.events import SYSTEM, Actor
from models.store.people import tokens
from models.store.people.accounts import Establishment

PASSWORD_FILE: Final = "employer.password"  # noqa: S105  a name, not a secret
"""Private file, beside the tokens, of the password of the trial employer."""
EVERYWHERE = tuple(each.code for each in DEPARTMENTS)
AT_HOME = ("75", "34", "974")
"""Départements of the establishments that the employer of `tacite up` may file for."""


class Tokens(Message):
    """One bearer token for each role."""

    employer: str
    agent: str
    head: str
    operator: str
    auditor: str = ""
    """Absent from the file of a world that an earlier release made."""


SECOND_OPERATOR: Final = "operator-2"
"""Subject of another operator: an exceptional act needs two."""
PAGES: Final = {
    "employer": "/requests",
    "agent": "/desk",
    "head": "/unit",
    "operator": "/operations",
    SECOND_OPERATOR: "/operations",
    "auditor": "/audit",
}
"""Where each of them works. All but the employer sign in by the provider, under this name as subject."""


def logins(site: str, folder: Path) -> dict[str, dict[str, str]]:
    """Return, for each person, the page, and the login and password or the subject by which they enter it."""
    people = {name: {"page": f"{site}{page}", "subject": name} for name, page in PAGES.items()}
    file = folder / PASSWORD_FILE
    password = file.read_text("utf-8") if file.exists() else ""
    people["employer"] = {"page": f"{site}{PAGES['employer']}", "login": EMAIL, "password": password}
    return people


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


def list_all(companies: Companies, establishments: Sequence[Establishment]) -> None:
    """Have the register of establishments list these as they are: a fictional commune of their département."""
    for number, each in enumerate(establishments, start=1):
        companies.describe(
            Known(
                siret=each.siret,
                denomination=each.name,
                number=str(number),
                street="rue de l’Exemple (adresse fictive)",
                commune=f"Exemple-sur-{department(each.department).name}",
                commune_code=f"{each.department}001"[:5] if len(each.department) == 2 else f"{each.department}01",
            )
        )


async def open_all(
    database: Database,
    site: str,
    mailbox: Path,
    establishments: Sequence[Establishment],
    issuer: str = "",
    password: str = "",
) -> Tokens:
    """Open one account for each role; the head and the agent are in charge of every département.

    The employer enrols, and is entitled as a trial account: silence would wait for a second agent after a validation.
    The head opens the agent's account; the first head and the operator are opened as by `tacite agents open`. With an
    `issuer`, each of them and a second operator may sign in there under the names of `PAGES`.
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
    employer = await enrol(site, mailbox, establishments, password)
    _prove(database, employer, establishments)
    operator = _open(database, "operator", "Camille Roux", "operator@tacite.invalid", issuer)
    if issuer:
        _open(database, "operator", "Dominique Morel", f"{SECOND_OPERATOR}@tacite.invalid", issuer, SECOND_OPERATOR)
    return Tokens(
        head=head,
        agent=await _agent(database, Caller(site, head), "agent" if issuer else None),
        operator=operator,
        auditor=_open(database, "auditor", "Sacha Petit", "auditor@tacite.invalid", issuer),
        employer=employer,
    )


def _open(database: Database, role: str, name: str, email: str, issuer: str, subject: str = "") -> str:
    return open_account(database, role, name, email, issuer=issuer, subject=subject)


def _prove(database: Database, employer: str, establishments: Sequence[Establishment]) -> None:
    with database.begin() as connection:
        bearer = tokens.find_bearer(connection, employer)
        if bearer is None:
            raise LookupError("the employer's token")
        for each in establishments:
            authority_holds.prove(connection, each.siret, bearer[0].id, Proof.TRIAL, SYSTEM)


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
        return tokens.issue(connection, account_id, "Poste local", by=Actor(role="operator"))[0]


def at_home() -> list[Establishment]:
    """The establishments that the employer of `tacite up` may file for."""
    return [fictional(number, code) for number, code in enumerate(AT_HOME, start=1)]


def load_or_open(database: Database, file: Path, site: str, mailbox: Path, issuer: str = "") -> Tokens:
    """The tokens of a world that may run again: opened once, then read from a private file beside its data."""
    if file.exists():
        return Tokens.model_validate_json(file.read_text("utf-8"))
    password = secrets.token_urlsafe(12)
    opened = asyncio.run(open_all(database, site, mailbox, at_home(), issuer, password))
    for private, content in ((file.parent / PASSWORD_FILE, password), (file, opened.model_dump_json())):
        private.touch(mode=0o600)
        private.write_text(content, "utf-8")
    return opened
