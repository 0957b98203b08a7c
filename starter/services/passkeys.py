"""Passkeys (WebAuthn): created by somebody signed in, then enough to sign in: possession, and a gesture or a PIN.

The authenticator signs for our host only, so a page that imitates ours gains nothing.
"""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException

from models.bodies.account import NewPasskeyBody, PasskeyBody
from models.errors import Unknown
from models.identifiers import Message
from models.settings import Settings
from models.store.journal.events import SYSTEM
from models.store.people import access_log, accounts, attempts, passkeys
from starter.auth import cookies, rate_limits
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault, problem
from starter.services import sign_in
from starter.services.sign_in import OpenedSession

CHALLENGE_LIFETIME: Final = timedelta(minutes=5)
"""How long a challenge waits for its signature."""
NAME: Final = "Tacite"
UNREADABLE: Final = (WebAuthnException, ValueError, KeyError)
"""What the library raises for a malformed or wrong answer."""
REFUSED: Final = "Cette clé d’accès n’est pas reconnue, ou sa signature vient trop tard : recommencez."


class Challenge(Message):
    """What an authenticator must sign, and for which host; bytes in base64url."""

    challenge: str
    host: str


class RegistrationChallenge(Challenge):
    """The same to create a passkey: for whom, and which ones exist already."""

    name: str
    user: str
    user_name: str
    algorithms: tuple[int, ...]
    known: tuple[str, ...]


def challenge_registration(
    context: Context, credential: PresentedCredential, password: str
) -> RegistrationChallenge:
    """Return what a browser needs to create a passkey, confirmed by the password; raises `InvalidRequest`, 429."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account = caller.account
    sign_in.confirm(context, account.id, password)
    options = generate_registration_options(
        rp_id=_host(context.settings), rp_name=NAME, user_name=account.email, user_id=account.id.encode()
    )
    with context.database.begin() as connection:
        passkeys.ask(connection, options.challenge, account.id, CHALLENGE_LIFETIME)
        known = passkeys.list_of(connection, account.id)
    return RegistrationChallenge(
        challenge=bytes_to_base64url(options.challenge),
        host=_host(context.settings),
        name=NAME,
        user=bytes_to_base64url(options.user.id),
        user_name=account.email,
        algorithms=tuple(each.alg for each in options.pub_key_cred_params),
        known=tuple(bytes_to_base64url(each.credential) for each in known),
    )


def add(context: Context, credential: PresentedCredential, body: NewPasskeyBody) -> None:
    """Add the passkey that the browser has just created; raises `InvalidRequest`."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account, db = caller.account, caller.connection
        answer = {"clientDataJSON": body.client_data, "attestationObject": body.attestation}
        try:
            challenge = parse_client_data_json(base64url_to_bytes(body.client_data)).challenge
            if not passkeys.answered(db, challenge, account.id):
                raise KeyError("challenge")
            verified = verify_registration_response(
                credential={"id": body.id, "rawId": body.id, "type": "public-key", "response": answer},
                expected_challenge=challenge,
                expected_rp_id=_host(context.settings),
                expected_origin=cookies.origin(context.settings.site),
                require_user_verification=True,
            )
        except UNREADABLE as wrong:
            raise fault("/id", "passkey-refused", REFUSED) from wrong
        if passkeys.find(db, verified.credential_id):
            raise fault("/id", "passkey-known", "Cette clé d’accès est déjà connue.")
        passkeys.keep(
            db,
            account.id,
            body.label,
            verified.credential_id,
            verified.credential_public_key,
            verified.sign_count,
        )
        access_log.write(db, "passkey_added", caller.actor)


def drop(context: Context, credential: PresentedCredential, passkey_id: str) -> None:
    """Remove a passkey; raises `Unknown`."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account, db = caller.account, caller.connection
        try:
            passkeys.drop(db, account.id, base64url_to_bytes(passkey_id))
        except ValueError as wrong:
            raise Unknown("passkey") from wrong
        access_log.write(db, "passkey_dropped", caller.actor)


def challenge_sign_in(context: Context, origin: bytes) -> Challenge:
    """Return what any passkey of this host must sign to sign in; raises 429."""
    options = generate_authentication_options(rp_id=_host(context.settings))
    with context.database.begin() as connection:
        rate_limits.count(connection, "passkey", origin)
        passkeys.ask(connection, options.challenge, None, CHALLENGE_LIFETIME)
    return Challenge(challenge=bytes_to_base64url(options.challenge), host=_host(context.settings))


def sign_in_by_passkey(context: Context, body: PasskeyBody, origin: bytes) -> OpenedSession:
    """Open a session for the right signature; raises 401 for whatever is wrong, 429."""
    with context.database.begin() as connection:
        attempt = rate_limits.count(connection, "address", origin)
        account_id = _signer(context.settings, connection, body)
        if account_id is None:
            access_log.write(connection, "sign_in_refused", SYSTEM, method="passkey")
            rate_limits.tell(connection, "address", attempt)
            session = None
        else:
            attempts.take_back(connection, attempt.id)
            session = sign_in.open_session(connection, accounts.get(connection, account_id).id, "passkey")
    if session is None:
        raise problem("unauthenticated", REFUSED)
    return session


def _signer(settings: Settings, connection: Connection, body: PasskeyBody) -> str | None:
    """Return the account whose passkey has just signed one of our challenges; None for anything else."""
    answer = {
        "clientDataJSON": body.client_data,
        "authenticatorData": body.authenticator_data,
        "signature": body.signature,
    }
    try:
        passkey = passkeys.find(connection, base64url_to_bytes(body.id))
        challenge = parse_client_data_json(base64url_to_bytes(body.client_data)).challenge
        if not passkeys.answered(connection, challenge, None) or passkey is None:
            return None
        signed = verify_authentication_response(
            credential={"id": body.id, "rawId": body.id, "type": "public-key", "response": answer},
            expected_challenge=challenge,
            expected_rp_id=_host(settings),
            expected_origin=cookies.origin(settings.site),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None
    passkeys.served(connection, passkey.credential, signed.new_sign_count)
    return passkey.account_id


def _host(settings: Settings) -> str:
    return urlsplit(settings.site).hostname or ""
