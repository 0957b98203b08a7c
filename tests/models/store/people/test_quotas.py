"""What an account may use in a day, times its establishments."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from models.errors import QuotaReached
from models.store.database import Database
from models.store.people import quotas
from tests.cases import an_employer


def an_account(database: Database) -> str:
    with database.begin() as connection:
        return an_employer(connection).account_id


def use(database: Database, account_id: str, amount: int = 1, shares: int = 1) -> bool:
    try:
        with database.begin() as connection:
            quotas.use(connection, account_id, "drafts", amount, shares)
    except QuotaReached:
        return False
    return True


def test_of_many_at_once_exactly_the_quota_succeeds(database: Database) -> None:
    account_id, most = an_account(database), quotas.QUOTAS["drafts"].most
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: use(database, account_id), range(most + 10)))
    assert done.count(True) == most


def test_each_share_adds_its_own_quota(database: Database) -> None:
    account_id, most = an_account(database), quotas.QUOTAS["drafts"].most
    assert use(database, account_id, most)
    assert not use(database, account_id)
    assert use(database, account_id, most, shares=2)
    assert not use(database, account_id, shares=2)


def test_a_day_begins_anew_and_what_is_refused_does_not_count(database: Database) -> None:
    account_id, most = an_account(database), quotas.QUOTAS["drafts"].most
    assert not use(database, account_id, most + 1)
    assert use(database, account_id, most)
    with database.begin() as connection:
        connection.execute(text("UPDATE daily_use SET used_on = used_on - 1"))
    assert use(database, account_id, most)


def test_what_was_used_already_counts_beyond_the_quota_and_comes_back(database: Database) -> None:
    account_id, most = an_account(database), quotas.QUOTAS["drafts"].most
    with database.begin() as connection:
        quotas.charge(connection, account_id, "drafts", most + 2)
        with pytest.raises(QuotaReached):
            quotas.require_left(connection, account_id, ["drafts"], lambda: 1)
        quotas.give_back(connection, account_id, "drafts", 3)
        quotas.require_left(connection, account_id, ["drafts"], lambda: 1)
        quotas.give_back(connection, account_id, "drafts", most * 2)
    assert use(database, account_id, most)


def test_the_refusal_says_what_and_until_when(database: Database) -> None:
    with database.begin() as connection, pytest.raises(QuotaReached) as refused:
        quotas.refuse(connection, quotas.QUOTAS["files"].reached)
    assert refused.value.detail.endswith(" : réessayez à partir de demain, 0 h, heure de Paris.")
    assert 0 < refused.value.retry_after <= 25 * 3600
