"""Hours of each person under all claims of an establishment: of a calendar year within its quotas, of a week.

A version that takes another’s place changes only the difference, of every person of either, so that nobody is refused
for hours that are given back. Rows are taken in the order of their blind indexes (and weeks), years before weeks,
whatever else is in the claims: two admissions never wait for each other.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, text

from law.calendar import add_months
from law.grounds import Ground
from law.quota import has_own_quota
from law.work_time import LEGAL_WEEK
from models.claim_files.claim import days_of_month, sunday
from models.claim_labels import STANDING
from models.store.claims import yearly_quotas
from models.store.claims.refusals import name_lines, quota_exceeded
from models.store.claims.yearly_quotas import LINES, NET, OF_BOTH, ClaimedYear

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Claims of one month whose people take and give back hours; one of both may be None."""

    siret: str
    reference: str
    ground: Ground
    month: date
    taken: str | None
    given_back: str | None

    @property
    def own_weeks(self) -> list[date]:
        """Weeks whose hours count within the quota of ground 4, by the first day that the month has of them.

        Doubt: no text says how the week of 23 March 2020 counts, in which the quota became that of all of ground 4.
        """
        weeks = {each: days_of_month(each, self.month) for each in _weeks(self.month)}
        return [each for each, days in weeks.items() if days is not None and has_own_quota(self.ground, days.first)]


def _weeks(month: date) -> Iterator[date]:
    """Yield the Monday of every week that has a day in a month, be it a Saturday or a Sunday."""
    monday = month - month.weekday() * _ONE_DAY
    while monday < add_months(month, 1):
        yield monday
        monday = sunday(monday) + _ONE_DAY


def exchange(connection: Connection, change: Exchange) -> None:
    """Take and give back hours; raises `AdmissionRefused` with the lines of those whose year or week is exceeded."""
    row = {
        "siret": change.siret,
        "taken": change.taken,
        "given_back": change.given_back,
        "own_weeks": change.own_weeks,
        "standing": list(STANDING),
        "months": [add_months(change.month, each) for each in (-1, 0, 1)],
        "legal": LEGAL_WEEK.on(change.month).value,
    }
    if connection.execute(_HOW_MANY, row).scalar_one() >= _MANY:
        connection.execute(_WITHOUT_LOOPS)
    yearly_quotas.exchange(connection, ClaimedYear(change.siret, change.reference, change.month.year), row)
    connection.execute(_TAKE_WEEKS, row)
    lines = connection.execute(_ABOVE_WEEK, row).scalars().all()
    if lines:
        raise quota_exceeded(f"la durée qui peut être indemnisée par semaine ({name_lines(lines)})", lines)
    connection.execute(_CHANGE_WEEKS, row)
    connection.execute(_WITH_LOOPS)


def hold_people(connection: Connection, claim_ids: Collection[str]) -> None:
    """Lock the years and weeks of everybody in some claims, in the order of an admission, before these claims end.

    Whoever ends several in one transaction would otherwise take the people of the second after those of the first.
    """
    for statement in (_HOLD_YEARS, _HOLD_WEEKS) if claim_ids else ():
        connection.execute(statement, {"ids": sorted(claim_ids)})


def limit_weeks(lines: str) -> str:
    """Return the query of weeks with their limits: of rows of `blind`, `siret`, `week_on`, `month`, `worked`,
    `payable`, `limit_hours`.

    Hours above the legal duration (`:legal`) count only where every claim that is paid for the week states them;
    otherwise each line keeps its own limit, as a contract may change within a week. `together` are the hours paid and
    worked of all lines whose limit is not above that of the row, so that what is within its limits remains so without
    any of them, in whatever order. Hours worked of one month are stated by each of its lines: they count once.
    """
    return (
        "SELECT l.*, sum(payable + once) OVER (PARTITION BY blind, siret, week_on ORDER BY limit_hours)"  # noqa: S608
        " AS together FROM (SELECT blind, siret, week_on, payable,"
        "  CASE WHEN row_number() OVER month = 1 THEN worked ELSE 0 END AS once,"
        "  CASE WHEN min(limit_hours) FILTER (WHERE payable > 0) OVER week <= :legal"
        f"  THEN least(limit_hours, :legal) ELSE limit_hours END AS limit_hours FROM ({lines}) s"
        "   WINDOW week AS (PARTITION BY blind, siret, week_on),"
        "   month AS (PARTITION BY blind, siret, week_on, month ORDER BY worked DESC, limit_hours)) l"
    )


_PEOPLE: Final = (
    "SELECT DISTINCT p.blind, r.siret FROM claim_person p JOIN claim c ON c.id = p.claim_id"
    " JOIN request r ON r.reference = c.reference WHERE c.id = ANY(CAST(:ids AS uuid[]))"
)
_HOLD_YEARS = text(
    f"SELECT FROM person_year WHERE (blind, siret) IN ({_PEOPLE}) ORDER BY blind, siret, year FOR UPDATE"
)
_HOLD_WEEKS = text(
    f"SELECT FROM person_week WHERE (blind, siret) IN ({_PEOPLE}) ORDER BY blind, siret, week_on FOR UPDATE"
)
_BY_WEEK: Final = f"SELECT p.blind, w.week_on, sum({NET}) AS payable FROM {LINES} GROUP BY p.blind, w.week_on"  # noqa: S608

_MANY: Final = 1_000
"""People of a claim from which on rows are never joined by loops: of lines that were just staged the planner knows no
number, expects one, and would compare each person with each."""
_HOW_MANY = text(f"SELECT count(*) FROM claim_person p WHERE p.claim_id IN {OF_BOTH}")  # noqa: S608
_WITHOUT_LOOPS = text("SET LOCAL enable_nestloop = off")
_WITH_LOOPS = text("SET LOCAL enable_nestloop = on")

_TAKE_WEEKS = text(
    "INSERT INTO person_week AS t (blind, siret, week_on, payable, limit_hours)"  # noqa: S608  our own text
    f" SELECT DISTINCT p.blind, :siret, w.week_on, 0, 0 FROM {LINES} ORDER BY p.blind, w.week_on"
    " ON CONFLICT (blind, siret, week_on) DO UPDATE SET limit_hours = t.limit_hours"
)
# What will stand: no claim of another month than those beside has a day of the same week.
_CLAIMS_LEFT: Final = (
    "SELECT c.id, c.month FROM claim c JOIN request r USING (reference) WHERE r.siret = :siret"
    " AND c.state = ANY(:standing) AND c.month = ANY(CAST(:months AS date[]))"
    " AND c.id IS DISTINCT FROM CAST(:given_back AS uuid)"
    " UNION SELECT id, month FROM claim WHERE id = CAST(:taken AS uuid)"
)
_WEEKS_LEFT: Final = limit_weeks(
    "SELECT p.blind, CAST(:siret AS text) AS siret, w.week_on, c.month, w.worked, w.payable, w.limit_hours"  # noqa: S608
    f" FROM ({_CLAIMS_LEFT}) c JOIN claim_person p ON p.claim_id = c.id"
    " JOIN claim_week w ON w.claim_id = p.claim_id AND w.n = p.n"
    f" WHERE (p.blind, w.week_on) IN (SELECT p.blind, w.week_on FROM {LINES})"
)
_ABOVE_WEEK = text(
    f"SELECT DISTINCT p.n FROM ({_WEEKS_LEFT}) w JOIN claim_person p ON p.claim_id = CAST(:taken AS uuid)"  # noqa: S608
    " AND p.blind = w.blind JOIN claim_week t ON t.claim_id = p.claim_id AND t.n = p.n AND t.week_on = w.week_on"
    " WHERE w.payable > 0 AND t.payable > 0 AND w.together > w.limit_hours ORDER BY p.n"
)
# Both are added up rather than joined: a plan that expects few of them would compare each with each.
_CHANGE_WEEKS = text(
    f"WITH net AS (SELECT blind, week_on, sum(payable) AS payable, max(limit_hours) AS limit_hours FROM"  # noqa: S608
    f" (SELECT *, 0 AS limit_hours FROM ({_BY_WEEK}) n"
    f"  UNION ALL SELECT blind, week_on, 0, limit_hours FROM ({_WEEKS_LEFT}) w WHERE payable > 0) b GROUP BY 1, 2)"
    " UPDATE person_week t SET payable = t.payable + net.payable, limit_hours = net.limit_hours FROM net"
    " WHERE t.blind = net.blind AND t.siret = :siret AND t.week_on = net.week_on"
)
