"""The caller's account: its establishments, its password, its API tokens."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response

from models.bodies.account import LostPasswordBody, NewPasswordBody, PasswordChangeBody, TokenBody
from models.identifiers import Message
from models.labels import Belonging, TokenScope
from models.store.people.tokens import TokenRecord
from starter.auth import cookies, rate_limits
from starter.context import AppContext, Credential, Origin
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import account, password_reset, tokens
from starter.services.account import CoveredEstablishment

router = APIRouter(tags=["Compte"])


class Covered(Message):
    """An establishment that an account may act for: as main contact, member, or agent of record."""

    siret: str
    name: str
    part: Belonging
    authority: Literal["proven", "unproven"]
    """Whether this account has proven that it may speak for the establishment."""


class AccountView(Message):
    """The caller's account."""

    id: str
    name: str
    email: str
    establishments: tuple[Covered, ...]


class Acknowledgement(Message):
    """The same answer for everyone: a mail is sent if the address is known."""

    status: Literal["heard"] = "heard"


class PasswordChanged(Message):
    """The password was replaced, and every session closed; `tokens` counts the API tokens that are still valid."""

    status: Literal["changed"] = "changed"
    tokens: int | None = None


@router.get("/account", summary="Lire son compte")
def read_account(context: AppContext, credential: Credential) -> AccountView:
    """Lire son compte et les établissements pour lesquels il peut agir."""
    own, establishments = account.read_account(context, credential)
    covered = tuple(_covered(each) for each in establishments)
    return AccountView(id=own.id, name=own.name, email=own.email, establishments=covered)


def _covered(each: CoveredEstablishment) -> Covered:
    return Covered(
        siret=each.establishment.siret,
        name=each.establishment.name,
        part=each.part,
        authority="proven" if each.proven else "unproven",
    )


@router.post(
    "/password/code",
    status_code=202,
    openapi_extra=accepts(LostPasswordBody),
    summary="Demander un nouveau mot de passe",
)
async def request_password_code(context: AppContext, origin: Origin, body: JsonBody) -> Acknowledgement:
    """Recevoir par courriel un code pour choisir un mot de passe ; la réponse ne dit pas si l’adresse est connue."""
    login = body.read(LostPasswordBody).login
    await rate_limits.in_constant_time(password_reset.send_code, context, login, origin)
    return Acknowledgement()


@router.post("/password", openapi_extra=accepts(NewPasswordBody), summary="Choisir un nouveau mot de passe")
def choose_password(context: AppContext, origin: Origin, body: JsonBody) -> PasswordChanged:
    """Choisir un mot de passe avec le code reçu ; toutes les sessions sont fermées, et les jetons si on le demande."""
    return PasswordChanged(tokens=len(password_reset.choose(context, body.read(NewPasswordBody), origin)))


@router.post("/account/password", openapi_extra=accepts(PasswordChangeBody), summary="Changer de mot de passe")
def change_password(context: AppContext, credential: Credential, body: JsonBody, response: Response) -> PasswordChanged:
    """Changer de mot de passe en donnant l’actuel ; toutes les sessions sont fermées."""
    password_reset.change(context, credential, body.submission(PasswordChangeBody))
    cookies.erase(response, context.settings.site)
    return PasswordChanged()


class TokenView(Message):
    """An API token, without its secret."""

    id: str
    label: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    """Last use, to the minute."""

    @classmethod
    def of(cls, record: TokenRecord) -> "TokenView":
        """Return the view of a token."""
        return cls.model_validate(record.model_dump())


class TokenWithSecret(TokenView):
    """A new token, with its secret, which cannot be read again."""

    token: str


class Tokens(Message):
    """Valid tokens, newest first."""

    items: tuple[TokenView, ...]


@router.get("/tokens", summary="Lister ses jetons d’accès")
def list_tokens(context: AppContext, credential: Credential) -> Tokens:
    """Lister les jetons d’accès encore valables de son compte."""
    return Tokens(items=tuple(TokenView.of(each) for each in tokens.list_tokens(context, credential)))


@router.post("/tokens", status_code=201, openapi_extra=accepts(TokenBody), summary="Créer un jeton d’accès")
def issue_token(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> TokenWithSecret:
    """Créer un jeton pour un logiciel ; il n’est montré que cette fois."""
    secret, record = tokens.issue_token(context, credential, body.read(TokenBody), key)
    locate(response, f"/tokens/{record.id}")
    return TokenWithSecret(token=secret, **record.model_dump())


@router.delete("/tokens/{token_id}", status_code=204, summary="Révoquer un jeton d’accès")
def revoke_token(context: AppContext, credential: Credential, token_id: str) -> None:
    """Révoquer un jeton : il cesse aussitôt d’être valable."""
    tokens.revoke_token(context, credential, token_id)
