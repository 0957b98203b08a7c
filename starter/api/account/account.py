"""One's own account: what it covers, its password, its API tokens."""

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
from starter.http.request_body import JsonBody
from starter.services import account, password_reset, tokens

router = APIRouter(tags=["Compte"])


class Covered(Message):
    """An establishment that an account may act for: as main contact, member, or agent of record."""

    siret: str
    name: str
    part: Belonging


class AccountView(Message):
    """One's own account."""

    id: str
    name: str
    email: str
    establishments: tuple[Covered, ...]


class Acknowledgement(Message):
    """The same for everybody: a mail leaves, if there is somebody to write to."""

    status: Literal["heard"] = "heard"


class PasswordChanged(Message):
    """A password took the place of another; every session was closed."""

    status: Literal["changed"] = "changed"


@router.get("/account", summary="Lire son compte")
def read_account(context: AppContext, credential: Credential) -> AccountView:
    """Lire son compte et les établissements pour lesquels il peut agir."""
    own, establishments = account.read_account(context, credential)
    covered = tuple(Covered(siret=each.siret, name=each.name, part=part) for each, part in establishments)
    return AccountView(id=own.id, name=own.name, email=own.email, establishments=covered)


@router.post(
    "/password/code",
    status_code=202,
    openapi_extra=accepts(LostPasswordBody),
    summary="Demander un nouveau mot de passe",
)
async def ask_password(context: AppContext, origin: Origin, sent: JsonBody) -> Acknowledgement:
    """Recevoir par courriel un code pour choisir un mot de passe ; la réponse ne dit pas si l’adresse est connue."""
    login = sent.read(LostPasswordBody).login
    await rate_limits.evenly(password_reset.send_code, context, login, origin)
    return Acknowledgement()


@router.post("/password", openapi_extra=accepts(NewPasswordBody), summary="Choisir un nouveau mot de passe")
def choose_password(context: AppContext, origin: Origin, sent: JsonBody) -> PasswordChanged:
    """Choisir un mot de passe avec le code reçu ; toutes les sessions sont fermées."""
    password_reset.choose(context, sent.read(NewPasswordBody), origin)
    return PasswordChanged()


@router.post(
    "/account/password", openapi_extra=accepts(PasswordChangeBody), summary="Changer de mot de passe"
)
def change_password(
    context: AppContext, credential: Credential, sent: JsonBody, answer: Response
) -> PasswordChanged:
    """Changer de mot de passe en donnant celui qu’on a ; toutes les sessions sont fermées."""
    password_reset.change(context, credential, sent.submission(PasswordChangeBody))
    cookies.erase(answer, context.settings.site)
    return PasswordChanged()


class TokenView(Message):
    """An API token, without its secret."""

    id: str
    label: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    """When it last served, to the minute."""

    @classmethod
    def of(cls, record: TokenRecord) -> "TokenView":
        """Show a token."""
        return cls.model_validate(record.model_dump())


class TokenWithSecret(TokenView):
    """A new token; its secret is shown this once."""

    token: str


class Tokens(Message):
    """Living tokens, the newest first."""

    items: tuple[TokenView, ...]


@router.get("/tokens", summary="Lister ses jetons d’accès")
def list_tokens(context: AppContext, credential: Credential) -> Tokens:
    """Lister les jetons d’accès encore valables de son compte."""
    return Tokens(items=tuple(TokenView.of(each) for each in tokens.list_tokens(context, credential)))


@router.post("/tokens", status_code=201, openapi_extra=accepts(TokenBody), summary="Créer un jeton d’accès")
def issue_token(context: AppContext, credential: Credential, sent: JsonBody) -> TokenWithSecret:
    """Créer un jeton pour un logiciel ; il n’est montré que cette fois."""
    secret, record = tokens.issue_token(context, credential, sent.read(TokenBody))
    return TokenWithSecret(token=secret, **record.model_dump())


@router.delete("/tokens/{token_id}", status_code=204, summary="Révoquer un jeton d’accès")
def revoke_token(context: AppContext, credential: Credential, token_id: str) -> None:
    """Révoquer un jeton : il ne vaut plus rien aussitôt."""
    tokens.revoke_token(context, credential, token_id)
