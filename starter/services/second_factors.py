"""Second factors and passkeys, as calls and pages add and drop them: a person who has signed in, by a password."""

from typing import Final, NamedTuple

from models.errors import Conflict
from models.store.people import access_log, attempts, totps
from starter.auth import rate_limits, totp
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.services import sign_in

WRONG: Final = "Ce code n’est pas celui de l’application, ou il a déjà servi : attendez le suivant."


class Begun(NamedTuple):
    """A secret to give to an application, as text, as the address that it reads, and drawn."""

    secret: str
    address: str
    picture: str


def begin_codes(context: Context, credential: PresentedCredential, password: str) -> Begun:
    """Make the secret of one-time codes, to be confirmed; raises `Wrong`, `Conflict`."""
    account_id = _confirmed(context, credential, password)
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        if totp.asked(caller.connection, account_id):
            raise Conflict("already-protected", "Votre compte demande déjà un code à chaque session.")
        secret, address = totp.begin(caller.connection, context.master, account_id, caller.account.email)
    return Begun(secret, address, totp.picture(address))


def begun(context: Context, credential: PresentedCredential) -> Begun:
    """Return again the secret that waits to be confirmed; raises `Unknown`."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account, db = caller.account, caller.connection
        secret, address = totp.begun(db, context.master, account.id, account.email)
    return Begun(secret, address, totp.picture(address))


def confirm_codes(context: Context, credential: PresentedCredential, code: str) -> None:
    """Ask for codes from now on, once the application has made a right one; raises `Wrong`, 429."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account, db = caller.account, caller.connection
        subject = rate_limits.digest(context.master, "login", account.id)
        taken = rate_limits.count(db, "login", subject)
        good = totp.confirm(db, context.master, account.id, code)
        if good:
            attempts.take_back(db, taken.id)
            access_log.write(db, "one_time_codes_set", caller.actor)
    if not good:
        raise fault("/code", "code-refused", WRONG)


def drop_codes(context: Context, credential: PresentedCredential, password: str) -> None:
    """Ask for no code any more, confirmed by the password; raises `Wrong`, 429."""
    account_id = _confirmed(context, credential, password)
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        totps.drop(caller.connection, account_id)
        access_log.write(caller.connection, "one_time_codes_dropped", caller.actor)


def _confirmed(context: Context, credential: PresentedCredential, password: str) -> str:
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account = caller.account
    sign_in.confirm(context, account.id, password)
    return account.id
