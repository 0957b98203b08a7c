"""What is left of limits is noted for one call alone, and stated as lists of structured fields."""

from models import limits
from models.limits import LimitState

STATE = LimitState("look_up", 30, 900, 12, 840)


def test_a_call_states_each_of_its_limits_once_and_what_came_back() -> None:
    with limits.noting() as noted:
        limits.note(STATE)
        limits.note(LimitState("code", 20, 900, 19, 900))
        limits.note(LimitState("code", 20, 900, 18, 700))
        limits.give_back("code")
        limits.give_back("address")
    assert limits.headers(noted.values()) == {
        "RateLimit-Policy": '"look_up";q=30;w=900, "code";q=20;w=900',
        "RateLimit": '"look_up";r=12;t=840, "code";r=19;t=700',
    }


def test_outside_a_call_and_for_the_next_one_nothing_is_noted() -> None:
    limits.note(STATE)
    with limits.noting() as noted:
        pass
    assert limits.headers(noted.values()) == {}
