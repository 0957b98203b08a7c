"""A case is handed over when no reason to hold it is left; releasing the last one wakes whoever hands it over."""

from sqlalchemy import Connection, text

from models.labels import HoldReason
from models.store.cases import holds, requests
from models.store.database import Database, case_now
from models.store.journal import outbox
from tests.cases import file_a_case


def waking(connection: Connection) -> list[str]:
    """The messages that ask a process to hand over."""
    waiting = outbox.list_waiting(connection, 100)
    return [each.workflow_id for each in waiting if each.kind in ("release_hand_over", "deposit")]


def test_only_the_last_reason_released_wakes_the_process(database: Database) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        assert holds.hold(connection, reference, HoldReason.AUTHORITY)
        assert not holds.hold(connection, reference, HoldReason.AUTHORITY)
        assert holds.hold(connection, reference, HoldReason.LIMITS)
        assert holds.release(connection, reference, HoldReason.AUTHORITY)
        assert not holds.release(connection, reference, HoldReason.AUTHORITY)
        assert waking(connection) == []
        assert [each.reason for each in holds.list_standing(connection, reference)] == [HoldReason.LIMITS]
        assert holds.release(connection, reference, HoldReason.LIMITS)
        assert waking(connection) == [f"authorization:{reference}"]
        assert holds.hold(connection, reference, HoldReason.LIMITS), "it may be held again"


def test_a_closed_case_is_not_released(database: Database) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        holds.hold(connection, reference, HoldReason.AUTHORITY)
        requests.close(connection, reference, case_now(connection, reference))
        assert not holds.release(connection, reference, HoldReason.AUTHORITY)
        assert waking(connection) == []
        assert connection.execute(text("SELECT count(*) FROM hand_over_hold WHERE released_at IS NULL")).scalar() == 1
