"""An establishment and who acts for it: members, and agents of record under a mandate."""

from dataclasses import dataclass
from datetime import timedelta
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
"""How long an invitation waits for its answer."""


@dataclass(frozen=True, slots=True)
class EstablishmentReading:
    """An establishment, its members, the mandates that it gave; and who reads them."""

    reader: Account
    reader_leads: bool
    establishment: Establishment
    members: tuple[Member, ...]
    mandates: tuple[MandateRecord, ...]


def read_establishment(context: Context, credential: PresentedCredential, siret: str) -> EstablishmentReading:
    """Return an establishment to one of its members; raises `Unknown`."""
    with context.admit(credential, Verb.READ_MEMBERS) as caller:
        require_member(caller, siret)
        db, reader = caller.connection, caller.account
        concerning = mandates.list_concerning(db, reader.id, [siret])
        return EstablishmentReading(
            reader=reader,
            reader_leads=representation.is_main_contact(db, reader.id, siret),
            establishment=accounts.get_establishment(db, siret),
            members=tuple(members.list_of(db, siret)),
            mandates=tuple(each for each in concerning if each.siret == siret),
        )


def require_member(caller: Caller, siret: str) -> None:
    """Refuse whoever is not of an establishment; raises `Unknown`."""
    if not representation.belongs(caller.connection, caller.account.id, siret):
        raise Unknown(siret)


def require_main_contact(caller: Caller, siret: str) -> None:
    """Refuse whoever is not a main contact of an establishment; raises `Unknown` or 403."""
    require_member(caller, siret)
    if not representation.is_main_contact(caller.connection, caller.account.id, siret):
        raise problem("forbidden", "Seul un interlocuteur principal de l’établissement peut le faire.")


def count_mail(context: Context, caller: Caller, email: str) -> None:
    """Count a mail that the caller has us send to somebody else; raises 429."""
    rate_limits.count(
        caller.connection, "mailbox", rate_limits.digest(context.master, "account", caller.account.id)
    )
    rate_limits.count(caller.connection, "mail", rate_limits.digest(context.master, "mail", email))
