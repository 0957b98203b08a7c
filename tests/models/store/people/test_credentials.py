"""A password is that of one login, and is compared by its digest."""

from models.store.database import Database
from models.store.people import credentials
from starter.auth import passwords
from tests.cases import somebody


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
