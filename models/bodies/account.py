"""Bodies of account requests: sign-in, passwords, tokens, members, mandates, passkeys."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from models.email_address import EmailAddress, same_login
from models.identifiers import UUID, Day, Message, Moment, Siret
from models.labels import TokenScope
from models.mailed_codes import Code, OneTime
from models.person_names import FirmName, PersonName
from models.texts import Line

Secret = Annotated[str, Field(min_length=1, max_length=1_000, repr=False)]
"""A password as typed; the rules for choosing one are checked elsewhere."""

Login = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(same_login)]
"""The mail address of an account, as a person types it."""


class SignInBody(Message):
    """Mail address, password, and a one-time code if the account requires one."""

    login: Login
    password: Secret
    code: OneTime | None = None


class LostPasswordBody(Message):
    """The mail address of an account whose password is lost."""

    login: Login


class NewPasswordBody(Message):
    """The code received by mail, and the new password; `revoke_tokens` ends the API tokens of the account too."""

    code: Code
    password: Secret
    revoke_tokens: bool = False


class NameBody(Message):
    """The name of an account."""

    name: PersonName


class AddressBody(Message):
    """The address that an account wants, confirmed by its password."""

    email: EmailAddress
    password: Secret


class AddressCodeBody(Message):
    """The code that was mailed to the address that an account wants."""

    code: Code


class PasswordChangeBody(Message):
    """The current password, and the new one."""

    current: Secret
    password: Secret


class ConfirmedBody(Message):
    """An act that the account's password confirms."""

    password: Secret


MAX_ACCEPTED: Final = 200
"""Mandates that one act accepts."""


class MandateAcceptanceBody(ConfirmedBody):
    """The mandates that an agent of record accepts, by their ids, confirmed by the password of the account."""

    mandates: Annotated[
        tuple[Annotated[str, Field(pattern=f"^{UUID.pattern}$")], ...], Field(min_length=1, max_length=MAX_ACCEPTED)
    ]


class OneTimeBody(Message):
    """A one-time code, which proves that the authenticator application has the secret."""

    code: OneTime


class TokenBody(Message):
    """An API token: its purpose, whether it may act, and when it expires."""

    label: Line
    scope: Literal[TokenScope.READ, TokenScope.WRITE] = TokenScope.READ
    expires_at: Moment | None = None


class InvitationBody(Message):
    """A person whom a main contact invites to act for the establishment."""

    siret: Siret
    name: PersonName
    email: EmailAddress
    role: Literal["main", "member"] = "member"


class RoleBody(Message):
    """The role that a member has from now on."""

    role: Literal["main", "member"]


class AcceptanceBody(Message):
    """The code received by mail, and a new password, or that of one's account with its one-time code."""

    code: Code
    password: Secret
    one_time: OneTime | None = None


class MandateBody(Message):
    """A mandate to an agent of record, confirmed by the password of the main contact who gives it."""

    siret: Siret
    name: FirmName
    email: EmailAddress
    starts_on: Day
    ends_on: Day
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
