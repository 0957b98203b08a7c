"""The claim of a month typed in a grid of people and weeks: what the grid begins with, and what it may hold."""

from datetime import date
from typing import Final, NamedTuple

from models.claim_files.claim import Claim, Days, days_claimed, weeks_of_month
from models.claim_labels import STANDING
from models.store.claims.records import ClaimRecord, list_of
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.services import claim_months, claim_views
from starter.services.claim_months import MonthReading
from starter.services.claim_schemas import PersonView
from starter.services.claim_views import ClaimAddress

MAX_PEOPLE: Final = 30
"""People of a grid; a larger firm sends a file."""


class GridWeek(NamedTuple):
    """A week of the month: its number among them from 0, its Monday, and the days of it that are claimed."""

    number: int
    monday: date
    days: Days


class GridReading(NamedTuple):
    """A month, the weeks of it that are over, and people known of before."""

    month: MonthReading
    weeks: tuple[GridWeek, ...]

    @property
    def offered(self) -> bool:
        """Whether the month can be claimed by a grid now."""
        return self.month.may_send and bool(self.weeks) and not self.month.direct


class KnownPeople(NamedTuple):
    """People of a version, to begin with; with their hours, if it is the one that is put right."""

    people: tuple[PersonView, ...] = ()
    with_hours: bool = False
    month: date | None = None
    """First day of the month that they are taken from."""


def read_grid(context: Context, credential: PresentedCredential, to: ClaimAddress) -> GridReading:
    """Return the month of a grid; raises `Unknown`."""
    return of_month(claim_months.read_month(context, credential, to))


def of_month(reading: MonthReading) -> GridReading:
    """Return the grid of a month."""
    month = reading.month.month
    claim = Claim(month=month, period=reading.month.days)
    weeks = ((n, monday, days_claimed(monday, claim)) for n, monday in enumerate(weeks_of_month(month)))
    over = tuple(GridWeek(n, monday, days) for n, monday, days in weeks if days and days.last_working <= reading.today)
    return GridReading(reading, over)


def find_known_people(context: Context, credential: PresentedCredential, reading: GridReading) -> KnownPeople:
    """Return the people that a grid begins with: nobody if a version has more than a grid holds, or is erased."""
    with context.admit(credential, Verb.READ_PERSONS) as caller:
        found = _version(caller, reading.month)
    if found is None or (found.people or 0) > MAX_PEOPLE:
        return KnownPeople()
    at = ClaimAddress(found.reference, found.month, found.part, found.version)
    listed = claim_views.list_lines(context, credential, at, limit=MAX_PEOPLE)
    people = () if listed.erased else listed.items
    return KnownPeople(people, found.month == reading.month.month.month, found.month)


def _version(caller: Caller, reading: MonthReading) -> ClaimRecord | None:
    """Return the version that is put right, or the last one that stands of a month before."""
    filed = list_of(caller.connection, reading.case.reference)
    if (reading.replaceable or reading.late) and reading.last is not None:
        return next(each for each in filed if each.id == reading.last.id)
    before = [each for each in filed if each.month < reading.month.month and each.state in STANDING]
    return before[-1] if before else None
