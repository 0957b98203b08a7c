"""Acceptance of an invitation or a mandate, with the mailed code."""

from models.bodies.account import AcceptanceBody
from models.store.cases import authority_holds
from models.store.people import access_log, accounts, codes, credentials, members
from starter.auth import passwords, rate_limits
from starter.context import Context
from starter.http.problems import fault
from starter.services import mailed_codes, sign_in


def accept(context: Context, body: AcceptanceBody, origin: bytes) -> str:
    """Accept an invitation or a mandate and return the account that now holds it; raises `InvalidRequest`.

    If the address has an account already, the password must be its own; otherwise it becomes that of a new account.
    """
    holder = mailed_codes.account_of(context, "invitation", body.code, origin)
    with context.database.begin() as connection:
        invited = accounts.get(connection, holder)
        record = credentials.find_by_login(connection, invited.email)
    if record:
        sign_in.confirm_as_signing_in(context, record.account_id, body.password, body.one_time)
        hashed = ""
    else:
        passwords.check_chosen(body.password)
        hashed = passwords.hashed(body.password)
    with context.database.begin() as connection:
        credentials.hold_login(connection, invited.email)
        current = credentials.find_by_login(connection, invited.email)
        if (current is None) != (record is None):
            message = "Cette adresse vient d’avoir un compte : réessayez."
            raise fault("/password", "password-of-account", message)
        if codes.redeem(connection, "invitation", body.code) is None:
            raise mailed_codes.refused()
        rate_limits.forget_enrolment_mails(connection, context.master, invited.email, origin)
        account_id = record.account_id if record else holder
        if hashed:
            credentials.set_password(connection, holder, invited.email, hashed)
        for siret in sorted(members.accept(connection, holder, account_id)):
            authority_holds.release_proven(connection, siret)
        actor = accounts.get(connection, account_id).actor
        access_log.write(connection, "invitation_accepted", actor, held_by=holder)
    return account_id
