"""The access log of a day, as an auditor reads it; the reading is itself logged."""

from datetime import date
from typing import NamedTuple

from models.store.journal import events
from models.store.people import access_log
from models.store.people.access_log import AccessRecord
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context


class LogPage(NamedTuple):
    """Lines of a day in their order."""

    records: list[AccessRecord]
    broken_links: list[int]
    """Positions whose digest does not follow from what precedes; empty when the chain is whole."""
    next: int | None
    """Position after which the following page begins."""


def read_page(context: Context, credential: PresentedCredential, on: date, after: int) -> LogPage:
    """Return the lines of a day after a position."""
    with context.admit(credential, Verb.READ_AUDIT) as caller:
        records = access_log.list_page(caller.connection, on, after)
        broken_links = events.broken_links(caller.connection, access_log.subject(on))
        caller.note_reading(on.isoformat())
    full = len(records) == access_log.PAGE
    return LogPage(records, broken_links, records[-1].position if full else None)
