"""The annual quota of hours, who may raise it, and the plausible maximum of a request."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from law.grounds import Ground
from law.quota import (
    Authority,
    NotCompetent,
    QuotaDecision,
    annual_quota,
    has_own_quota,
    own_quota_since,
    plausible_hours,
    quota_objections,
    yearly_limits,
)

ECONOMIC, RESTRUCTURING = Ground.ECONOMIC_CONDITIONS, Ground.RESTRUCTURING


@pytest.mark.parametrize(
    ("ground", "day", "hours"),
    [
        (ECONOMIC, date(2013, 7, 1), 1000),
        (ECONOMIC, date(2019, 12, 31), 1000),
        (ECONOMIC, date(2020, 1, 1), 1607),
        (ECONOMIC, date(2021, 12, 31), 1607),
        (ECONOMIC, date(2022, 1, 1), 1000),
        (RESTRUCTURING, date(2020, 3, 25), 1607),
        (RESTRUCTURING, date(2020, 3, 26), 100),
        (RESTRUCTURING, date(2026, 11, 22), 100),
    ],
)
def test_the_annual_quota_by_date_of_the_idle_hours(ground: Ground, day: date, hours: int) -> None:
    assert annual_quota(ground, day).hours == hours


ORDERS = {
    (date(2013, 7, 1), date(2019, 12, 31)): (1000, "arrêté du 26 août 2013"),
    (date(2020, 1, 1), date(2020, 12, 31)): (1607, "arrêté du 31 mars 2020"),
    (date(2021, 1, 1), date(2021, 12, 31)): (1607, "arrêté du 10 mai 2021"),
    (date(2022, 1, 1), date(2026, 12, 31)): (1000, "arrêté du 26 août 2013"),
}
"""Days, both included → the quota and its order."""


def test_every_day_has_exactly_one_quota_with_its_article_and_its_order() -> None:
    day = date(2013, 7, 1)
    while day <= date(2026, 12, 31):
        (order,) = [value for (first, last), value in ORDERS.items() if first <= day <= last]
        found = annual_quota(ECONOMIC, day)
        (reason,) = found.why
        assert (int(found.hours), reason.source, reason.article) == (*order, "R. 5122-6"), day
        day += timedelta(days=1)


def test_modernisation_had_a_hundred_hours_before_they_were_those_of_the_whole_ground() -> None:
    eve, day = date(2020, 3, 25), date(2020, 3, 26)
    assert [annual_quota(RESTRUCTURING, each, modernisation=True).hours for each in (eve, day)] == [100, 100]
    assert [annual_quota(RESTRUCTURING, each).hours for each in (eve, day)] == [1607, 100]
    assert annual_quota(ECONOMIC, eve, modernisation=True).hours == 1607
    works = annual_quota(RESTRUCTURING, date(2015, 6, 1), modernisation=True).why
    assert [(each.article, each.source) for each in works] == [("R. 5122-7", "arrêté du 26 août 2013, art. 2")]


def a_decision(hours: int, authority: Authority) -> QuotaDecision:
    return QuotaDecision(Decimal(hours), authority, date(2026, 9, 1))


@pytest.mark.parametrize(
    ("ground", "hours", "authority", "article"),
    [
        (ECONOMIC, 1200, Authority.MINISTERS, "R. 5122-6"),
        (RESTRUCTURING, 400, Authority.PREFECT, "R. 5122-7"),
        (RESTRUCTURING, 1000, Authority.PREFECT, "R. 5122-7"),
        (RESTRUCTURING, 1200, Authority.MINISTERS, "R. 5122-6"),
    ],
)
def test_a_joint_decision_raises_the_quota(ground: Ground, hours: int, authority: Authority, article: str) -> None:
    found = annual_quota(ground, date(2026, 11, 22), decision=a_decision(hours, authority))
    assert (int(found.hours), found.why[-1].article) == (hours, article)
    assert "1er septembre 2026" in found.why[-1].text


@pytest.mark.parametrize(
    ("ground", "hours", "authority", "said"),
    [
        (ECONOMIC, 1001, Authority.PREFECT, "ministres"),
        (RESTRUCTURING, 1001, Authority.PREFECT, "ministres"),
        (ECONOMIC, 1000, Authority.MINISTERS, "n’augmente pas"),
        (RESTRUCTURING, 100, Authority.PREFECT, "n’augmente pas"),
    ],
)
def test_a_decision_that_cannot_raise_it_is_refused(
    ground: Ground, hours: int, authority: Authority, said: str
) -> None:
    with pytest.raises(NotCompetent, match=said):
        annual_quota(ground, date(2026, 11, 22), decision=a_decision(hours, authority))


@pytest.mark.parametrize(
    ("ground", "start", "end", "employees", "hours"),
    [
        (ECONOMIC, "2026-11-02", "2026-11-08", 10, 350),
        (ECONOMIC, "2026-11-02", "2026-11-03", 10, 140),
        (ECONOMIC, "2026-11-06", "2026-11-09", 1, 28),
        (RESTRUCTURING, "2026-11-02", "2026-12-31", 2, 200),
        # each year has its own quota
        (RESTRUCTURING, "2026-11-02", "2027-01-31", 1, 200),
        (ECONOMIC, "2026-01-01", "2026-12-31", 1, 1000),
    ],
)
def test_plausible_hours(ground: Ground, start: str, end: str, employees: int, hours: int) -> None:
    found = plausible_hours(ground, date.fromisoformat(start), date.fromisoformat(end), employees)
    assert found.maximum == Decimal(hours)
    assert found.why


@pytest.mark.parametrize(
    ("year", "hours", "transformation"),
    [(2013, 1000, 1000), (2019, 1000, 1000), (2020, 1607, 100), (2021, 1607, 100), (2022, 1000, 100)],
)
def test_a_year_has_two_limits(year: int, hours: int, transformation: int) -> None:
    found = yearly_limits(year)
    assert (found.hours, found.transformation) == (Decimal(hours), Decimal(transformation))


def test_hours_of_ground_4_have_a_quota_of_their_own_from_26_march_2020() -> None:
    days = [date(2020, 3, 25), date(2020, 3, 26), date(2026, 11, 22)]
    assert [has_own_quota(RESTRUCTURING, each) for each in days] == [False, True, True]
    assert own_quota_since() == days[1]
    assert [has_own_quota(ECONOMIC, each) for each in days] == [False, False, False]


@pytest.mark.parametrize(
    ("ground", "hours", "authority", "limits"),
    [
        (ECONOMIC, 1200, Authority.MINISTERS, (1200, 100)),
        (None, 1200, Authority.MINISTERS, (1200, 100)),
        (RESTRUCTURING, 300, Authority.PREFECT, (1000, 300)),
        (None, 300, Authority.PREFECT, (1000, 300)),
        # the quota of ground 4 lies within the general one
        (RESTRUCTURING, 1200, Authority.MINISTERS, (1200, 1200)),
    ],
)
def test_a_decision_raises_the_limits_of_the_hours_that_it_is_about(
    ground: Ground | None, hours: int, authority: Authority, limits: tuple[int, int]
) -> None:
    decision = QuotaDecision(Decimal(hours), authority, date(2026, 9, 1), ground)
    assert quota_objections(2026, decision) == ()
    found = yearly_limits(2026, [decision])
    assert (int(found.hours), int(found.transformation)) == limits
    lower = QuotaDecision(decision.hours - 1, authority, date(2026, 9, 1), ground)
    assert yearly_limits(2026, [lower, decision, lower]) == found


@pytest.mark.parametrize(
    ("year", "ground", "hours", "authority", "pointer"),
    [
        (2026, ECONOMIC, 8761, Authority.MINISTERS, "/hours"),
        (2026, None, 16_070, Authority.MINISTERS, "/hours"),
        (2026, ECONOMIC, 1001, Authority.PREFECT, "/hours"),
        (2026, None, 1001, Authority.PREFECT, "/hours"),
        (2026, None, 1000, Authority.MINISTERS, "/hours"),
        (2021, None, 1607, Authority.MINISTERS, "/hours"),
        (2012, None, 1200, Authority.MINISTERS, "/year"),
    ],
)
def test_a_decision_that_raises_no_quota_of_its_year_is_objected_to(
    year: int, ground: Ground | None, hours: int, authority: Authority, pointer: str
) -> None:
    decision = QuotaDecision(Decimal(hours), authority, date(2026, 9, 1), ground)
    assert [each.pointer for each in quota_objections(year, decision)] == [pointer]
