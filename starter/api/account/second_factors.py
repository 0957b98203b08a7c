"""One-time codes and passkeys of one's account."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from models.bodies.account import ConfirmedBody, NewPasskeyBody, OneTimeBody, PasskeyBody
from models.identifiers import Message
from starter.api.account.session import SessionView, session_view
from starter.auth import cookies
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody
from starter.services import passkeys, second_factors
from starter.services.passkeys import Challenge, RegistrationChallenge

router = APIRouter(tags=["Compte"])


class Secret(Message):
    """What an application of one-time codes needs; nothing is asked for before it is confirmed."""

    secret: str
    address: str
    """`otpauth://…`, as applications read it."""
    picture: str
    """The same as a QR code: an SVG image, `data:…`."""


class Protected(Message):
    """Whether a one-time code is asked for."""

    one_time_codes: Literal["asked", "not_asked"]


@router.post(
    "/account/totp", openapi_extra=accepts(ConfirmedBody), summary="Préparer les codes à usage unique"
)
def begin(context: AppContext, credential: Credential, sent: JsonBody) -> Secret:
    """Créer le secret d’une application de codes (RFC 6238) ; rien ne change avant qu’il soit confirmé."""
    _, secret, address, picture = second_factors.begin_codes(
        context, credential, sent.read(ConfirmedBody).password
    )
    return Secret(secret=secret, address=address, picture=picture)


@router.post(
    "/account/totp/confirmation",
    openapi_extra=accepts(OneTimeBody),
    summary="Demander des codes à usage unique",
)
def confirm(context: AppContext, credential: Credential, sent: JsonBody) -> Protected:
    """Confirmer par un premier code : il en faudra un à chaque ouverture de session."""
    second_factors.confirm_codes(context, credential, sent.read(OneTimeBody).code)
    return Protected(one_time_codes="asked")


@router.post(
    "/account/totp/removal", openapi_extra=accepts(ConfirmedBody), summary="Ne plus demander de codes"
)
def drop(context: AppContext, credential: Credential, sent: JsonBody) -> Protected:
    """Ne plus demander de code, en confirmant par son mot de passe."""
    second_factors.drop_codes(context, credential, sent.read(ConfirmedBody).password)
    return Protected(one_time_codes="not_asked")


class PasskeyAdded(Message):
    """A passkey that opens this account from now on."""

    label: str


@router.post(
    "/account/passkeys/challenge", openapi_extra=accepts(ConfirmedBody), summary="Préparer une clé d’accès"
)
def ask_new_passkey(context: AppContext, credential: Credential, sent: JsonBody) -> RegistrationChallenge:
    """Demander ce qu’un navigateur doit savoir pour créer une clé d’accès (WebAuthn), en confirmant."""
    return passkeys.challenge_registration(context, credential, sent.read(ConfirmedBody).password)


@router.post(
    "/account/passkeys",
    status_code=201,
    openapi_extra=accepts(NewPasskeyBody),
    summary="Ajouter une clé d’accès",
)
def keep_passkey(context: AppContext, credential: Credential, sent: JsonBody) -> PasskeyAdded:
    """Garder la clé publique de la clé d’accès que le navigateur vient de créer."""
    body = sent.read(NewPasskeyBody)
    passkeys.add(context, credential, body)
    return PasskeyAdded(label=body.label)


@router.delete("/account/passkeys/{passkey_id}", status_code=204, summary="Retirer une clé d’accès")
def drop_passkey(context: AppContext, credential: Credential, passkey_id: str) -> None:
    """Retirer une clé d’accès : elle n’ouvre plus rien."""
    passkeys.drop(context, credential, passkey_id)


@router.post("/session/passkey/challenge", summary="Demander ce qu’une clé d’accès doit signer")
def ask_passkey(context: AppContext, request: Request) -> Challenge:
    """Demander ce qu’une clé d’accès doit signer pour ouvrir une session."""
    cookies.check_stranger(request, context.settings.site)
    return passkeys.challenge_sign_in(context, context.origin(request))


@router.post(
    "/session/passkey", openapi_extra=accepts(PasskeyBody), summary="Ouvrir une session par clé d’accès"
)
def sign_in(context: AppContext, request: Request, sent: JsonBody, answer: Response) -> SessionView:
    """Ouvrir une session par ce qu’une clé d’accès a signé : ni mot de passe, ni code."""
    cookies.check_stranger(request, context.settings.site)
    session = passkeys.sign_in_by_passkey(context, sent.read(PasskeyBody), context.origin(request))
    cookies.write(answer, context.settings.site, session.secret)
    return session_view(session)
