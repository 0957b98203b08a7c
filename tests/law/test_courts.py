"""The court of each département, the last day to reach it, and how (CJA R. 221-3, R. 421-1)."""

from datetime import date

import pytest

from law.courts import appeal, court, last_day_to_appeal
from law.dated import BeforeFirstText
from law.directory import DEPARTMENTS, UnknownDepartment

ON = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("department", "name"),
    [
        ("34", "tribunal administratif de Montpellier"),
        ("075", "tribunal administratif de Paris"),
        ("80", "tribunal administratif d’Amiens"),
        ("45", "tribunal administratif d’Orléans"),
        ("48", "tribunal administratif de Nîmes"),
        ("02A", "tribunal administratif de Bastia"),
        ("93", "tribunal administratif de Montreuil"),
        ("83", "tribunal administratif de Toulon"),
        ("974", "tribunal administratif de La Réunion"),
        ("971", "tribunal administratif de la Guadeloupe"),
    ],
)
def test_a_decision_is_judged_where_the_prefet_has_his_seat(department: str, name: str) -> None:
    assert court(department, ON) == name


def test_every_departement_has_its_court_since_the_first_text() -> None:
    named = {each.code: court(each.code, date(2013, 7, 1)) for each in DEPARTMENTS}
    mainland = {name for code, name in named.items() if len(code) == 2}
    assert len(mainland) == 31  # R. 221-3 lists as many seats in metropolitan France
    assert all(each.genitive not in named[each.code] for each in DEPARTMENTS if each.code in ("01", "59"))
    with pytest.raises(UnknownDepartment):
        court("99", ON)
    with pytest.raises(BeforeFirstText):
        court("75", date(2013, 6, 30))


@pytest.mark.parametrize(
    ("notified", "department", "last"),
    [
        ("2026-06-10", "34", "2026-08-11"),
        ("2026-01-15", "34", "2026-03-16"),
        ("2026-02-28", "34", "2026-04-29"),
        ("2015-10-15", "976", "2016-01-18"),  # three months in Mayotte; 16 January is a Saturday
        ("2025-12-31", "34", "2026-03-02"),  # 28 February, then 1 March, a Sunday
        ("2026-09-10", "34", "2026-11-12"),  # 11 November is a holiday
        ("2026-10-24", "57", "2026-12-28"),  # 25 December, then Saint-Étienne and a weekend in Moselle
    ],
)
def test_two_clear_months_end_on_a_working_day(notified: str, department: str, last: str) -> None:
    assert last_day_to_appeal(date.fromisoformat(notified), department) == date.fromisoformat(last)


def test_an_appeal_can_be_lodged_online_since_telerecours_citoyens() -> None:
    assert appeal(date(2018, 11, 29), "34").online is None
    found = appeal(ON, "34")
    assert found.online == "https://citoyens.telerecours.fr"
    assert found.court == "tribunal administratif de Montpellier"
    assert found.last_day_on == date(2027, 2, 1)  # 29 January + 1, a Saturday
