"""One call is traceable from the HTTP server to the relay and the worker, by trace and case; nobody is named."""

import json
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import text
from structlog.typing import EventDict

from models.store.database import Database
from models.store.journal import outbox
from models.telemetry import logs, trace_context
from models.telemetry.trace_context import TraceContext
from tests.builders import Credentials, a_filing
from tests.cases import AUTHOR, IBAN, file_a_case
from tests.starter.conftest import Door
from tests.starter.relay.test_deliver import FakeEngine, emptied, fake_engine, relaying, until

__all__ = ["fake_engine"]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def lines() -> Iterator[list[EventDict]]:
    """The log entries of this process, with case and trace."""
    heard = structlog.testing.LogCapture()
    before = structlog.get_config()
    structlog.configure(processors=[logs.add_trace, logs.mask, heard], cache_logger_on_first_use=False)
    yield heard.entries
    structlog.configure(**before)


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


@pytest.mark.parametrize("sent", [None, "", "00-0-0-0", f"00-{'0' * 32}-00f067aa0ba902b7-01", SENT.upper()])
def test_without_a_trace_that_is_well_formed_one_begins(sent: str | None) -> None:
    begun = TraceContext.of(sent)
    assert begun.trace not in (TRACE, "0" * 32)
    assert TraceContext.of(begun.parent).trace == begun.trace


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


def test_what_leaves_the_register_for_the_engine_holds_random_digits_only(database: Database) -> None:
    with trace_context.following(TraceContext.of(None)) as begun, database.begin() as connection:
        outbox.enqueue(connection, "deposit:authorizations", "deposit")
        kept = connection.execute(text("SELECT parent FROM outbox")).scalar_one()
    assert kept == begun.parent


def test_a_line_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    logs.configure()
    try:
        spaced = " ".join(IBAN[at : at + 4] for at in range(0, len(IBAN), 4))
        said = (
            f"{IBAN}, {spaced}, 2 84 05 75 113 042 16, 184052A11304216, jean@exemple.invalid, M. Jean Dupré"
        )
        structlog.get_logger().info("tried", name=AUTHOR, said=said, more={"holder": AUTHOR, "list": [said]})
    finally:
        structlog.configure(**before)
    line = json.loads(capsys.readouterr().err)
    assert line["said"] == ", ".join([logs.MASK] * 6)
    assert line["more"] == {"holder": logs.MASK, "list": [line["said"]]}
    assert (line["name"], line["case"], line["trace"]) == (logs.MASK, None, None)


@pytest.mark.parametrize(
    "said", ["034AQHV02", "35600000000048", TRACE, "2026-11-22T10:00:00.123456Z", "127.0.0.1:8000"]
)
def test_what_is_nobody_s_is_left_as_it_is(said: str) -> None:
    assert logs.PRIVATE.sub(logs.MASK, said) == said
