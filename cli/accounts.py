"""`tacite accounts`: open an account that works through the API, and show its token."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from cyclopts import Parameter
from pydantic import TypeAdapter

from cli.environment import OPERATOR, current_settings, open_register
from cli.terminal import CommandError, ExitCode, Json, answer, group, say, validated
from law.calendar import local
from models.bodies.unit import OUTCOMES, DelegationBody
from models.email_address import EmailAddress
from models.identifiers import Department, Siret
from models.labels import Proof
from models.roles import AGENTS, SIGNING, RoleName, role_named
from models.store.cases import authority_holds
from models.store.database import Database, now
from models.store.journal.events import SYSTEM
from models.store.people import accounts, delegations, identities, tokens
from models.store.people.accounts import Establishment
from models.texts import Line

accounts_group = group("accounts", "Ouvrir des comptes.")
TOKEN_LIFETIME: Final = timedelta(days=90)
"""In production, of a token that a command issues: who needs a longer one makes it in a session of their own."""


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
    is_employer = role == "employer"
    name, address = validated(TypeAdapter(tuple[Line, Line]), (name, address))
    email = validated(TypeAdapter(EmailAddress), email)
    codes = validated(TypeAdapter(list[Department]), list(department))
    sirets = validated(TypeAdapter(list[Siret]), list(siret))
    _require_places(role, sirets, codes)
    settings = current_settings()
    covered = [
        Establishment(siret=each, department=home, name=name, address=address) for home in codes for each in sirets
    ]
    charge = codes if role_named(role) in AGENTS else []
    if settings.profile == "production" and not is_employer:
        sentence = "En production, seul un employeur s’ouvre ici ; les autres comptes, par « tacite agents open »."
        raise CommandError(ExitCode.MISUSE, sentence)
    with open_register(settings) as database:
        token = open_account(
            database,
            role,
            _signing_name(role, name) if settings.profile == "development" else name,
            email,
            establishments=covered if is_employer else (),
            departments=charge,
            delegation=trial_delegation(role, charge) if settings.profile == "development" else None,
            trial=settings.profile == "development",
            lifetime=TOKEN_LIFETIME if settings.profile == "production" else None,
        )
    answer({"token": token}, token, as_json)


def _require_places(role: str, sirets: Sequence[str], departments: Sequence[str]) -> None:
    """Refuse an employer without establishments or of several départements, and an agent in charge of nothing."""
    if role_named(role) in AGENTS and not departments:
        raise CommandError(ExitCode.MISUSE, "Un compte d’agent ou de chef demande au moins un --department.")
    if role != "employer":
        return
    if not sirets:
        raise CommandError(ExitCode.MISUSE, "Un compte d’employeur demande au moins un --siret.")
    if len(departments) > 1:
        raise CommandError(ExitCode.MISUSE, "Créez un compte d’employeur à la fois par département.")
    if not departments:
        raise CommandError(ExitCode.MISUSE, "Indiquez le --department : il décide du service et de l’heure légale.")


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
    subject: str = "",
    trial: bool = False,
    lifetime: timedelta | None = None,
) -> str:
    """Open an account in one transaction and return its token, which is readable this once.

    With an `issuer`, the account may also sign in there, as `subject`, or else under the name of its role. A `trial`
    employer (development) needs no proof of authority; any other has none until it gives one.
    """
    with database.begin() as connection:
        account_id = accounts.create(connection, role, name, email, departments=tuple(departments), by=OPERATOR)
        if delegation is not None:
            delegations.give(connection, account_id, delegation, None)
        if issuer:
            identities.link(connection, issuer, subject or role, account_id)
        for establishment in establishments:
            accounts.enrol(connection, account_id, establishment)
            if trial:
                authority_holds.prove(connection, establishment.siret, account_id, Proof.TRIAL, SYSTEM)
        expires_at = now(connection) + lifetime if lifetime else None
        return tokens.issue(connection, account_id, "Poste local", expires_at=expires_at, by=OPERATOR)[0]


TRIAL_HOLDERS: Final = {"head": "Marc Olivier", "signatory": "Nadia Perrin"}
"""Names on the throw-away certificates: a decision is signed by the agent who takes it, and by nobody else."""


def _signing_name(role: str, name: str) -> str:
    """Return the name of an account of the development profile: one that signs bears that of its certificate."""
    holder = TRIAL_HOLDERS.get(role_named(role))
    if holder and holder != name:
        say(f"Profil de développement : ce compte signe avec un certificat d’essai, au nom de {holder}.")
    return holder or name


def trial_delegation(role: str, departments: Sequence[str]) -> DelegationBody | None:
    """The delegation of an account that signs, under the development profile: one of the throw-away certificates."""
    if role_named(role) not in SIGNING:
        return None
    now = datetime.now(UTC)
    return DelegationBody(
        outcomes=OUTCOMES,
        departments=tuple(departments),
        from_on=min(local(now, each).date() for each in departments),
        certificate="director" if role == "head" else "delegate",
        act="arrêté du 3 janvier 2024 portant délégation de signature",
    )
