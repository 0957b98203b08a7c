"""Bodies of account requests: sign-in, passwords, tokens, members, mandates, passkeys."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from models.bodies.enrolment import Line
from models.identifiers import Email, Message, Moment, Siret
from models.labels import TokenScope
from models.mailed_codes import Code, OneTime

Secret = Annotated[str, Field(min_length=1, max_length=1_000, repr=False)]
"""A password as typed; the rules for choosing one are checked elsewhere."""


class SignInBody(Message):
    """Mail address, password, and a one-time code if the account requires one."""

    login: Annotated[str, Field(min_length=1, max_length=300)]
    password: Secret
    code: OneTime | None = None


class LostPasswordBody(Message):
    """The mail address of an account whose password is lost."""

    login: Annotated[str, Field(min_length=1, max_length=300)]


class NewPasswordBody(Message):
    """The code received by mail, and the new password."""

    code: Code
    password: Secret


class PasswordChangeBody(Message):
    """The current password, and the new one."""

    current: Secret
    password: Secret


class ConfirmedBody(Message):
    """An act that the account's password confirms."""

    password: Secret


class OneTimeBody(Message):
    """A one-time code, which proves that the authenticator application has the secret."""

    code: OneTime


class TokenBody(Message):
    """An API token: its purpose, whether it may act, and when it expires."""

    label: Line
    scope: TokenScope = TokenScope.READ
    expires_at: Moment | None = None


class InvitationBody(Message):
    """A person whom a main contact invites to act for the establishment."""

    siret: Siret
    name: Line
    email: Email
    role: Literal["main", "member"] = "member"


class AcceptanceBody(Message):
    """The code received by mail, and the password of one's account, or a new one if one has no account yet."""

    code: Code
    password: Secret


class MandateBody(Message):
    """A mandate to an agent of record, confirmed by the password of the main contact who gives it."""

    siret: Siret
    name: Line
    email: Email
    starts_on: date
    ends_on: date
    password: Secret


Encoded = Annotated[str, Field(min_length=1, max_length=20_000, pattern=r"^[A-Za-z0-9_-]+$")]
"""Bytes in base64url, as browsers send them."""


class NewPasskeyBody(Message):
    """A new passkey as the authenticator created it (WebAuthn), and its label."""

    label: Line
    id: Encoded
    client_data: Encoded
    attestation: Encoded


class PasskeyBody(Message):
    """The answer that an authenticator signed (WebAuthn)."""

    id: Encoded
    client_data: Encoded
    authenticator_data: Encoded
    signature: Encoded
