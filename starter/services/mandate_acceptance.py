"""Acceptance at once of mandates that wait for the caller, named one by one, confirmed by the password."""

from typing import NamedTuple

from models.bodies.account import MandateAcceptanceBody
from models.store.cases import authority_holds
from models.store.people import access_log, accounts, codes, members, waiting_mandates
from models.store.people.accounts import Account, Establishment
from models.store.people.mandates import MandateRecord
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.services import sign_in


class WaitingMandate(NamedTuple):
    """A mandate that waits, and the establishment that gives it."""

    mandate: MandateRecord
    establishment: Establishment


class WaitingMandates(NamedTuple):
    """The mandates that wait for an account."""

    reader: Account
    waiting: tuple[WaitingMandate, ...]


def read_waiting(context: Context, credential: PresentedCredential) -> WaitingMandates:
    """Return the mandates offered to the caller’s address that are still to be accepted."""
    with context.admit(credential, Verb.READ_MANDATES) as caller:
        found = waiting_mandates.list_waiting(caller.connection, caller.account.id)
        listed = [WaitingMandate(each, accounts.get_establishment(caller.connection, each.siret)) for each in found]
    return WaitingMandates(caller.account, tuple(listed))


def accept(context: Context, credential: PresentedCredential, body: MandateAcceptanceBody) -> list[str]:
    """Accept those of the named mandates that still wait for the caller; returns their ids.

    Nobody agrees to what they did not read: what came meanwhile goes on waiting. Raises `InvalidRequest`, or 429.
    """
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        account = caller.account
    sign_in.confirm(context, account.id, body.password)
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        db, accepted = caller.connection, []
        for each in waiting_mandates.list_waiting(db, account.id):
            if each.id not in body.mandates:
                continue
            codes.expire_all(db, each.account_id, "invitation")
            for siret in sorted(members.accept(db, each.account_id, account.id)):
                authority_holds.release_proven(db, siret)
            access_log.write(db, "invitation_accepted", caller.actor, held_by=each.account_id)
            accepted.append(each.id)
    return accepted
