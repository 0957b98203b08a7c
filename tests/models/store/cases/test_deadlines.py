"""The deadline: the last second before it belongs to the agent, the instant itself to the employer."""

from datetime import timedelta

import pytest

from models.errors import Conflict
from models.store.database import Database
from tests.cases import an_agent, file_a_case
from tests.models.clocks import MICROSECOND, clock_at, deadline, refuse


def test_a_decision_posted_after_the_instant_is_refused_and_told_what_stands(database: Database) -> None:
    reference = file_a_case(database, left=timedelta())
    with pytest.raises(Conflict, match="Le silence vaut acceptation") as told:
        refuse(database, reference, an_agent(database))
    assert told.value.slug == "deadline-passed"


def test_the_last_second_belongs_to_the_agent_and_the_instant_to_the_employer(database: Database) -> None:
    agent = an_agent(database)
    early, late = file_a_case(database), file_a_case(database)
    with clock_at(database, deadline(database, early) - MICROSECOND) as frozen:
        refuse(frozen, early, agent, "early")
    with (
        clock_at(database, deadline(database, late)) as frozen,
        pytest.raises(Conflict, match="acceptation"),
    ):
        refuse(frozen, late, agent, "late")
