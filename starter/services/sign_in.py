"""Signing in and out; an unknown login and a wrong password get the same answer, in the same time.

Passwords are hashed outside transactions because hashing is slow, and attempts are counted before it.
"""

from collections.abc import Callable
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
from starter.http.heads import transaction
from starter.http.problems import REGISTER_UNAVAILABLE, InvalidRequest, fault, problem

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
        attempt = _Attempt(login, address, credentials.find_by_login(connection, body.login))
    record = attempt.record
    good = passwords.matches(body.password, record.password_hash if record else None)
    renewed = good and record and not passwords.is_of_prepared(record.password_hash) and passwords.hashed(body.password)
    with context.database.begin() as connection:
        if not (good and record and _is_current(context, connection, record, body.code)):
            _refuse(connection, attempt)
            session = None
        else:
            if renewed:
                credentials.renew_hash(connection, record, renewed)
            rate_limits.take_back(connection, address)
            attempts.forget(connection, "login", subject)
            session = open_session(connection, record.account_id, "totp" if body.code else "password")
    if session is None:
        raise problem("unauthenticated", REFUSED)
    return session


def find_visitor(context: Context, session: str) -> Account | None:
    """Return the account of a session, for the header of a page; None when it has ended or the register is away."""
    try:
        with transaction(context.database) as connection:
            return sessions.find_account(connection, session, cookies.SESSION_IDLE_TIMEOUT)
    except REGISTER_UNAVAILABLE:
        return None


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
    if not _confirmed(context, account_id, password, lambda _: True)[0]:
        raise _wrong_password(pointer)


def confirm_as_signing_in(context: Context, account_id: str, password: str, one_time: str | None) -> None:
    """Require everything that signing in to an account requires, its one-time code too; raises `InvalidRequest`, 429.

    For calls whose caller has no session, and shows a mailed code instead.
    """
    known, good = _confirmed(
        context, account_id, password, lambda db: totp.accepts(db, context.master, account_id, one_time)
    )
    if not known:
        raise _wrong_password("/password")
    if not good:
        message = "Ce compte demande un code à usage unique, qui n’a pas servi."
        raise fault("/one_time", "code-refused", message)


def guesses_of(context: Context, account_id: str, login: str | None) -> bytes:
    """Return the digest under which guesses of an account's secrets are counted: one for all calls, by its login."""
    return rate_limits.digest(context.master, "login", login or account_id)


def _confirmed(
    context: Context, account_id: str, password: str, accepts: Callable[[Connection], bool]
) -> tuple[bool, bool]:
    """Return whether the password is right, and whether the rest is too; only then are earlier guesses forgotten."""
    with context.database.begin() as connection:
        record = credentials.find_by_account(connection, account_id)
        subject = guesses_of(context, account_id, record.login if record else None)
        attempt = rate_limits.count(connection, "login", subject)
    known = passwords.matches(password, record.password_hash if record else None)
    with context.database.begin() as connection:
        good = known and accepts(connection)
        if good:
            attempts.forget(connection, "login", subject)
        else:
            who = accounts.get(connection, account_id).actor
            access_log.write(connection, "confirmation_refused", who, locked="yes" if attempt.last else "no")
    return known, good


def _wrong_password(pointer: str) -> InvalidRequest:
    return fault(pointer, "password-wrong", "Ce n’est pas le mot de passe de ce compte : rien n’a été fait.")
