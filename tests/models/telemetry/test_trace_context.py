"""A trace begins where none is given, and leaves the register as random digits only."""

import pytest
from sqlalchemy import text

from models.store.database import Database
from models.store.journal import outbox
from models.telemetry import trace_context
from models.telemetry.trace_context import TraceContext

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


SENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.mark.parametrize("sent", [None, "", "00-0-0-0", f"00-{'0' * 32}-00f067aa0ba902b7-01", SENT.upper()])
def test_without_a_trace_that_is_well_formed_one_begins(sent: str | None) -> None:
    begun = TraceContext.of(sent)
    assert begun.trace not in (TRACE, "0" * 32)
    assert TraceContext.of(begun.parent).trace == begun.trace


def test_what_leaves_the_register_for_the_engine_holds_random_digits_only(database: Database) -> None:
    with trace_context.following(TraceContext.of(None)) as begun, database.begin() as connection:
        outbox.enqueue(connection, "deposit:authorizations", "deposit")
        kept = connection.execute(text("SELECT parent FROM outbox")).scalar_one()
    assert kept == begun.parent
