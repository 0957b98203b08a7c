"""Signing in and out; an unknown login and a wrong password get the same answer, in the same time.

Passwords are hashed outside transactions because hashing is slow, and attempts are counted before it.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from models.bodies.account import SignInBody
from models.store.journal.events import SYSTEM
from models.store.people import access_log, accounts, attempts, credentials, sessions
from models.store.people.accounts import Account
from models.store.people.attempts import Attempt
from models.store.people.credentials import LoginRecord
from models.store.people.sessions import Method
from starter.auth import cookies, passwords, rate_limits, totp
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault, problem

REFUSED: Final = (
    "L’adresse, le mot de passe ou le code à usage unique n’est pas le bon. "
    "Si vous avez activé les codes à usage unique, il en faut un, qui n’a pas encore servi."
)


@dataclass(frozen=True)
class OpenedSession:
    """An open session; its secret goes into a cookie and nowhere else."""

    account: Account
    secret: str


@dataclass(frozen=True)
class _Attempt:
    """A counted attempt to sign in; `record` is that of the login, if there is one."""

    login: Attempt
    address: Attempt
    record: LoginRecord | None


def sign_in(context: Context, body: SignInBody, origin: bytes) -> OpenedSession:
    """Open a session for the right password and code; raises 401 whatever is wrong, 429 after too many attempts."""
    subject = rate_limits.digest(context.master, "login", body.login)
    with context.database.begin() as connection:
        address = rate_limits.count(connection, "address", origin)
        login = rate_limits.count(connection, "login", subject)
        attempt = _Attempt(login, address, credentials.find_by_login(connection, body.login.strip()))
    record = attempt.record
    good = passwords.matches(body.password, record.password_hash if record else None)
    with context.database.begin() as connection:
        if not (good and record and _is_current(context, connection, record, body.code)):
            _refuse(connection, attempt)
            session = None
        else:
            attempts.take_back(connection, address.id)
            attempts.forget(connection, "login", subject)
            session = open_session(connection, record.account_id, "totp" if body.code else "password")
    if session is None:
        raise problem("unauthenticated", REFUSED)
    return session


def _is_current(context: Context, connection: Connection, record: LoginRecord, code: str | None) -> bool:
    """Whether the password is still the same, and the one-time code is right if the account requires one."""
    return credentials.is_current(connection, record) and totp.accepts(
        connection, context.master, record.account_id, code
    )


def _refuse(connection: Connection, attempt: _Attempt) -> None:
    account = accounts.get(connection, attempt.record.account_id) if attempt.record else None
    who = account.actor if account else SYSTEM
    access_log.write(connection, "sign_in_refused", who, locked="yes" if attempt.login.last else "no")
    rate_limits.note_slowdown(connection, "address", attempt.address, who)


def open_session(connection: Connection, account_id: str, method: Method) -> OpenedSession:
    """Open a session for an account whose owner has been authenticated, by any method."""
    account = accounts.get(connection, account_id)
    secret = sessions.open_session(connection, account_id, method, cookies.SESSION_LIFETIME)
    access_log.append(connection, "signed_in", account, method=method)
    return OpenedSession(account, secret)


def read_session(context: Context, credential: PresentedCredential) -> OpenedSession:
    """Return the caller's session; raises 403 for a token, which has none."""
    with context.admit(credential, Verb.READ_SESSION) as caller:
        return OpenedSession(caller.account, caller.session or "")


def sign_out(context: Context, secret: str) -> None:
    """End a session."""
    with context.database.begin() as connection:
        account = sessions.find_account(connection, secret, cookies.SESSION_IDLE_TIMEOUT)
        sessions.end(connection, secret)
        if account:
            access_log.write(connection, "signed_out", account.actor)


def confirm(context: Context, account_id: str, password: str, pointer: str = "/password") -> None:
    """Require the password of an account before an act; raises `InvalidRequest`, or 429."""
    subject = rate_limits.digest(context.master, "login", account_id)
    with context.database.begin() as connection:
        attempt = rate_limits.count(connection, "login", subject)
        record = credentials.find_by_account(connection, account_id)
    good = passwords.matches(password, record.password_hash if record else None)
    with context.database.begin() as connection:
        if good:
            attempts.forget(connection, "login", subject)
        else:
            who = accounts.get(connection, account_id).actor
            access_log.write(connection, "confirmation_refused", who, locked="yes" if attempt.last else "no")
    if not good:
        message = "Ce n’est pas le mot de passe de ce compte : rien n’a été fait."
        raise fault(pointer, "password-wrong", message)
