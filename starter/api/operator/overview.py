"""The state of the service, and the accounts and tokens of an installation, for operators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from models.identifiers import Message
from models.labels import Part, TokenScope
from models.remedies import remedy
from models.roles import Role
from starter.context import AppContext, Credential
from starter.services import account_lists, operations
from starter.services.account_lists import AccountSearch

router = APIRouter(tags=["Exploitation"])


class BacklogView(Message):
    """Ce qui attend : combien, et depuis combien de secondes le plus ancien."""

    count: int
    oldest: float


class LatenessView(Message):
    """Retard, en secondes, avec lequel le silence a été constaté ces derniers jours."""

    count: int
    median: float | None
    greatest: float | None


class ParkedView(Message):
    """Un processus arrêté : ce qui manque, jusqu’à quand il peut attendre, ce qu’on peut faire."""

    incident: str
    process: str
    subject: str
    act: str
    part: str
    label: str
    remedy: str
    opened_at: datetime
    deadline_at: datetime | None


class DepositView(Message):
    """Un fichier pour l’agence."""

    channel: str
    name: str
    lines: int
    reserved_at: datetime
    written_at: datetime | None


class OverviewView(Message):
    """L’état du service."""

    backlogs: dict[str, BacklogView]
    lateness: LatenessView
    parked: tuple[ParkedView, ...]
    deposits: tuple[DepositView, ...]


class AccountView(Message):
    """Un compte, et combien de ses jetons sont en vigueur."""

    id: str
    role: Role
    name: str
    email: str
    departments: tuple[str, ...]
    closed_at: datetime | None
    tokens: int


class Accounts(Message):
    """Des comptes, par nom ; `more` s’il y en a d’autres."""

    items: tuple[AccountView, ...]
    more: bool


class HeldToken(Message):
    """Un jeton en vigueur, sans son secret."""

    id: str
    label: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class TokensOfAccount(Message):
    """Les jetons en vigueur d’un compte."""

    items: tuple[HeldToken, ...]


class Revoked(Message):
    """Combien de jetons ont été révoqués."""

    revoked: int


@router.get("/operations", summary="Lire l’état du service")
def read_overview(context: AppContext, credential: Credential) -> OverviewView:
    """Lire ce qui attend, le retard du silence, les dossiers arrêtés et les derniers dépôts auprès de l’ASP."""
    found = operations.read_overview(context, credential)
    return OverviewView(
        backlogs={name: BacklogView(**each.model_dump()) for name, each in found.backlogs.items()},
        lateness=LatenessView(**found.lateness.model_dump()),
        parked=tuple(_parked(each) for each in found.parked),
        deposits=tuple(DepositView(**each.model_dump()) for each in found.deposits),
    )


@router.get("/accounts", summary="Lister les comptes")
def list_accounts(context: AppContext, credential: Credential, search: Annotated[AccountSearch, Query()]) -> Accounts:
    """Chercher des comptes, par rôle ou par quelques mots ; la lecture est inscrite au journal des accès."""
    found = account_lists.list_accounts(context, credential, search)
    return Accounts(items=tuple(AccountView.model_validate(each.model_dump()) for each in found.items), more=found.more)


@router.get("/accounts/{account_id}/tokens", summary="Lister les jetons d’un compte")
def list_account_tokens(context: AppContext, credential: Credential, account_id: str) -> TokensOfAccount:
    """Lister les jetons en vigueur d’un compte, sans leur secret."""
    found = account_lists.list_tokens(context, credential, account_id)
    shown = {"account_id", "role"}
    return TokensOfAccount(items=tuple(HeldToken(**each.model_dump(exclude=shown)) for each in found.tokens))


@router.delete("/accounts/{account_id}/tokens", summary="Révoquer tous les jetons d’un compte")
def revoke_account_tokens(context: AppContext, credential: Credential, account_id: str) -> Revoked:
    """Révoquer tous les jetons d’un compte : ils n’ouvrent plus rien à l’instant."""
    return Revoked(revoked=account_lists.revoke_all(context, credential, account_id))


@router.delete("/accounts/{account_id}/tokens/{token_id}", status_code=204, summary="Révoquer un jeton d’un compte")
def revoke_account_token(context: AppContext, credential: Credential, account_id: str, token_id: str) -> None:
    """Révoquer un jeton d’un compte, à l’instant."""
    account_lists.revoke_token(context, credential, account_id, token_id)


def _parked(parked: operations.ParkedProcess) -> ParkedView:
    found = parked.incident
    return ParkedView(
        incident=found.id,
        process=found.workflow_id,
        subject=found.subject,
        act=found.act,
        part=found.part,
        label=Part.labels().get(found.part, found.part),
        remedy=remedy(found.part),
        opened_at=found.opened_at,
        deadline_at=parked.deadline_at,
    )
