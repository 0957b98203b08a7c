"""The access log, for auditors: of a day, or searched over some; whether the chain is whole. Readings are logged."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from models.identifiers import Day, find_reference, find_uuid
from models.store.audit import verdicts
from models.store.audit.verdicts import StoredVerdict
from models.store.journal import accesses, events
from models.store.people import access_log, account_lists
from models.store.people.access_log import AccessRecord
from models.texts import TextForm
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import ListParameters

MAX_DAYS: Final = 92
"""Days of one search: each is a chain of its own."""


class LogPage(NamedTuple):
    """A page of a day's lines, in order."""

    records: list[AccessRecord]
    broken_links: list[int]
    """Positions whose digest does not match the preceding lines; empty when the chain is intact."""
    next: int | None
    """Position after which the next page begins; None on the last page."""


def read_page(context: Context, credential: PresentedCredential, on: date, after: int) -> LogPage:
    """Return the lines of a day that follow a position."""
    with context.admit(credential, Verb.READ_AUDIT) as caller:
        access_log.log_refusals(caller.connection)
        records = access_log.list_page(caller.connection, on, after)
        broken_links = events.broken_links(caller.connection, accesses.subject(on))
        caller.note_reading(on.isoformat())
    full = len(records) == access_log.PAGE_SIZE
    return LogPage(records, broken_links, records[-1].position if full else None)


class AccessSearch(ListParameters):
    """Days, both included, and whose accesses: of an account, about a case or another subject, or all."""

    from_on: Day
    to_on: Day
    account: Annotated[str, TextForm("line", 100), Field(description="Identifiant d’un compte.")] | None = None
    about: (
        Annotated[str, TextForm("line", 100), Field(description="Référence d’un dossier, ou identifiant.")] | None
    ) = None
    after: Annotated[int, Field(ge=0, lt=2**62)] = 0


class FoundAccesses(NamedTuple):
    """A page of accesses, the name and role of each account they name, and where the next page begins."""

    records: list[AccessRecord]
    names: Mapping[str, tuple[str, str]]
    next: int | None


def search(
    context: Context, credential: PresentedCredential, wanted: AccessSearch, size: int = access_log.PAGE_SIZE
) -> FoundAccesses:
    """Return who did or read what over some days; raises `InvalidRequest` for days or a subject that cannot be."""
    with context.admit(credential, Verb.READ_AUDIT) as caller:
        days = _days(wanted)
        account = _identity(wanted.account)
        about = wanted.about and _subject(wanted.about)
        access_log.log_refusals(caller.connection)
        records = access_log.search(caller.connection, days, account, about, wanted.after, size)
        ids = {each.actor_id for each in records if each.actor_id} | {each.data.get("account", "") for each in records}
        names = account_lists.names(caller.connection, ids - {""})
        caller.note_reading(about or account or f"{wanted.from_on.isoformat()}/{wanted.to_on.isoformat()}")
    full = len(records) == size
    return FoundAccesses(records, names, records[-1].position if full else None)


def find_verdict(context: Context, credential: PresentedCredential) -> StoredVerdict | None:
    """Return the last verdict of the audit of the register, which runs each night; None before the first."""
    with context.admit(credential, Verb.READ_AUDIT) as caller:
        return verdicts.find_last(caller.connection)


def _days(wanted: AccessSearch) -> list[date]:
    count = (wanted.to_on - wanted.from_on).days + 1
    if count < 1:
        raise fault("/to_on", "ends-before", "Le dernier jour précède le premier.")
    if count > MAX_DAYS:
        raise fault("/to_on", "too-many-days", f"Cherchez sur {MAX_DAYS} jours au plus.")
    return [wanted.from_on + timedelta(days=1) * number for number in range(count)]


def _identity(written: str | None) -> str | None:
    """Return the id of an account as it was pasted; raises `InvalidRequest`."""
    if written is None:
        return None
    found = find_uuid(written)
    if found is None:
        raise fault("/account", "wrong-form", "Donnez l’identifiant du compte, tel que le journal le cite.")
    return found


def _subject(written: str) -> str:
    """Return a reference without the number of its document, or an identifier as it was written."""
    return find_reference(written) or find_uuid(written) or written
