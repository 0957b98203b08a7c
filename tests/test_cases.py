"""The case builder produces the same records as a filing through the API."""

from datetime import timedelta

from models.store.cases import requests
from models.store.database import Database, case_now
from models.store.journal import events
from tests.cases import file_a_case


def test_a_case_is_filed_with_its_receipt_and_its_event(database: Database) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        assert requests.get(connection, reference).status == "under_review"
        assert [each.type for each in events.list_of(connection, reference)] == ["request_received"]


def test_the_time_left_before_silence_can_be_chosen(database: Database) -> None:
    reference = file_a_case(database, left=timedelta(seconds=90))
    with database.begin() as connection:
        deadline = requests.get(connection, reference).deadline_at
        assert deadline
        assert 80 < (deadline - case_now(connection, reference)).total_seconds() <= 91


def test_an_opinion_may_be_pending(database: Database) -> None:
    reference = file_a_case(database, works_council={"pending": True}, headcount=80)
    with database.begin() as connection:
        assert requests.get_case(connection, reference).opinion_due_on
