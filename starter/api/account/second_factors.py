"""One-time codes and passkeys of the caller's account."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from models.bodies.account import ConfirmedBody, NewPasskeyBody, OneTimeBody, PasskeyBody
from models.identifiers import Message
from starter.api.account.session import SessionView, session_view
from starter.auth import cookies
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import browsers, passkeys, second_factors
from starter.services.passkeys import Challenge, RegistrationChallenge

router = APIRouter(tags=["Compte"])


class Secret(Message):
    """The secret for an authenticator application; codes are required only once it is confirmed."""

    secret: str
    address: str
    """`otpauth://…`, as applications read it."""
    picture: str
    """The address as a QR code: an SVG image, `data:…`."""


class Protected(Message):
    """Whether signing in requires a one-time code."""

    one_time_codes: Literal["asked", "not_asked"]
    recovery_codes: tuple[str, ...] = ()
    """New recovery codes, each of which stands once for a one-time code: they cannot be read again."""


@router.post("/account/totp", openapi_extra=accepts(ConfirmedBody), summary="Préparer les codes à usage unique")
def begin_codes(context: AppContext, credential: Credential, body: JsonBody) -> Secret:
    """Créer le secret d’une application de codes (RFC 6238) ; il ne prend effet qu’une fois confirmé."""
    new = second_factors.begin_codes(context, credential, body.read(ConfirmedBody).password)
    return Secret(secret=new.secret, address=new.address, picture=new.picture)


@router.post(
    "/account/totp/confirmation",
    openapi_extra=accepts(OneTimeBody),
    summary="Activer les codes à usage unique",
)
def confirm_codes(context: AppContext, credential: Credential, body: JsonBody) -> Protected:
    """Confirmer par un premier code : il en faudra un à chaque ouverture de session."""
    made = second_factors.confirm_codes(context, credential, body.read(OneTimeBody).code)
    return Protected(one_time_codes="asked", recovery_codes=made.codes)


@router.post(
    "/account/totp/recovery-codes", openapi_extra=accepts(ConfirmedBody), summary="Renouveler les codes de secours"
)
def renew_recovery(context: AppContext, credential: Credential, body: JsonBody) -> Protected:
    """Remplacer les codes de secours, en confirmant par son mot de passe ; ils ne sont montrés que cette fois."""
    made = second_factors.renew_recovery(context, credential, body.read(ConfirmedBody).password)
    return Protected(one_time_codes="asked", recovery_codes=made.codes)


@router.post("/account/totp/removal", openapi_extra=accepts(ConfirmedBody), summary="Ne plus demander de codes")
def drop_codes(context: AppContext, credential: Credential, body: JsonBody) -> Protected:
    """Ne plus demander de code, en confirmant par son mot de passe."""
    second_factors.drop_codes(context, credential, body.read(ConfirmedBody).password)
    return Protected(one_time_codes="not_asked")


class PasskeyAdded(Message):
    """A passkey that now opens the account."""

    label: str


@router.post("/account/passkeys/challenge", openapi_extra=accepts(ConfirmedBody), summary="Préparer une clé d’accès")
def challenge_registration(context: AppContext, credential: Credential, body: JsonBody) -> RegistrationChallenge:
    """Obtenir ce qu’il faut au navigateur pour créer une clé d’accès (WebAuthn), en donnant son mot de passe."""
    return passkeys.challenge_registration(context, credential, body.read(ConfirmedBody).password)


@router.post(
    "/account/passkeys",
    status_code=201,
    openapi_extra=accepts(NewPasskeyBody),
    summary="Ajouter une clé d’accès",
)
def add_passkey(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> PasskeyAdded:
    """Enregistrer la clé publique de la clé d’accès que le navigateur vient de créer."""
    new_passkey = body.read(NewPasskeyBody)
    passkeys.add(context, credential, new_passkey, key)
    locate(response, f"/account/passkeys/{new_passkey.id}")
    return PasskeyAdded(label=new_passkey.label)


@router.delete("/account/passkeys/{passkey_id}", status_code=204, summary="Retirer une clé d’accès")
def drop_passkey(context: AppContext, credential: Credential, passkey_id: str) -> None:
    """Retirer une clé d’accès : elle n’ouvre plus de session."""
    passkeys.drop(context, credential, passkey_id)


@router.post("/session/passkey/challenge", summary="Demander ce qu’une clé d’accès doit signer")
def challenge_sign_in(context: AppContext, request: Request) -> Challenge:
    """Obtenir ce qu’une clé d’accès doit signer pour ouvrir une session."""
    cookies.check_stated_origin(request, context.settings.site)
    return passkeys.challenge_sign_in(context, context.origin(request))


@router.post("/session/passkey", openapi_extra=accepts(PasskeyBody), summary="Ouvrir une session par clé d’accès")
def sign_in_by_passkey(context: AppContext, request: Request, body: JsonBody, response: Response) -> SessionView:
    """Ouvrir une session avec la signature d’une clé d’accès, sans mot de passe ni code."""
    cookies.check_stated_origin(request, context.settings.site)
    session = passkeys.sign_in_by_passkey(context, body.read(PasskeyBody), context.origin(request))
    browser = browsers.recognise(context, session, cookies.read_browser(request, context.settings.site))
    cookies.write(response, context.settings.site, session.secret)
    cookies.write_browser(response, context.settings.site, browser)
    return session_view(session)
