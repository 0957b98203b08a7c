"""The points of validity proposed to an agent, by ground and day."""

from datetime import date

import pytest

from law.checklist import ValidityPoint, validity_points
from law.dated import BeforeFirstText
from law.grounds import Ground

OF_GROUND = {
    Ground.ECONOMIC_CONDITIONS: ValidityPoint.ACTIVITY,
    Ground.SUPPLY_DIFFICULTIES: ValidityPoint.SUPPLY,
    Ground.DISASTER_OR_WEATHER: ValidityPoint.DISASTER,
    Ground.RESTRUCTURING: ValidityPoint.RESTRUCTURING,
    Ground.EXCEPTIONAL_CIRCUMSTANCES: ValidityPoint.EXCEPTIONAL,
}


@pytest.mark.parametrize("ground", Ground)
def test_each_ground_has_its_own_point_and_no_other_ground_s(ground: Ground) -> None:
    points = set(validity_points(ground, date(2026, 11, 29)))
    assert points & set(OF_GROUND.values()) == {OF_GROUND[ground]}
    assert ValidityPoint.GROUND in points


def test_bank_details_are_a_point_since_the_decree_that_asks_for_them() -> None:
    ground = Ground.ECONOMIC_CONDITIONS
    assert ValidityPoint.BANK_DETAILS not in validity_points(ground, date(2014, 7, 1))
    assert ValidityPoint.BANK_DETAILS in validity_points(ground, date(2014, 7, 2))


def test_no_list_is_made_up_for_a_day_before_the_first_text() -> None:
    with pytest.raises(BeforeFirstText):
        validity_points(Ground.RESTRUCTURING, date(2013, 6, 30))
