"""Codes are valid once, sessions until they expire, passwords for one account."""

from datetime import timedelta

from models.store.database import Database
from models.store.people import accounts, codes, credentials, sessions
from starter.auth import passwords

HOUR = timedelta(hours=1)
NOTHING = timedelta()


def somebody(database: Database) -> str:
    with database.begin() as connection:
        return accounts.create(connection, "employer", "Jeanne Martin", "jeanne@tacite.invalid")


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


def test_a_password_is_that_of_one_login_whatever_its_capitals(database: Database) -> None:
    account_id = somebody(database)
    login = f"{account_id}@tacite.invalid"
    with database.begin() as connection:
        credentials.set_password(connection, account_id, login, passwords.hashed("un mot de passe bien long"))
        found = credentials.find_by_login(connection, login.upper())
        assert found is not None
        assert found == credentials.find_by_account(connection, account_id)
        assert credentials.find_by_login(connection, f"autre-{login}") is None
    assert passwords.matches("un mot de passe bien long", found.password_hash)
    assert not passwords.matches("un autre mot de passe", found.password_hash)
    assert not passwords.matches("personne n’a ce mot de passe", None)
