"""Passkeys: created by somebody signed in, then sufficient to sign in (possession, and a gesture or PIN)."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

from models.bodies.account import NewPasskeyBody, PasskeyBody
from models.errors import Unknown
from models.identifiers import Message
from models.store.journal.events import SYSTEM
from models.store.journal.idempotency import digest
from models.store.people import access_log, passkeys
from starter.auth import passkeys as webauthn
from starter.auth import rate_limits
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault, problem
from starter.services import security_notices, sign_in
from starter.services.sign_in import OpenedSession

CHALLENGE_LIFETIME: Final = timedelta(minutes=5)
"""Time allowed to sign a challenge."""
REFUSED: Final = "Cette clé d’accès n’est pas reconnue, ou sa signature vient trop tard : recommencez."


class Challenge(Message):
    """What an authenticator must sign, and for which host; bytes in base64url."""

    challenge: str
    host: str


class RegistrationChallenge(Challenge):
    """What a browser needs to create a passkey: its owner, and the passkeys that exist already."""

    name: str
    user: str
    user_name: str
    algorithms: tuple[int, ...]
    known: tuple[str, ...]


def challenge_registration(context: Context, credential: PresentedCredential, password: str) -> RegistrationChallenge:
    """Return what a browser needs to create a passkey, confirmed by the password; raises `InvalidRequest`, 429."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account = caller.account
    sign_in.confirm(context, account.id, password)
    site = context.settings.site
    options = webauthn.registration_options(site, account)
    with context.database.begin() as connection:
        passkeys.store_challenge(connection, options.challenge, account.id, CHALLENGE_LIFETIME)
        own_passkeys = passkeys.list_of(connection, account.id)
    return RegistrationChallenge(
        challenge=bytes_to_base64url(options.challenge),
        host=webauthn.host(site),
        name=webauthn.SITE_NAME,
        user=bytes_to_base64url(options.user.id),
        user_name=account.email,
        algorithms=tuple(each.alg for each in options.pub_key_cred_params),
        known=tuple(bytes_to_base64url(each.credential) for each in own_passkeys),
    )


def add(context: Context, credential: PresentedCredential, body: NewPasskeyBody, key: str | None = None) -> None:
    """Add the passkey that the browser has just created, once for a key; raises `InvalidRequest`."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        caller.once(key, digest(body.model_dump(mode="json")), lambda: _add(context, caller, body))


def _add(context: Context, caller: Caller, body: NewPasskeyBody) -> str:
    account, db = caller.account, caller.connection
    try:
        challenge = webauthn.challenge_of(body.client_data)
        if not passkeys.consume_challenge(db, challenge, account.id):
            raise KeyError("challenge")
        verified = webauthn.verify_registration(context.settings.site, body, challenge)
    except webauthn.INVALID_ANSWER as wrong:
        raise fault("/id", "passkey-refused", REFUSED) from wrong
    credential_id, public_key = verified.credential_id, verified.credential_public_key
    if passkeys.find(db, credential_id):
        raise fault("/id", "passkey-known", "Cette clé d’accès est déjà connue.")
    passkeys.add(db, account.id, body.label, credential_id, public_key, verified.sign_count)
    access_log.write(db, "passkey_added", caller.actor)
    security_notices.tell(caller, "passkey_added")
    return body.id


def drop(context: Context, credential: PresentedCredential, passkey_id: str) -> None:
    """Remove a passkey; raises `Unknown`."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account, db = caller.account, caller.connection
        try:
            passkeys.drop(db, account.id, base64url_to_bytes(passkey_id))
        except ValueError as wrong:
            raise Unknown("passkey") from wrong
        access_log.write(db, "passkey_dropped", caller.actor)
        security_notices.tell(caller, "passkey_dropped")


def challenge_sign_in(context: Context, origin: bytes) -> Challenge:
    """Return what any passkey of this host must sign to sign in; raises 429."""
    site = context.settings.site
    challenge = webauthn.sign_in_challenge(site)
    with context.database.begin() as connection:
        rate_limits.count(connection, "passkey", origin)
        passkeys.store_challenge(connection, challenge, None, CHALLENGE_LIFETIME)
    return Challenge(challenge=bytes_to_base64url(challenge), host=webauthn.host(site))


def sign_in_by_passkey(context: Context, body: PasskeyBody, origin: bytes) -> OpenedSession:
    """Open a session for a valid signature; raises 401 whatever is wrong, and 429."""
    with context.database.begin() as connection:
        attempt = rate_limits.count(connection, "address", origin)
        account_id = _signer(context.settings.site, connection, body)
        if account_id is None:
            access_log.write(connection, "sign_in_refused", SYSTEM, method="passkey")
            rate_limits.note_slowdown(connection, "address", attempt)
            session = None
        else:
            rate_limits.take_back(connection, attempt)
            session = sign_in.open_session(connection, account_id, "passkey")
    if session is None:
        raise problem("unauthenticated", REFUSED)
    return session


def _signer(site: str, connection: Connection, body: PasskeyBody) -> str | None:
    """Return the account whose passkey signed one of our challenges, or None."""
    try:
        passkey = passkeys.find(connection, base64url_to_bytes(body.id))
        challenge = webauthn.challenge_of(body.client_data)
        if not passkeys.consume_challenge(connection, challenge, None) or passkey is None:
            return None
        sign_count = webauthn.verify_signature(site, body, passkey, challenge)
    except webauthn.INVALID_ANSWER:
        return None
    passkeys.record_use(connection, passkey.credential, sign_count)
    return passkey.account_id
