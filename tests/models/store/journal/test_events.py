"""Events are chained, and nobody changes one unseen."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from models.store.cases import silence
from models.store.database import Database
from models.store.journal import events
from tests.cases import file_a_case


def test_events_are_chained_and_cannot_be_changed(database: Database) -> None:
    reference = file_a_case(database, left=timedelta())
    with database.begin() as connection:
        silence.establish(connection, reference)
        assert events.broken_links(connection, reference) == []
    with pytest.raises(Exception, match="append-only"), database.begin() as connection:
        connection.execute(text("UPDATE event SET type = 'forged'"))
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.execute(
            text("UPDATE event SET actor_role = 'agent' WHERE subject = :r AND seq = 1"), {"r": reference}
        )
        assert events.broken_links(connection, reference) == [1]
