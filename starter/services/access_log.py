"""The access log of a day, for auditors; reading it is logged too."""

from datetime import date
from typing import NamedTuple

from models.store.journal import events
from models.store.people import access_log
from models.store.people.access_log import AccessRecord
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context


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
        records = access_log.list_page(caller.connection, on, after)
        broken_links = events.broken_links(caller.connection, access_log.subject(on))
        caller.note_reading(on.isoformat())
    full = len(records) == access_log.PAGE_SIZE
    return LogPage(records, broken_links, records[-1].position if full else None)
