"""Activation of an enrolment, with the mailed code and a password."""

from typing import Final

from models.bodies.enrolment import ActivationBody
from models.identifiers import Message
from models.store.people import access_log, accounts, activations, credentials, enrolments, tokens
from starter.auth import passwords, rate_limits, totp
from starter.context import Context
from starter.http.problems import InvalidRequest, fault
from starter.services import mailed_codes, sign_in

LABEL: Final = "Adhésion de {siret}"
"""Label of the token that an activation issues."""


class Activated(Message):
    """An activated enrolment, with the account's token, which cannot be read again."""

    siret: str
    token: str


def activate(context: Context, body: ActivationBody, origin: bytes) -> Activated:
    """Activate an enrolment and use up its code; raises `InvalidRequest`, or 429.

    If the address has an account already, the password must be its own, and the establishment is added to it.
    Passwords are hashed outside any transaction because hashing is slow, and only once the code is known to be valid.
    """
    holder = mailed_codes.account_of(context, "activation", body.code, origin)
    login, existing_id = _login(context, holder)
    if existing_id:
        _confirm(context, existing_id, body)
        hashed = None
    else:
        passwords.check_length(body.password)
        hashed = passwords.hashed(body.password)
    with context.database.begin() as connection:
        credentials.hold_login(connection, login)
        if hashed and credentials.find_by_login(connection, login):
            raise _account_exists("Cette adresse vient d’avoir un compte : réessayez.")
        enrolment = activations.activate(connection, body.code, existing_id)
        if enrolment is None or enrolment.account_id is None:
            raise mailed_codes.refused()
        account_id = existing_id or enrolment.account_id
        if hashed:
            credentials.set_password(connection, account_id, login, hashed)
        secret, token = tokens.issue(connection, account_id, LABEL.format(siret=enrolment.siret))
        account = accounts.get(connection, account_id)
        access_log.append(connection, "token_issued", account, token=token.id, scope="write")
        return Activated(siret=enrolment.siret, token=secret)


def _login(context: Context, holder: str) -> tuple[str, str | None]:
    """Return the login of an enrolment, and its account if it already has one; raises `InvalidRequest`."""
    with context.database.begin() as connection:
        enrolment = enrolments.find_by_account(connection, holder)
        if enrolment is None:
            raise mailed_codes.refused()
        record = credentials.find_by_login(connection, enrolment.email)
    return enrolment.email, record.account_id if record else None


def _confirm(context: Context, account_id: str, body: ActivationBody) -> None:
    """Require everything that signing in to the account requires, because a token of it is issued next."""
    try:
        sign_in.confirm(context, account_id, body.password)
    except InvalidRequest as wrong:
        raise _account_exists("Cette adresse a déjà un compte : donnez son mot de passe.") from wrong
    with context.database.begin() as connection:
        good = totp.accepts(connection, context.master, account_id, body.one_time)
    if not good:
        subject = rate_limits.digest(context.master, "login", account_id)
        rate_limits.count_apart(context.database, "login", subject)
        message = "Ce compte demande un code à usage unique, qui n’a pas servi."
        raise fault("/one_time", "code-refused", message)


def _account_exists(message: str) -> InvalidRequest:
    return fault("/password", "password-of-account", message)
