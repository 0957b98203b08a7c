"""Replacing a password, with a mailed code or with the current password."""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from models.bodies.account import NewPasswordBody, PasswordChangeBody
from models.store.people import access_log, accounts, code_mails, codes, credentials, sessions, tokens
from models.store.people.accounts import Account
from models.store.people.tokens import TokenRecord
from starter.auth import passwords, rate_limits
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.request_body import Submission
from starter.services import mailed_codes, sign_in

CODE_LIFETIME: Final = timedelta(hours=1)
"""How long the code of a lost password is valid."""


def send_code(context: Context, login: str, origin: bytes) -> None:
    """Mail a code to the account of a login; does nothing, silently, when there is none. Raises 429."""
    with context.database.begin() as connection:
        attempt = rate_limits.count(connection, "mailbox", origin)
        rate_limits.count_mail(connection, context.master, login, rate_limits.PASSWORD_MAILS)
        rate_limits.note_slowdown(connection, "mailbox", attempt)
        record = credentials.find_by_login(connection, login.strip())
        if record:
            code_mails.send(connection, context.master, record.account_id, "password_code", "password", CODE_LIFETIME)
            account = accounts.get(connection, record.account_id)
            access_log.write(connection, "password_code_sent", account.actor)


def choose(context: Context, body: NewPasswordBody, origin: bytes) -> list[TokenRecord]:
    """Replace a lost password and use up the mailed code; raises `InvalidRequest`, or 429.

    Returns the API tokens that are still valid: somebody who had the old password may have issued some.
    """
    passwords.check_chosen(body.password)
    mailed_codes.account_of(context, "password", body.code, origin)
    hashed = passwords.hashed(body.password)
    with context.database.begin() as connection:
        account_id = codes.redeem(connection, "password", body.code)
        record = credentials.find_by_account(connection, account_id) if account_id else None
        if account_id is None or record is None:
            raise mailed_codes.refused()
        account = accounts.get(connection, account_id)
        rate_limits.forget_mails(connection, context.master, record.login, rate_limits.PASSWORD_MAILS)
        if body.revoke_tokens:
            tokens.revoke_all(connection, account_id, account.actor)
        _set(connection, account, record.login, hashed)
        return tokens.list_of(connection, account_id)


def change(context: Context, credential: PresentedCredential, submission: Submission[PasswordChangeBody]) -> None:
    """Replace the caller's password, given the current one, and end all sessions; raises `InvalidRequest`, 429."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account = caller.account
    body = submission.read()
    passwords.check_chosen(body.password)
    sign_in.confirm(context, account.id, body.current, "/current")
    hashed = passwords.hashed(body.password)
    with context.database.begin() as connection:
        record = credentials.find_by_account(connection, account.id)
        if record:
            _set(connection, account, record.login, hashed)


def _set(connection: Connection, account: Account, login: str, hashed: str) -> None:
    """Set a password and end all sessions, because anybody who knew the old one may have opened some."""
    credentials.set_password(connection, account.id, login, hashed)
    sessions.end_all(connection, account.id)
    codes.expire_all(connection, account.id, "password")
    living = str(len(tokens.list_of(connection, account.id)))
    code_mails.notify(connection, account.id, "password_changed", f"changed-{secrets.token_hex(8)}", tokens=living)
    access_log.write(connection, "password_changed", account.actor)
