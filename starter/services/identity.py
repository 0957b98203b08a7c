"""The name and the address of the caller’s account: an address counts once the code mailed to it is used."""

from datetime import timedelta
from typing import Final

from models.bodies.account import AddressBody, AddressCodeBody, NameBody
from models.store.people import access_log, accounts, address_changes, code_mails, codes, credentials
from models.store.people.accounts import Account
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.services import mailed_codes, sign_in
from starter.services.establishments import count_mail

CODE_LIFETIME: Final = timedelta(hours=1)
"""How long the code of a new address is valid."""


def rename(context: Context, credential: PresentedCredential, body: NameBody) -> None:
    """Change the name of the account; what was filed keeps the name of its day."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        accounts.rename(caller.connection, caller.account.id, body.name, caller.actor)


def ask_address(context: Context, credential: PresentedCredential, body: AddressBody) -> Account:
    """Mail a code to the address that the account wants, confirmed by the password; raises `InvalidRequest`, 429.

    The answer is the same whether or not another account has that address.
    """
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        account = caller.account
    sign_in.confirm(context, account.id, body.password)
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        db = caller.connection
        leaves_at = count_mail(context, caller, body.email)
        holder = address_changes.begin(db, caller.account, body.email)
        code_mails.send(db, context.master, holder, "address_code", "email", CODE_LIFETIME, leaves_at)
        access_log.write(db, "address_change_asked", caller.actor, held_by=holder)
    return account


def confirm_address(context: Context, credential: PresentedCredential, body: AddressCodeBody) -> None:
    """Give the account its new address, by the code mailed to it; tell the old one. Raises `InvalidRequest`, 429."""
    holder = mailed_codes.account_of(context, "email", body.code, credential.origin)
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        db, account = caller.connection, caller.account
        if address_changes.find_account(db, holder) != account.id:
            raise mailed_codes.refused()
        wanted = accounts.get(db, holder).email
        credentials.hold_login(db, wanted)
        other = credentials.find_by_login(db, wanted)
        if other is not None and other.account_id != account.id:
            raise fault("/code", "address-taken", "Un autre compte porte déjà cette adresse.")
        if codes.redeem(db, "email", body.code) is None:
            raise mailed_codes.refused()
        address_changes.complete(db, account, holder)
        codes.expire_all(db, account.id, "password")
        code_mails.notify(db, holder, "address_changed", f"changed-{holder}")
        access_log.write(db, "address_changed", caller.actor, held_by=holder)


def read(context: Context, credential: PresentedCredential) -> Account:
    """Return the caller’s account."""
    with context.admit(credential, Verb.READ_ACCOUNT) as caller:
        return caller.account
