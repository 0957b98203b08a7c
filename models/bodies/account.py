"""What people say to enter and to let others in: sign-in, passwords, tokens, members, mandates."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from models.bodies.enrolment import Line
from models.identifiers import Email, Message, Moment, Siret
from models.labels import TokenScope
from models.mailed_codes import Code, OneTime

Secret = Annotated[str, Field(min_length=1, max_length=1_000, repr=False)]
"""A password as it is written; whether it may be chosen is another question."""


class SignInBody(Message):
    """Mail address, password, and the one-time code of whoever has one."""

    login: Annotated[str, Field(min_length=1, max_length=300)]
    password: Secret
    code: OneTime | None = None


class LostPasswordBody(Message):
    """The mail address of whoever has lost a password."""

    login: Annotated[str, Field(min_length=1, max_length=300)]


class NewPasswordBody(Message):
    """The code received by mail, and the password chosen."""

    code: Code
    password: Secret


class PasswordChangeBody(Message):
    """The password as it is, and the one that takes its place."""

    current: Secret
    password: Secret


class ConfirmedBody(Message):
    """An act that is confirmed by one's password."""

    password: Secret


class OneTimeBody(Message):
    """A one-time code, to prove that the application has the secret."""

    code: OneTime


class TokenBody(Message):
    """A token for software: what it is for, whether it may act, until when."""

    label: Line
    scope: TokenScope = TokenScope.READ
    expires_at: Moment | None = None


class InvitationBody(Message):
    """Somebody whom a main contact invites to act for the establishment."""

    siret: Siret
    name: Line
    email: Email
    role: Literal["main", "member"] = "member"


class AcceptanceBody(Message):
    """The code received by mail, and a password: one's own, or the one chosen by whoever has none yet."""

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
    """A passkey as an authenticator has made it (WebAuthn), and what to call it."""

    label: Line
    id: Encoded
    client_data: Encoded
    attestation: Encoded


class PasskeyBody(Message):
    """What an authenticator has signed (WebAuthn)."""

    id: Encoded
    client_data: Encoded
    authenticator_data: Encoded
    signature: Encoded
