"""Activation of an enrolment, with the mailed code and a password."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import Connection

from models.bodies.enrolment import ActivationBody
from models.identifiers import Message
from models.store.people import accounts, activations, credentials, enrolments, tokens
from models.store.people.sessions import Method
from starter.auth import passwords, rate_limits
from starter.context import Context
from starter.http.problems import InvalidRequest, fault
from starter.services import mailed_codes, sign_in

Result = TypeVar("Result")
LABEL: Final = "Adhésion de {siret}"
"""Label of the token that an activation issues."""


class Activated(Message):
    """An activated enrolment, with the account's token, which cannot be read again."""

    siret: str
    token: str


class Entered(NamedTuple):
    """An activated enrolment, and the secret of the session of whoever activated it."""

    siret: str
    session: str


def activate(context: Context, body: ActivationBody, origin: bytes) -> Activated:
    """Activate an enrolment and use up its code, and issue a token; raises `InvalidRequest`, or 429."""

    def issued(connection: Connection, account_id: str, siret: str) -> Activated:
        actor = accounts.get(connection, account_id).actor
        secret, _ = tokens.issue(connection, account_id, LABEL.format(siret=siret), by=actor)
        return Activated(siret=siret, token=secret)

    return _activate(context, body, origin, issued)


def enter(context: Context, body: ActivationBody, origin: bytes) -> Entered:
    """Activate an enrolment as a person does, who is then signed in and gets no token; raises the same."""

    def signed_in(connection: Connection, account_id: str, siret: str) -> Entered:
        method: Method = "totp" if body.one_time else "password"
        return Entered(siret, sign_in.open_session(connection, account_id, method).secret)

    return _activate(context, body, origin, signed_in)


def _activate(
    context: Context, body: ActivationBody, origin: bytes, then: Callable[[Connection, str, str], Result]
) -> Result:
    """Activate an enrolment, and return what `then` does for its account in the same transaction.

    If the address has an account already, the password must be its own, and the establishment is added to it.
    Passwords are hashed outside any transaction because hashing is slow, and only once the code is known to be valid.
    """
    holder = mailed_codes.account_of(context, "activation", body.code, origin)
    login, existing_id = _login(context, holder)
    if existing_id:
        _confirm(context, existing_id, body)
        hashed = None
    else:
        passwords.check_chosen(body.password)
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
        rate_limits.forget_enrolment_mails(connection, context.master, enrolment.email, origin)
        return then(connection, account_id, enrolment.siret)


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
        sign_in.confirm_as_signing_in(context, account_id, body.password, body.one_time)
    except InvalidRequest as wrong:
        if any(each.pointer == "/one_time" for each in wrong.faults):
            raise
        raise _account_exists("Cette adresse a déjà un compte : donnez son mot de passe.") from wrong


def _account_exists(message: str) -> InvalidRequest:
    return fault("/password", "password-of-account", message)
