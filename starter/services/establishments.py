"""An establishment and the people who act for it: members, and agents of record under a mandate."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models.errors import Unknown
from models.store.journal import representation
from models.store.people import accounts, mandates, members
from models.store.people.accounts import Account, Establishment
from models.store.people.mandates import MandateRecord
from models.store.people.members import Member
from starter.auth import rate_limits
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import problem

INVITATION_LIFETIME: Final = timedelta(weeks=1)
"""Time allowed to accept an invitation."""


@dataclass(frozen=True, slots=True)
class EstablishmentReading:
    """An establishment with its members and mandates, and the account that reads it."""

    reader: Account
    reader_leads: bool
    establishment: Establishment
    members: tuple[Member, ...]
    mandates: tuple[MandateRecord, ...]


def read_establishment(context: Context, credential: PresentedCredential, siret: str) -> EstablishmentReading:
    """Return an establishment for one of its members; raises `Unknown`."""
    with context.admit(credential, Verb.READ_MEMBERS) as caller:
        require_member(caller, siret)
        db, reader = caller.connection, caller.account
        concerning = mandates.list_concerning(db, reader.id, [siret])
        return EstablishmentReading(
            reader=reader,
            reader_leads=representation.is_main_contact(db, reader.id, siret),
            establishment=accounts.get_establishment(db, siret),
            members=tuple(members.list_of(db, siret, reader.id)),
            mandates=tuple(each for each in concerning if each.siret == siret),
        )


def require_member(caller: Caller, siret: str) -> None:
    """Raise `Unknown` unless the caller is a member of an establishment."""
    if not representation.belongs(caller.connection, caller.account.id, siret):
        raise Unknown(siret)


def require_linked(caller: Caller, siret: str) -> None:
    """Raise `Unknown` unless the caller belongs to an establishment, heard or not: a proof of its own may yet come."""
    if not representation.is_linked(caller.connection, caller.account.id, siret):
        raise Unknown(siret)


def require_main_contact(caller: Caller, siret: str) -> None:
    """Raise `Unknown` or 403 unless the caller is a main contact of an establishment."""
    require_member(caller, siret)
    if not representation.is_main_contact(caller.connection, caller.account.id, siret):
        raise problem("forbidden", "Seul un interlocuteur principal de l’établissement peut le faire.")


def count_mail(context: Context, caller: Caller, email: str) -> datetime | None:
    """Count a mail sent to somebody else on the caller's behalf; returns when it may leave, None if at once.

    Raises 429 for what the caller asked for, never for what others sent to that mailbox.
    """
    by = rate_limits.digest(context.master, "account", caller.account.id)
    rate_limits.count(caller.connection, "mailbox", by)
    rate_limits.count_enrolment_mail(caller.connection, context.master, email, by)
    return rate_limits.place_mail(caller.connection, context.master, email, by)
