"""Activating an enrolment, by the code that was mailed and a password."""

from typing import Final

from models.bodies.enrolment import ActivationBody
from models.identifiers import Message
from models.store.people import access_log, accounts, activations, credentials, enrolments, tokens
from starter.auth import passwords, rate_limits, totp
from starter.context import Context
from starter.http.problems import InvalidRequest, fault
from starter.services import mailed_codes, sign_in

LABEL: Final = "Adhésion de {siret}"
"""What the token of an activation is called in the list of tokens."""


class Activated(Message):
    """An enrolment whose establishment may be filed for from now on; the token is shown this once."""

    siret: str
    token: str


def activate(context: Context, body: ActivationBody, origin: bytes) -> Activated:
    """Use a code up, with the password chosen; raises `InvalidRequest`, or 429.

    Whoever has an account at that address gives its password, and the establishment joins their others. Hashing
    takes a while: outside any transaction, and never for a code that is not good.
    """
    holder = mailed_codes.account_of(context, "activation", body.code, origin)
    login, known = _login(context, holder)
    if known:
        _confirm(context, known, body)
        hashed = None
    else:
        passwords.check_length(body.password)
        hashed = passwords.hashed(body.password)
    with context.database.begin() as connection:
        credentials.hold_login(connection, login)
        if hashed and credentials.find_by_login(connection, login):
            raise _account_exists("Cette adresse vient d’avoir un compte : réessayez.")
        enrolment = activations.activate(connection, body.code, known)
        if enrolment is None or enrolment.account_id is None:
            raise mailed_codes.refused()
        account_id = known or enrolment.account_id
        if hashed:
            credentials.set_password(connection, account_id, login, hashed)
        secret, token = tokens.issue(connection, account_id, LABEL.format(siret=enrolment.siret))
        account = accounts.get(connection, account_id)
        access_log.append(connection, "token_issued", account, token=token.id, scope="write")
        return Activated(siret=enrolment.siret, token=secret)


def _login(context: Context, holder: str) -> tuple[str, str | None]:
    """Return the login that a code is for, and its account if it has one; raises `InvalidRequest`."""
    with context.database.begin() as connection:
        enrolment = enrolments.find_by_account(connection, holder)
        if enrolment is None:
            raise mailed_codes.refused()
        known = credentials.find_by_login(connection, enrolment.email)
    return enrolment.email, known.account_id if known else None


def _confirm(context: Context, account_id: str, body: ActivationBody) -> None:
    """Let the owner of the account pass, by all that it requires to sign in: a token of it comes next."""
    try:
        sign_in.confirm(context, account_id, body.password)
    except InvalidRequest as wrong:
        raise _account_exists("Cette adresse a déjà un compte : donnez son mot de passe.") from wrong
    with context.database.begin() as connection:
        good = totp.passes(connection, context.master, account_id, body.one_time)
    if not good:
        subject = rate_limits.digest(context.master, "login", account_id)
        rate_limits.counted(context.database, "login", subject)
        message = "Ce compte demande un code à usage unique, qui n’a pas servi."
        raise fault("/one_time", "code-refused", message)


def _account_exists(message: str) -> InvalidRequest:
    return fault("/password", "password-of-account", message)
