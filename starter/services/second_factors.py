"""One-time codes of the caller's account: set up, confirm, remove; confirmed by the password."""

from typing import Final, NamedTuple

from models.errors import Conflict, Unknown
from models.store.people import access_log, credentials, totps
from models.store.people import recovery_codes as stored_codes
from models.store.people.accounts import Account
from starter.auth import rate_limits, recovery_codes, totp
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.services import security_notices, sign_in

WRONG: Final = "Ce code n’est pas celui de l’application, ou il a déjà servi : attendez le suivant."


class NewSecret(NamedTuple):
    """A secret for an authenticator application: as text, as an `otpauth` address, and as a QR code."""

    account: Account
    secret: str
    address: str
    picture: str


class RecoveryCodes(NamedTuple):
    """New recovery codes, which are shown once."""

    account: Account
    codes: tuple[str, ...]


def begin_codes(context: Context, credential: PresentedCredential, password: str) -> NewSecret:
    """Create the secret of one-time codes, which must then be confirmed; raises `InvalidRequest`, `Conflict`."""
    _confirm(context, credential, password)
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account, db = caller.account, caller.connection
        if totp.is_required(db, account.id):
            raise Conflict("already-protected", "Votre compte demande déjà un code à chaque session.")
        secret, address = totp.begin(db, context.master, account.id, account.email)
    return NewSecret(account, secret, address, totp.qr_code(address))


def read_secret(context: Context, credential: PresentedCredential) -> NewSecret:
    """Return the secret that awaits confirmation; raises `Unknown`."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account, db = caller.account, caller.connection
        secret, address = totp.pending(db, context.master, account.id, account.email)
    return NewSecret(account, secret, address, totp.qr_code(address))


def confirm_codes(context: Context, credential: PresentedCredential, code: str) -> RecoveryCodes:
    """Require codes from now on, confirmed by a first valid one; returns the recovery codes, which are shown once.

    Raises `InvalidRequest`, 429.
    """
    made: tuple[str, ...] = ()
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account, db = caller.account, caller.connection
        record = credentials.find_by_account(db, account.id)
        subject = sign_in.guesses_of(context, account.id, record.login if record else None)
        attempt = rate_limits.count(db, "login", subject)
        good = totp.confirm(db, context.master, account.id, code)
        if good:
            rate_limits.take_back(db, attempt)
            access_log.write(db, "one_time_codes_set", caller.actor)
            security_notices.tell(caller, "codes_set")
            made = recovery_codes.make(db, context.master, account.id)
    if not good:
        raise fault("/code", "code-refused", WRONG)
    return RecoveryCodes(account, made)


def renew_recovery(context: Context, credential: PresentedCredential, password: str) -> RecoveryCodes:
    """Replace the recovery codes, confirmed by the password; raises `InvalidRequest`, 429, `Unknown` without codes."""
    _confirm(context, credential, password)
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account, db = caller.account, caller.connection
        if not totp.is_required(db, account.id):
            raise Unknown(account.id)
        made = recovery_codes.make(db, context.master, account.id)
        access_log.write(db, "recovery_codes_made", caller.actor)
        security_notices.tell(caller, "recovery_codes_made")
    return RecoveryCodes(account, made)


def drop_codes(context: Context, credential: PresentedCredential, password: str) -> None:
    """Stop requiring codes, confirmed by the password; raises `InvalidRequest`, 429."""
    _confirm(context, credential, password)
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        totps.drop(caller.connection, caller.account.id)
        stored_codes.replace(caller.connection, caller.account.id, ())
        access_log.write(caller.connection, "one_time_codes_dropped", caller.actor)
        security_notices.tell(caller, "codes_dropped")


def _confirm(context: Context, credential: PresentedCredential, password: str) -> None:
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account = caller.account
    sign_in.confirm(context, account.id, password)
