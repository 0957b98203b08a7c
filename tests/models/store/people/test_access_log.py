"""Refusals of one account are one line a minute; the others are counted, and the count is a line of the chain."""

from sqlalchemy import text

from law.calendar import local
from law.directory import PARIS
from models.store.database import Database, now
from models.store.journal import accesses, events
from models.store.people import access_log, accounts
from models.store.people.access_log import AccessRecord
from tests.cases import an_employer


def lines_of(database: Database, account_id: str) -> list[AccessRecord]:
    with database.begin() as connection:
        today = local(now(connection), PARIS).date()
        assert events.broken_links(connection, accesses.subject(today)) == []
        return [each for each in access_log.list_page(connection, today, 0) if each.actor_id == account_id]


def test_many_refusals_are_one_line_and_a_count(database: Database) -> None:
    with database.begin() as connection:
        account = accounts.get(connection, an_employer(connection).account_id)
    for _ in range(20):
        with database.begin() as connection:
            access_log.refuse(connection, account, "decide", "403", "")
    assert len(lines_of(database, account.id)) == 1
    with database.begin() as connection:
        assert access_log.log_refusals(connection) == 0, "its minute has not ended"
        connection.execute(text("UPDATE refusal SET since = since - interval '2 minutes'"))
    with database.begin() as connection:
        assert access_log.log_refusals(connection) == 1
    first, counted = lines_of(database, account.id)
    assert "count" not in first.data
    assert (counted.type, counted.data["count"], counted.data["verb"]) == ("access_refused", "19", "decide")


def test_the_next_minute_logs_the_count_of_the_last_and_begins_anew(database: Database) -> None:
    with database.begin() as connection:
        account = accounts.get(connection, an_employer(connection).account_id)
        for _ in range(3):
            access_log.refuse(connection, account, "file", "404", "")
        connection.execute(text("UPDATE refusal SET since = since - interval '2 minutes'"))
        access_log.refuse(connection, account, "decide", "403", "")
    assert [(each.data["verb"], each.data.get("count")) for each in lines_of(database, account.id)] == [
        ("file", None),
        ("file", "2"),
        ("decide", None),
    ]
