"""Input and subject of a process, as the register gives them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from models.engine.names import CHAIN, authorization_id, deposit_id, subject_of
from models.store.cases import requests
from models.store.database import Database
from tests.cases import file_a_case


def test_the_day_of_filing_is_that_of_the_department(database: Database) -> None:
    # Half past midnight in Paris is still the previous day in UTC, and the rule of claims changed that night.
    received_at = datetime(2018, 9, 24, 0, 30, tzinfo=ZoneInfo("Europe/Paris"))
    reference = file_a_case(database, received_at=received_at)
    with database.begin() as connection:
        assert requests.get_case(connection, reference).filed_on == date(2018, 9, 24)


def test_a_process_is_named_after_its_subject() -> None:
    assert subject_of(authorization_id("034AQHV02")) == "034AQHV02"
    assert subject_of(deposit_id("authorizations")) == "authorizations"
    nightly = f"{CHAIN}-2026-11-22T01:00:00Z"
    assert subject_of(nightly) == nightly
