"""A call is logged under its trace and its case; the case of somebody else is not named."""

from structlog.typing import EventDict

from models.store.database import Database
from tests.builders import Credentials, a_filing
from tests.cases import file_a_case
from tests.starter.people import Door

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SENT = f"00-{TRACE}-00f067aa0ba902b7-01"


async def test_a_call_that_sends_its_trace_is_logged_under_it_with_its_case(
    door: Door, boss: Credentials, lines: list[EventDict]
) -> None:
    answer = await door(boss).post("/requests", json=a_filing(), headers={"traceparent": SENT})
    reference = answer.json()["reference"]
    await door(boss).get(f"/requests/{reference}")
    filed, read = lines
    assert (filed["event"], filed["trace"], filed["case"]) == ("call_answered", TRACE, reference)
    assert read["case"] == reference
    assert len(read["trace"]) == 32
    assert read["trace"] != TRACE


async def test_a_case_of_somebody_else_is_not_named(
    door: Door, database: Database, boss: Credentials, lines: list[EventDict]
) -> None:
    await door(boss).get(f"/requests/{file_a_case(database)}")
    assert lines[0]["case"] is None
