"""One mail a day for the accounts that ask for it: what waits, once, and nothing when nothing waits."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.engine.names import account_process
from models.store.cases import digests
from models.store.database import Database
from models.store.people import notices
from starter.relay import daily
from tests.builders import Credentials, employer
from tests.cases import DEPARTMENT, Employer, ask_for_pieces, file_a_case, in_a_month
from tests.starter.conftest import one_register


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture(autouse=True)
def _whatever_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "FIRST_HOUR", 0)


def a_case(database: Database, who: Credentials) -> str:
    """A request of an employer."""
    return file_a_case(database, employer=Employer(who.account_id, who.siret, DEPARTMENT))


def ask(database: Database, who: Credentials, *, days_ago: int = 1) -> None:
    with database.begin() as connection:
        digests.ask(connection, who.account_id, True)
        back = "UPDATE digest SET last_on = last_on - CAST(:n AS int) WHERE account_id = CAST(:a AS uuid)"
        connection.execute(text(back), {"n": days_ago, "a": who.account_id})


def mails(database: Database, who: Credentials) -> list[tuple[str, dict[str, str]]]:
    with database.begin() as connection:
        return [(each.kind, each.data) for each in notices.list_unsent(connection, account_process(who.account_id))]


def test_one_mail_a_day_says_how_much_waits_and_the_nearest_last_day(database: Database) -> None:
    who = employer(database)
    reference = a_case(database, who)
    ask_for_pieces(database, reference)
    ask(database, who)
    assert daily.announce_due(database) == 1
    expected = [("daily_digest_due", {"count": "1", "on": in_a_month()})]
    assert mails(database, who) == expected
    assert daily.announce_due(database) == 0
    assert mails(database, who) == expected


def test_nothing_is_sent_when_nothing_waits_before_the_hour_or_to_who_asks_no_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, early, gone, fresh = [employer(database) for _ in range(4)]
    for each in (early, gone, fresh):
        ask_for_pieces(database, a_case(database, each))
    ask(database, idle)
    ask(database, gone)
    ask(database, fresh, days_ago=0)
    with database.begin() as connection:
        digests.ask(connection, gone.account_id, False)
    assert daily.announce_due(database) == 1
    ask(database, early)
    monkeypatch.setattr(digests, "FIRST_HOUR", 24)
    assert daily.announce_due(database) == 0
    assert [mails(database, each) for each in (idle, early, gone, fresh)] == [[]] * 4


def test_many_accounts_are_looked_at_page_by_page(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    daily.announce_due(database)
    monkeypatch.setattr(digests, "MAX_ACCOUNTS", 2)
    for _ in range(5):
        ask(database, employer(database))
    assert daily.announce_due(database) == 5
    assert timedelta(seconds=daily.INTERVAL) < timedelta(hours=1)
