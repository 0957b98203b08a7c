"""The subject of a process in the register (a case, a draft, an enrolment), locked for an event, and its clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection


class Held(NamedTuple):
    """A subject whose row is locked until the end of the transaction, and its time now.

    Appending an event without this lock could make silence fail, because both events would take the same
    number.
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
