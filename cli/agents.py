"""`tacite agents`: agents whom no head of unit can open, such as the first head and the first operator."""

from typing import Annotated, Literal

from cyclopts import Parameter
from pydantic import TypeAdapter
from sqlalchemy import Connection

from cli.environment import OPERATOR, current_settings, open_register
from cli.terminal import CommandError, ExitCode, Json, answer, group, say, validated
from models.bodies.unit import DECISIONS, AgentChange, DelegationBody, Departments, Subject
from models.email_address import EmailAddress
from models.errors import Conflict, Unknown, Unlawful
from models.person_names import PersonName
from models.roles import AGENTS, SIGNING
from models.store.people import access_log, accounts, agents, delegations, identities
from models.store.people.accounts import Account

agents_group = group("agents", "Agents : le premier chef d’unité, et ce qu’aucun chef ne fait pour lui-même.")

DepartmentOption = Annotated[tuple[str, ...], Parameter(help="Département ; répétable.")]


@agents_group.command(name="open")
def open_agent(
    *,
    role: Annotated[
        Literal["head", "signatory", "instructor", "reader", "auditor", "operator"],
        Parameter(help="Qui est-ce ?"),
    ],
    name: Annotated[str, Parameter(help="Nom.")],
    email: Annotated[str, Parameter(help="Courriel.")],
    subject: Annotated[str, Parameter(help="Identifiant chez le fournisseur d’identité.")],
    department: DepartmentOption = (),
    as_json: Json = False,
) -> None:
    """Ouvrir le compte d’un agent, qui se connecte par le fournisseur d’identité."""
    if role in AGENTS and not department:
        raise CommandError(ExitCode.MISUSE, "Un agent ou un chef demande au moins un --department.")
    settings = current_settings()
    if not settings.oidc_issuer:
        raise CommandError(ExitCode.MISUSE, "Aucun fournisseur d’identité n’est nommé : TACITE_OIDC_ISSUER.")
    departments = validated(TypeAdapter(Departments), department) if department else ()
    name = validated(TypeAdapter(PersonName), name)
    email = validated(TypeAdapter(EmailAddress), email)
    subject = validated(TypeAdapter(Subject), subject)
    with open_register(settings) as database:
        try:
            with database.begin() as connection:
                account_id = accounts.create(connection, role, name, email, departments=departments, by=OPERATOR)
                identities.link(connection, settings.oidc_issuer, subject, account_id)
        except Conflict as conflict:
            raise CommandError(ExitCode.NEGATIVE, conflict.detail) from conflict
    answer({"id": account_id}, account_id, as_json)


@agents_group.command
def delegate(
    account: Annotated[str, Parameter(help="Identifiant du compte.")],
    /,
    *,
    certificate: Annotated[str, Parameter(help="Identifiant du signataire dans signatories.json.")],
    act: Annotated[str, Parameter(help="Acte qui donne la signature : décret de nomination, arrêté…")],
    from_on: Annotated[str, Parameter(help="Premier jour.")],
    until_on: Annotated[str | None, Parameter(help="Dernier jour ; sans lui, jusqu’à nouvel ordre.")] = None,
    department: DepartmentOption = (),
    outcome: Annotated[
        tuple[str, ...], Parameter(help="Acte : grant, refusal, claim, claim_refusal ou quota_exception ; répétable.")
    ] = DECISIONS,
    as_json: Json = False,
) -> None:
    """Inscrire qu’un chef ou un signataire peut signer : de droit, ou par délégation."""
    fields = {
        "outcomes": outcome,
        "departments": department,
        "from_on": from_on,
        "until_on": until_on,
        "certificate": certificate,
        "act": act,
    }
    body = validated(TypeAdapter(DelegationBody), fields)
    with open_register(current_settings()) as database, database.begin() as connection:
        if _account(connection, account).role not in SIGNING:
            raise CommandError(ExitCode.NEGATIVE, "Seul un chef ou un signataire signe des décisions.")
        try:
            delegation = delegations.give(connection, account, body, None)
        except Unlawful as unlawful:
            raise CommandError(ExitCode.MISUSE, unlawful.objections[0].message) from unlawful
    answer({"id": delegation.id}, delegation.id, as_json)


@agents_group.command
def close(account: Annotated[str, Parameter(help="Identifiant du compte.")], /) -> None:
    """Clore le compte d’un agent : il n’entre plus nulle part, et ce qu’il a fait demeure."""
    with open_register(current_settings()) as database, database.begin() as connection:
        if _account(connection, account).role == "employer":
            raise CommandError(ExitCode.NEGATIVE, "C’est le compte d’un employeur : ses interlocuteurs le retirent.")
        agents.change(connection, account, AgentChange(closed=True), OPERATOR)
        _log(connection, "account_closed", account)
    say("Le compte est clos.")


def _account(connection: Connection, account_id: str) -> Account:
    try:
        return agents.get(connection, account_id)
    except Unknown as unknown:
        raise CommandError(ExitCode.NEGATIVE, "Aucun compte ne porte cet identifiant.") from unknown


def _log(connection: Connection, kind: str, account_id: str, **data: str) -> None:
    access_log.write(connection, kind, OPERATOR, account=account_id, **data)
