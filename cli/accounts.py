"""`tacite accounts`: open an account that works through the API, and show its token."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from cyclopts import Parameter
from pydantic import TypeAdapter

from cli.environment import current_settings, open_register
from cli.terminal import CommandError, ExitCode, Json, answer, group, validated
from models.bodies.unit import DelegationBody
from models.identifiers import Department, Siret
from models.roles import AGENTS, SIGNING, RoleName, role_named
from models.store.database import Database
from models.store.people import accounts, delegations, identities, tokens
from models.store.people.accounts import Establishment

accounts_group = group("accounts", "Ouvrir des comptes.")


@accounts_group.command
def create(
    *,
    role: Annotated[RoleName, Parameter(help="Qui est-ce ? « agent » : instruit et signe.")],
    siret: Annotated[tuple[str, ...], Parameter(help="Établissement d’un employeur ; répétable.")] = (),
    department: Annotated[tuple[str, ...], Parameter(help="Département ; répétable pour un agent.")] = (),
    name: Annotated[str, Parameter(help="Nom.")] = "Compte sans nom",
    email: Annotated[str, Parameter(help="Courriel.")] = "compte@tacite.invalid",
    address: Annotated[str, Parameter(help="Adresse des établissements.")] = "Adresse non renseignée",
    as_json: Json = False,
) -> None:
    """Ouvrir un compte et montrer son jeton, cette seule fois."""
    is_employer, in_charge = role == "employer", role_named(role) in AGENTS
    if is_employer and not siret:
        raise CommandError(ExitCode.MISUSE, "Un compte d’employeur demande au moins un --siret.")
    if in_charge and not department:
        raise CommandError(ExitCode.MISUSE, "Un compte d’agent ou de chef demande au moins un --department.")
    if is_employer and len(department) > 1:
        raise CommandError(ExitCode.MISUSE, "Créez un compte d’employeur à la fois par département.")
    codes = validated(TypeAdapter(list[Department]), list(department))
    sirets = validated(TypeAdapter(list[Siret]), list(siret))
    home = codes[0] if codes else "75"
    covered = [Establishment(siret=each, department=home, name=name, address=address) for each in sirets]
    charge = codes if in_charge else []
    settings = current_settings()
    with open_register(settings) as database:
        token = open_account(
            database,
            role,
            name,
            email,
            establishments=covered if is_employer else (),
            departments=charge,
            delegation=trial_delegation(role, charge) if settings.profile == "development" else None,
        )
    answer({"token": token}, token, as_json)


def open_account(
    database: Database,
    role: str,
    name: str,
    email: str,
    *,
    establishments: Sequence[Establishment] = (),
    departments: Sequence[str] = (),
    delegation: DelegationBody | None = None,
    issuer: str = "",
) -> str:
    """Open an account in one transaction and return its token, which is readable this once.

    With an `issuer`, the account may also sign in there: the provider of identities knows it by its role.
    """
    with database.begin() as connection:
        account_id = accounts.create(connection, role, name, email, departments=tuple(departments))
        if delegation is not None:
            delegations.give(connection, account_id, delegation, None)
        if issuer:
            identities.link(connection, issuer, role, account_id)
        for establishment in establishments:
            accounts.enrol(connection, account_id, establishment)
        return tokens.issue(connection, account_id, "Poste local")[0]


def trial_delegation(role: str, departments: Sequence[str]) -> DelegationBody | None:
    """The delegation of an account that signs, under the development profile: one of the throw-away certificates."""
    if role_named(role) not in SIGNING:
        return None
    return DelegationBody(
        departments=tuple(departments),
        from_on=date(2020, 1, 1),
        certificate="director" if role == "head" else "delegate",
        act="arrêté du 3 janvier 2024 portant délégation de signature",
    )
