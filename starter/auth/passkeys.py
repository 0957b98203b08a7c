"""Passkeys (WebAuthn): the challenges that an authenticator signs, and the verification of what it signed.

The authenticator signs for our host only, so a page that imitates ours gains nothing.
"""

from typing import Final
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialCreationOptions
from webauthn.registration.verify_registration_response import VerifiedRegistration

from models.bodies.account import NewPasskeyBody, PasskeyBody
from models.store.people.accounts import Account
from models.store.people.passkeys import PasskeyRecord
from starter.auth import cookies

SITE_NAME: Final = "Tacite"
INVALID_ANSWER: Final = (WebAuthnException, ValueError, KeyError)
"""Errors that the library raises for a malformed or wrong answer."""


def host(site: str) -> str:
    """Return the host that passkeys of this site belong to."""
    return urlsplit(site).hostname or ""


def registration_options(site: str, account: Account) -> PublicKeyCredentialCreationOptions:
    """Return the options with which a browser creates a passkey for an account, with a new challenge."""
    return generate_registration_options(
        rp_id=host(site), rp_name=SITE_NAME, user_name=account.email, user_id=account.id.encode()
    )


def sign_in_challenge(site: str) -> bytes:
    """Return a new challenge that any passkey of this site may sign."""
    return generate_authentication_options(rp_id=host(site)).challenge


def challenge_of(client_data: str) -> bytes:
    """Return the challenge that an answer claims to have signed; raises one of `INVALID_ANSWER`."""
    return parse_client_data_json(base64url_to_bytes(client_data)).challenge


def verify_registration(site: str, body: NewPasskeyBody, challenge: bytes) -> VerifiedRegistration:
    """Verify a new passkey: for this site and challenge, with user verification; raises one of `INVALID_ANSWER`."""
    answer = {"clientDataJSON": body.client_data, "attestationObject": body.attestation}
    return verify_registration_response(
        credential={"id": body.id, "rawId": body.id, "type": "public-key", "response": answer},
        expected_challenge=challenge,
        expected_rp_id=host(site),
        expected_origin=cookies.site_origin(site),
        require_user_verification=True,
    )


def verify_signature(site: str, body: PasskeyBody, passkey: PasskeyRecord, challenge: bytes) -> int:
    """Verify the signature of a challenge, and return the passkey's new counter; raises one of `INVALID_ANSWER`."""
    answer = {
        "clientDataJSON": body.client_data,
        "authenticatorData": body.authenticator_data,
        "signature": body.signature,
    }
    verified = verify_authentication_response(
        credential={"id": body.id, "rawId": body.id, "type": "public-key", "response": answer},
        expected_challenge=challenge,
        expected_rp_id=host(site),
        expected_origin=cookies.site_origin(site),
        credential_public_key=passkey.public_key,
        credential_current_sign_count=passkey.sign_count,
        require_user_verification=True,
    )
    return verified.new_sign_count
