"""An absent agent is replaced: reminders go to the replacement."""

from datetime import timedelta

from activities.register import StoredRegisterActs
from models.bodies.unit import LeaveBody
from models.engine.names import authorization_id
from models.store.cases import requests
from models.store.database import Database
from models.store.people import leaves
from tests.activities.test_register import NOON, a_reminder, id_of, told
from tests.cases import an_agent, file_a_case


def test_while_the_agent_in_charge_is_away_the_replacement_is_told_and_without_one_the_colleagues(
    database: Database, acts: StoredRegisterActs
) -> None:
    mine, colleague, stand_in = (an_agent(database, "instructor") for _ in range(3))
    an_agent(database, "reader")
    reference = file_a_case(database)
    away = {"from_on": "2020-01-01", "until_on": "2149-12-31"}
    process = authorization_id(reference)
    with database.begin() as connection:
        requests.assign(connection, reference, mine.account_id)
        body = LeaveBody.model_validate(away | {"replacement_id": stand_in.account_id})
        leaves.write(connection, id_of(mine), body, id_of(mine))
    assert acts.remind(a_reminder(reference, "silence"))
    assert [account for _, account in told(database, process)] == [id_of(stand_in)]
    with database.begin() as connection:
        leaves.write(connection, id_of(stand_in), LeaveBody.model_validate(away), id_of(stand_in))
    assert acts.remind(a_reminder(reference, "silence", 0, NOON + timedelta(days=1)))
    assert [account for _, account in told(database, process)][1:] == [id_of(colleague)]
