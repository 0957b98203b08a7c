"""A session lives until it ends, expires or is idle."""

from datetime import timedelta

from models.store.database import Database
from models.store.people import sessions
from tests.cases import somebody

HOUR = timedelta(hours=1)


NOTHING = timedelta()


def test_a_session_lives_until_it_ends_expires_or_is_idle(database: Database) -> None:
    account_id = somebody(database)
    with database.begin() as connection:
        ended, other = (sessions.open_session(connection, account_id, "password", HOUR) for _ in range(2))
        expired = sessions.open_session(connection, account_id, "password", NOTHING)
        found = sessions.find_account(connection, ended, HOUR)
        assert found is not None
        assert found.id == account_id
        sessions.end(connection, ended)
        assert sessions.find_account(connection, ended, HOUR) is None
        assert sessions.find_account(connection, expired, HOUR) is None
        assert sessions.find_account(connection, other, NOTHING) is None
        assert sessions.find_account(connection, other, HOUR) is not None
        sessions.end_all(connection, account_id)
        assert sessions.find_account(connection, other, HOUR) is None
