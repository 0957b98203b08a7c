"""Signing in and out, and passwords: unknown and wrong are one answer, which takes one time.

Hashing is slow on purpose, and done outside transactions; tries are counted before it.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from models.bodies.account import SignInBody
from models.store.journal.events import SYSTEM
from models.store.people import access_log, accounts, attempts, credentials, sessions
from models.store.people.accounts import Account
from models.store.people.attempts import Taken
from models.store.people.credentials import LoginRecord
from models.store.people.sessions import Method
from starter.auth import cookies, passwords, rate_limits, totp
from starter.context import Context
from starter.http.problems import fault, problem

REFUSED: Final = (
    "L’adresse, le mot de passe ou le code à usage unique n’est pas le bon. "
    "Si vous avez activé les codes à usage unique, il en faut un, qui n’a pas encore servi."
)


@dataclass(frozen=True)
class Entered:
    """Somebody who has just signed in; the secret goes into a cookie and nowhere else."""

    account: Account
    secret: str


@dataclass(frozen=True)
class _Try:
    """One try to sign in, counted; `known` is the account of the login, if there is one."""

    login: Taken
    address: Taken
    known: LoginRecord | None


def sign_in(context: Context, body: SignInBody, origin: bytes) -> Entered:
    """Open a session for the right password and code; raises 401 for whatever is wrong, 429 after too many tries."""
    subject = rate_limits.digest(context.master, "login", body.login)
    with context.database.begin() as connection:
        address = rate_limits.count(connection, "address", origin)
        login = rate_limits.count(connection, "login", subject)
        tried = _Try(login, address, credentials.find_by_login(connection, body.login.strip()))
    good = passwords.matches(body.password, tried.known.password_hash if tried.known else None)
    with context.database.begin() as connection:
        if not (good and tried.known and _stands(context, connection, tried.known, body.code)):
            _refuse(connection, tried)
            entered = None
        else:
            attempts.take_back(connection, address.id)
            attempts.forget(connection, "login", subject)
            entered = enter(connection, tried.known.account_id, "totp" if body.code else "password")
    if entered is None:
        raise problem("unauthenticated", REFUSED)
    return entered


def _stands(context: Context, connection: Connection, known: LoginRecord, code: str | None) -> bool:
    """Whether the password is still that one, meanwhile, and the one-time code is right if one is asked for."""
    return credentials.stands(connection, known) and totp.passes(
        connection, context.master, known.account_id, code
    )


def _refuse(connection: Connection, tried: _Try) -> None:
    account = accounts.get(connection, tried.known.account_id) if tried.known else None
    who = account.actor if account else SYSTEM
    access_log.write(connection, "sign_in_refused", who, locked="yes" if tried.login.last else "no")
    rate_limits.tell(connection, "address", tried.address, who)


def enter(connection: Connection, account_id: str, method: Method) -> Entered:
    """Open a session for somebody who has proved who they are, however they did."""
    account = accounts.get(connection, account_id)
    secret = sessions.open_session(connection, account_id, method, cookies.SESSION_LIFETIME)
    access_log.append(connection, "signed_in", account, method=method)
    return Entered(account, secret)


def sign_out(context: Context, secret: str) -> None:
    """End a session."""
    with context.database.begin() as connection:
        account = sessions.find_account(connection, secret, cookies.SESSION_IDLE_TIMEOUT)
        sessions.end(connection, secret)
        if account:
            access_log.write(connection, "signed_out", account.actor)


def confirm(context: Context, account_id: str, password: str, pointer: str = "/password") -> None:
    """Let an act pass that is confirmed by the password of an account; raises `Wrong`, or 429."""
    subject = rate_limits.digest(context.master, "login", account_id)
    with context.database.begin() as connection:
        taken = rate_limits.count(connection, "login", subject)
        kept = credentials.find_by_account(connection, account_id)
    good = passwords.matches(password, kept.password_hash if kept else None)
    with context.database.begin() as connection:
        if good:
            attempts.forget(connection, "login", subject)
        else:
            who = accounts.get(connection, account_id).actor
            access_log.write(connection, "confirmation_refused", who, locked="yes" if taken.last else "no")
    if not good:
        message = "Ce n’est pas le mot de passe de ce compte : rien n’a été fait."
        raise fault(pointer, "password-wrong", message)
