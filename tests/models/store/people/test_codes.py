"""Codes are valid once, for their purpose, until they expire."""

from datetime import timedelta

from models.store.database import Database
from models.store.people import codes
from tests.cases import somebody

HOUR = timedelta(hours=1)
NOTHING = timedelta()


def test_a_code_is_good_once_and_for_its_purpose_only(database: Database) -> None:
    account_id = somebody(database)
    with database.begin() as connection:
        codes.store(connection, account_id, "activation", f"code of {account_id}", HOUR)
        codes.store(connection, account_id, "activation", f"code of {account_id}", HOUR)
    with database.begin() as connection:
        assert codes.redeem(connection, "password", f"code of {account_id}") is None
        assert codes.redeem(connection, "activation", f"code of {account_id}") == account_id
        assert codes.redeem(connection, "activation", f"code of {account_id}") is None


def test_a_code_takes_the_place_of_the_one_before_and_expires(database: Database) -> None:
    account_id = somebody(database)
    with database.begin() as connection:
        for secret, life in (("first", HOUR), ("second", HOUR)):
            codes.store(connection, account_id, "password", f"{secret} of {account_id}", life)
        assert codes.redeem(connection, "password", f"first of {account_id}") is None
        assert codes.redeem(connection, "password", f"second of {account_id}") == account_id
        codes.store(connection, account_id, "password", f"late of {account_id}", NOTHING)
        assert codes.redeem(connection, "password", f"late of {account_id}") is None
