"""A channel is frozen by an operator, says why and what waits, and reopens at its end or at an operator's word."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from models.store.agency import channel_states
from models.store.agency.channels import AUTHORIZATIONS, CLAIMS
from models.store.database import Database, now
from models.store.journal import events, outbox
from tests.models.store.agency.builders import OPERATOR, a_queued_claim
from tests.models.store.claims import builders

WHY = "L’agence annonce une migration de ses serveurs."


def freeze(database: Database, *, hours: int | None = None) -> None:
    with database.begin() as connection:
        until = now(connection) + timedelta(hours=hours) if hours is not None else None
        channel_states.freeze(connection, CLAIMS, WHY, until, OPERATOR)


def test_a_frozen_channel_says_why_and_what_waits(database: Database) -> None:
    a_queued_claim(database)
    freeze(database)
    with database.begin() as connection:
        authorizations, _, claims = channel_states.list_all(connection)
    assert (authorizations.channel, authorizations.is_frozen, authorizations.rows) == (AUTHORIZATIONS, False, 0)
    assert (claims.channel, claims.is_frozen, claims.reason, claims.rows) == (CLAIMS, True, WHY, 1)
    assert claims.waiting_since is not None
    assert builders.broken(database) == []


def test_an_operator_ends_it_once_and_the_process_is_woken(database: Database) -> None:
    freeze(database)
    with database.begin() as connection:
        assert channel_states.resume(connection, CLAIMS, OPERATOR)
        assert not channel_states.resume(connection, CLAIMS, OPERATOR)
        told = [(each.workflow_id, each.kind) for each in outbox.list_waiting(connection, 9)]
        assert [each.type for each in events.list_of(connection, CLAIMS)] == ["agency_frozen", "agency_resumed"]
    assert told == [("deposit:claims", "resume")] * 2, (
        "once for the freeze, whose end it may wait for, once for the end"
    )


@pytest.mark.parametrize(("hours", "frozen"), [(1, True), (0, False)])
def test_it_ends_by_itself_at_its_end(database: Database, hours: int, frozen: bool) -> None:
    freeze(database, hours=hours)
    with database.begin() as connection:
        for _ in range(2):
            assert channel_states.end_if_over(connection, CLAIMS).is_frozen is frozen
        told = [each.type for each in events.list_of(connection, CLAIMS)]
        woken = [each.kind for each in outbox.list_waiting(connection, 9)]
    assert told == ["agency_frozen"] + ["agency_resumed"] * (not frozen)
    assert woken == ["resume"] * len(told)


def test_a_second_freeze_says_anew_why_and_since_when_remains(database: Database) -> None:
    freeze(database, hours=1)
    with database.begin() as connection:
        first = channel_states.find(connection, CLAIMS)
        channel_states.freeze(connection, CLAIMS, "Elle dure plus longtemps que prévu.", None, OPERATOR)
        second = channel_states.find(connection, CLAIMS)
        assert connection.execute(text("SELECT count(*) FROM channel_state")).scalar_one() == 1
    assert (second.from_at, second.until_at) == (first.from_at, None)
    assert second.reason != first.reason
