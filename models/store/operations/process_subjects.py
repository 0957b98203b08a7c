"""The subject of a process in the register (a case, a draft, an enrolment): held for an event, with its own time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection


class Held(NamedTuple):
    """A subject whose row is held until the end of the transaction, and its time now.

    An event written without holding its case could make silence fail: both would take the same number.
    """

    subject: str
    at: datetime


class SubjectClock(NamedTuple):
    """The legal clock of one kind of subject."""

    now: Callable[[Connection, str], datetime]
    advance: Callable[[Connection, str, timedelta], None]
    """Development only."""
    department: Callable[[Connection, str], str]
    """Whose legal time it is; raises `Unknown`."""
