"""`tacite accounts`, `tacite agents`: whom nobody else lets in, as the first head of a unit and the first operator."""

from collections.abc import Sequence
from typing import Annotated, Literal

from cyclopts import Parameter
from pydantic import ValidationError
from sqlalchemy import Connection

from cli.environment import current, register
from cli.terminal import Code, Ended, answer, group, say
from models.bodies.unit import AgentChange, DelegationBody, Departments
from models.errors import Conflict, Unknown
from models.identifiers import Message
from models.roles import AGENTS, SIGNING, Named
from models.store.journal.events import Actor
from models.store.people import access_log, agents, delegations, identities
from models.store.people.accounts import Account
from models.store.people.accounts import create as new_account

OPERATOR = Actor(role="operator")
accounts_group = group("accounts", "Ouvrir des comptes.")
agents_group = group("agents", "Agents : le premier chef d’unité, et ce qu’aucun chef ne fait pour lui-même.")

Json = Annotated[bool, Parameter("--json", help="JSON seul sur la sortie standard.")]
Places = Annotated[tuple[str, ...], Parameter(help="Département ; répétable.")]


@accounts_group.command
def create(
    *,
    role: Annotated[Named, Parameter(help="Qui est-ce ? « agent » : instruit et signe.")],
    siret: Annotated[tuple[str, ...], Parameter(help="Établissement d’un employeur ; répétable.")] = (),
    department: Annotated[tuple[str, ...], Parameter(help="Département ; répétable pour un agent.")] = (),
    name: Annotated[str, Parameter(help="Nom.")] = "Compte sans nom",
    email: Annotated[str, Parameter(help="Courriel.")] = "compte@tacite.invalid",
    address: Annotated[str, Parameter(help="Adresse des établissements.")] = "Adresse non renseignée",
    as_json: Json = False,
) -> None:
    """Ouvrir un compte et montrer son jeton, cette seule fois."""
    from cli.operations import create_account

    token = create_account(role, siret, department, name, email, address)
    answer({"token": token}, token, as_json)


class _Charge(Message):
    departments: Departments


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
    department: Places = (),
    as_json: Json = False,
) -> None:
    """Ouvrir le compte d’un agent, qui se connecte par le fournisseur d’identité."""
    if role in AGENTS and not department:
        raise Ended(Code.MISUSE, "Un agent ou un chef demande au moins un --department.")
    settings = current()
    if not settings.oidc_issuer:
        raise Ended(Code.MISUSE, "Aucun fournisseur d’identité n’est nommé : TACITE_OIDC_ISSUER.")
    charged = _charge(department) if department else ()
    with register(settings) as opened:
        try:
            with opened.begin() as connection:
                made = new_account(connection, role, name, email, departments=charged)
                identities.know(connection, settings.oidc_issuer, subject, made)
                _tell(connection, "account_opened", made, role=role)
        except Conflict as taken:
            raise Ended(Code.NEGATIVE, taken.detail) from taken
    answer({"id": made}, made, as_json)


@agents_group.command
def delegate(
    account: Annotated[str, Parameter(help="Identifiant du compte.")],
    /,
    *,
    certificate: Annotated[str, Parameter(help="Identifiant du signataire dans signatories.json.")],
    act: Annotated[str, Parameter(help="Acte qui donne la signature : décret de nomination, arrêté…")],
    from_on: Annotated[str, Parameter(help="Premier jour.")],
    until_on: Annotated[str | None, Parameter(help="Dernier jour ; sans lui, jusqu’à nouvel ordre.")] = None,
    department: Places = (),
    as_json: Json = False,
) -> None:
    """Inscrire qu’un chef ou un signataire peut signer : de droit, ou par délégation."""
    stated = {
        "departments": department,
        "from_on": from_on,
        "until_on": until_on,
        "certificate": certificate,
        "act": act,
    }
    try:
        body = DelegationBody.model_validate(stated)
    except ValidationError as wrong:
        raise Ended(Code.MISUSE, _sentences(wrong)) from wrong
    with register(current()) as opened, opened.begin() as connection:
        _signing(connection, account)
        given = delegations.give(connection, account, body, None)
        _tell(connection, "delegation_given", account, delegation=given.id)
    answer({"id": given.id}, given.id, as_json)


@agents_group.command
def close(account: Annotated[str, Parameter(help="Identifiant du compte.")], /) -> None:
    """Clore le compte d’un agent : il n’entre plus nulle part, et ce qu’il a fait demeure."""
    with register(current()) as opened, opened.begin() as connection:
        if _known(connection, account).role == "employer":
            raise Ended(Code.NEGATIVE, "C’est le compte d’un employeur : ses interlocuteurs le retirent.")
        agents.change(connection, account, AgentChange(closed=True))
        _tell(connection, "account_closed", account)
    say("Le compte est clos.")


def _known(connection: Connection, account: str) -> Account:
    try:
        return agents.get(connection, account)
    except Unknown as unknown:
        raise Ended(Code.NEGATIVE, "Aucun compte ne porte cet identifiant.") from unknown


def _signing(connection: Connection, account: str) -> None:
    if _known(connection, account).role not in SIGNING:
        raise Ended(Code.NEGATIVE, "Seul un chef ou un signataire signe des décisions.")


def _charge(departments: Sequence[str]) -> tuple[str, ...]:
    try:
        return _Charge(departments=tuple(departments)).departments
    except ValidationError as wrong:
        raise Ended(Code.MISUSE, _sentences(wrong)) from wrong


def _tell(connection: Connection, kind: str, account: str, **data: str) -> None:
    access_log.write(connection, kind, OPERATOR, account=account, **data)


def _sentences(wrong: ValidationError) -> str:
    return " ".join(sorted({each["msg"].removeprefix("Value error, ") for each in wrong.errors()}))
