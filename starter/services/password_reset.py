"""Passwords lost, chosen and changed: by a code that was mailed, or by the one that is known."""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from models.bodies.account import AcceptanceBody, NewPasswordBody, PasswordChangeBody
from models.store.people import (
    access_log,
    accounts,
    attempts,
    code_mails,
    codes,
    credentials,
    members,
    sessions,
)
from models.store.people.accounts import Account
from starter.auth import passwords, rate_limits
from starter.context import Context
from starter.http.problems import InvalidRequest, fault
from starter.services import sign_in

CODE_LIFETIME: Final = timedelta(hours=1)
"""How long the code of a lost password is good."""


def ask(context: Context, login: str, origin: bytes) -> None:
    """Have a code sent to whoever has this login, or nothing at all: nobody is told which; raises 429."""
    with context.database.begin() as connection:
        asked = rate_limits.count(connection, "mailbox", origin)
        rate_limits.count(connection, "mail", rate_limits.digest(context.master, "login", login))
        rate_limits.tell(connection, "mailbox", asked)
        found = credentials.find_by_login(connection, login.strip())
        if found:
            code_mails.send(
                connection, context.master, found.account_id, "password_code", "password", CODE_LIFETIME
            )
            account = accounts.get(connection, found.account_id)
            access_log.write(connection, "password_code_sent", account.actor)


def choose(context: Context, body: NewPasswordBody, origin: bytes) -> None:
    """Take the place of a lost password, by a code that is used up; raises `InvalidRequest`, or 429."""
    check(body.password)
    look(context, "password", body.code, origin)
    hashed = passwords.hashed(body.password)
    with context.database.begin() as connection:
        account_id = codes.redeem(connection, "password", body.code)
        kept = credentials.find_by_account(connection, account_id) if account_id else None
        if account_id is None or kept is None:
            raise refused()
        _set(connection, accounts.get(connection, account_id), kept.login, hashed)


def change(context: Context, account: Account, body: PasswordChangeBody) -> None:
    """Take the place of a password that is known; every session ends; raises `InvalidRequest`, 429."""
    check(body.password)
    sign_in.confirm(context, account.id, body.current, "/current")
    hashed = passwords.hashed(body.password)
    with context.database.begin() as connection:
        kept = credentials.find_by_account(connection, account.id)
        if kept:
            _set(connection, account, kept.login, hashed)


def _set(connection: Connection, account: Account, login: str, hashed: str) -> None:
    """Whoever knew the old password may have opened sessions: all of them end. Tokens are listed, to be looked at."""
    credentials.set_password(connection, account.id, login, hashed)
    sessions.end_all(connection, account.id)
    codes.forget(connection, account.id, "password")
    code_mails.tell(connection, account.id, "password_changed", f"changed-{secrets.token_hex(8)}")
    access_log.write(connection, "password_changed", account.actor)


def accept(context: Context, body: AcceptanceBody, origin: bytes) -> str:
    """Accept an invitation or a mandate by its code; returns the account that holds it now; raises `InvalidRequest`.

    Whoever has an account at that address gives its password; whoever has none chooses one.
    """
    holder = look(context, "invitation", body.code, origin)
    with context.database.begin() as connection:
        invited = accounts.get(connection, holder)
        kept = credentials.find_by_login(connection, invited.email)
    if kept:
        sign_in.confirm(context, kept.account_id, body.password)
        hashed = ""
    else:
        check(body.password)
        hashed = passwords.hashed(body.password)
    with context.database.begin() as connection:
        credentials.hold_login(connection, invited.email)
        standing = credentials.find_by_login(connection, invited.email)
        if (standing is None) != (kept is None):
            raise fault(
                "/password", "password-of-account", "Cette adresse vient d’avoir un compte : réessayez."
            )
        if codes.redeem(connection, "invitation", body.code) is None:
            raise refused()
        account_id = kept.account_id if kept else holder
        if hashed:
            credentials.set_password(connection, holder, invited.email, hashed)
        members.accept(connection, holder, account_id)
        who = accounts.get(connection, account_id).actor
        access_log.write(connection, "invitation_accepted", who, held_by=holder)
    return account_id


def look(context: Context, purpose: codes.Purpose, code: str, origin: bytes) -> str:
    """Return the account of a code before anything slow is done for it; raises `InvalidRequest`, or 429."""
    with context.database.begin() as connection:
        taken = rate_limits.count(connection, "code", origin)
        found = codes.alive(connection, purpose, code)
        if found is None:
            rate_limits.tell(connection, "code", taken)
        else:
            attempts.take_back(connection, taken.id)
    if found is None:
        raise refused()
    return found


def check(password: str) -> None:
    """Let a password pass that may be chosen; raises `InvalidRequest`."""
    if not passwords.MIN_LENGTH <= len(password) <= passwords.MAX_LENGTH:
        message = f"Choisissez un mot de passe de {passwords.MIN_LENGTH} à {passwords.MAX_LENGTH} caractères."
        raise fault("/password", "password-length", message)


def refused() -> InvalidRequest:
    """What is told of a code that is not good, whyever."""
    return fault(
        "/code", "code-refused", "Ce code est inconnu, a déjà servi ou n’est plus bon : demandez-en un autre."
    )
