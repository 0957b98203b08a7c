"""Hours of each person in a calendar year, under all claims of an establishment, within the quotas of the year.

The quota is that of an employee and a year, « par salarié au titre d’une année » (R. 5122-6, R. 5122-7). A joint
decision exceeds it for the hours that it is about: what goes beyond the quota of other claims must be hours of the case
that it names. So quotas nest, in whatever order claims come: hours of all claims whose own quota is at most L are at
most L, for each of these quotas, and all hours together are within the highest. What is admitted remains within
them when any claim is given back. The quota of ground 4 nests likewise.

Doubt: the articles speak of the situation of a firm, never of one request. A stricter reading, by which hours of the
case use up the quota of the others first, would have the order of claims decide who is paid: no text orders them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import Connection, Row, text

from law.grounds import Ground
from law.quota import YearlyLimits, own_quota_since
from law.texts import number_in_french
from models.store.claims import quota_exceptions
from models.store.claims.quota_exceptions import ClaimLimits
from models.store.claims.refusals import name_lines, quota_exceeded

OF_BOTH: Final = "(CAST(:taken AS uuid), CAST(:given_back AS uuid))"
"""Claims of an exchange, in SQL."""
NET: Final = "CASE WHEN w.claim_id = CAST(:taken AS uuid) THEN w.payable ELSE -w.payable END"
"""What a week of a line of either changes, in hours."""
LINES: Final = (
    f"claim_person p JOIN claim_week w ON w.claim_id = p.claim_id AND w.n = p.n WHERE p.claim_id IN {OF_BOTH}"
)
"""Weeks `w` of the lines `p` of both."""


class ClaimedYear(NamedTuple):
    """The case whose claims change the hours of their people, its establishment, and the calendar year of the hours."""

    siret: str
    reference: str
    year: int


def exchange(connection: Connection, of: ClaimedYear, claims: Mapping[str, object]) -> None:
    """Take and give back the hours of claims of a case; raises `AdmissionRefused` with the lines beyond a quota.

    `claims` names those `taken` and `given_back`, the weeks within the quota of ground 4 (`own_weeks`) and the states
    of claims that count (`standing`).
    """
    row = {**claims, "siret": of.siret, "year": of.year}
    connection.execute(_TAKE, row)
    # Asked once the rows are held: a decision that was recorded or ended while this waited for them counts.
    limits = quota_exceptions.find_limits(connection, *of)
    above = _ABOVE if limits.own == limits.highest else _ABOVE_NESTED
    _refuse(of.year, connection.execute(above, {**row, **_judged_by(limits, of.year)}).all())
    highest = {"highest": limits.highest.hours, "highest_4": limits.highest.transformation}
    connection.execute(_CHANGE, {**row, **highest})


def _judged_by(limits: ClaimLimits, year: int) -> dict[str, object]:
    """Return the quotas that claims of a case are judged by, its own and higher ones, and the cases that have those."""
    own = dict(_by_kind(limits.own))
    raised = [
        (reference, of_ground, most)
        for reference, each in limits.raised.items()
        for of_ground, most in _by_kind(each)
        if most > own[of_ground]
    ]
    quotas = sorted({*own.items(), *((of_ground, most) for _, of_ground, most in raised)})
    return {
        "kinds": [of_ground for of_ground, _ in quotas],
        "quotas": [most for _, most in quotas],
        "raised": [reference for reference, _, _ in raised],
        "raised_kinds": [of_ground for _, of_ground, _ in raised],
        "raised_quotas": [most for _, _, most in raised],
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
        "own_ground": Ground.RESTRUCTURING,
        "own_since": own_quota_since(),
    }


def _by_kind(limits: YearlyLimits) -> Iterator[tuple[bool, Decimal]]:
    """Yield both quotas of a year, each with whether it is that of ground 4."""
    yield False, limits.hours
    yield True, limits.transformation


def _refuse(year: int, above: Sequence[Row[tuple[int, bool, Decimal]]]) -> None:
    """Refuse lines whose year is exceeded, each with the lowest quota of the year and of ground 4 that it exceeds."""
    found: dict[tuple[bool, Decimal], list[int]] = {}
    for each in above:
        found.setdefault((each.of_ground, each.most), []).append(each.n)
    said = [
        f"le contingent {year} de {number_in_french(most)} heures par salarié{' pour ce motif' if of_ground else ''}"
        f" ({name_lines(lines)})"
        for (of_ground, most), lines in sorted(found.items())
    ]
    if said:
        raise quota_exceeded(" et ".join(said), sorted({each.n for each in above}))


_BY_YEAR: Final = (
    f"SELECT p.blind, sum({NET}) AS hours,"  # noqa: S608
    f" coalesce(sum({NET}) FILTER (WHERE w.week_on = ANY(CAST(:own_weeks AS date[]))), 0) AS hours_4"
    f" FROM {LINES} GROUP BY p.blind"
)
# Rows are made and locked by one statement in one order. They are made empty: a sum is judged before it is written.
_TAKE = text(
    "INSERT INTO person_year AS y (blind, siret, year, hours, limit_hours, hours_ground_4, limit_ground_4)"  # noqa: S608
    f" SELECT DISTINCT p.blind, :siret, CAST(:year AS smallint), 0, 0, 0, 0 FROM claim_person p"
    f" WHERE p.claim_id IN {OF_BOTH} ORDER BY p.blind"
    " ON CONFLICT (blind, siret, year) DO UPDATE SET limit_hours = y.limit_hours"
)
_MORE: Final = (
    f"net AS ({_BY_YEAR}),"  # noqa: S608  our own text
    " more AS (SELECT net.blind, k.of_ground, q.most, k.hours FROM net"
    "   JOIN person_year y ON y.blind = net.blind AND y.siret = :siret AND y.year = :year"
    "   CROSS JOIN LATERAL (VALUES (false, net.hours, y.hours + net.hours),"
    "     (true, net.hours_4, y.hours_ground_4 + net.hours_4)) k (of_ground, added, hours)"
    "   JOIN unnest(CAST(:kinds AS boolean[]), CAST(:quotas AS numeric[])) q (of_ground, most) USING (of_ground)"
    "   WHERE k.added > 0 AND k.hours > q.most)"
)
"""People who get hours, with all that they would have, beside each quota that these exceed."""
_NAMED: Final = (
    "SELECT p.n, a.of_ground, min(a.most) AS most FROM {above} a"
    " JOIN claim_person p ON p.claim_id = CAST(:taken AS uuid) AND p.blind = a.blind"
    " GROUP BY p.n, a.of_ground ORDER BY p.n"
)
_ABOVE = text(f"WITH {_MORE} {_NAMED.format(above='more')}")
# Hours of the cases that may exceed a quota are taken off, rather than those of others added up: what no claim states
# any more, as its people are erased, goes on counting.
_ABOVE_NESTED = text(
    f"WITH {_MORE}, raised AS (SELECT p.blind, k.of_ground, k.most, sum(w.payable) AS hours"  # noqa: S608  our own text
    "   FROM unnest(CAST(:raised AS text[]), CAST(:raised_kinds AS boolean[]), CAST(:raised_quotas AS numeric[]))"
    "     k (reference, of_ground, most)"
    "   JOIN request r ON r.reference = k.reference JOIN claim c ON c.reference = r.reference"
    "     AND c.month BETWEEN :first AND :last AND c.state = ANY(:standing)"
    "   JOIN claim_person p ON p.claim_id = c.id AND p.blind IN (SELECT blind FROM more)"
    "   JOIN claim_week w ON w.claim_id = p.claim_id AND w.n = p.n"
    "   WHERE NOT k.of_ground OR (r.ground = :own_ground AND greatest(w.week_on, c.month) >= :own_since)"
    "   GROUP BY 1, 2, 3),"
    " above AS (SELECT m.blind, m.of_ground, m.most FROM more m LEFT JOIN raised a"
    "   ON a.blind = m.blind AND a.of_ground = m.of_ground AND a.most > m.most"
    "   GROUP BY m.blind, m.of_ground, m.most, m.hours HAVING m.hours - coalesce(sum(a.hours), 0) > m.most)"
    f" {_NAMED.format(above='above')}"
)
_LIMIT: Final = (
    "CASE WHEN {added} > 0 THEN CAST(:{highest} AS numeric)"
    " ELSE greatest(CAST(:{highest} AS numeric), {hours} + {added}) END"
)
# A decision that ended may leave a year above its quotas: hours are given back all the same, and none are added.
_CHANGE = text(
    f"WITH net AS ({_BY_YEAR}) UPDATE person_year y"  # noqa: S608  our own text
    " SET hours = y.hours + net.hours, hours_ground_4 = y.hours_ground_4 + net.hours_4,"
    f" limit_hours = {_LIMIT.format(added='net.hours', hours='y.hours', highest='highest')},"
    f" limit_ground_4 = {_LIMIT.format(added='net.hours_4', hours='y.hours_ground_4', highest='highest_4')} FROM net"
    " WHERE y.blind = net.blind AND y.siret = :siret AND y.year = :year"
)
