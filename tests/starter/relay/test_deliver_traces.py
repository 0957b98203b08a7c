"""The relay continues the trace of what was committed."""

from structlog.typing import EventDict

from models.store.database import Database
from models.telemetry import trace_context
from models.telemetry.trace_context import TraceContext
from tests.cases import file_a_case
from tests.starter.relay.relaying import FakeEngine, emptied, relaying, until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


SENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def _delivered(lines: list[EventDict]) -> list[EventDict]:
    return [line for line in lines if line["event"] == "letter_delivered"]


async def test_the_relay_continues_the_trace_of_what_was_committed(
    database: Database, fake_engine: FakeEngine, lines: list[EventDict]
) -> None:
    with trace_context.following(TraceContext.of(SENT)):
        reference = file_a_case(database)
    later = file_a_case(database)
    async with relaying(database, fake_engine):
        await emptied(database)
        await until(lambda: {reference, later} <= {line.get("case") for line in _delivered(lines)})
    delivered = {line["case"]: line["trace"] for line in _delivered(lines)}
    assert delivered[reference] == TRACE
    assert delivered[later] not in (TRACE, None)
