"""Every account and token made or ended leaves an event, in the same transaction, whoever makes it."""

import pytest
from sqlalchemy import text

from models.errors import Unknown
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.people import accounts, tokens
from tests.architecture.repository import name, under

OPERATOR = Actor(role="operator")


def kinds(database: Database) -> list[tuple[str, str]]:
    with database.begin() as connection:
        rows = connection.execute(
            text("SELECT type, actor_role FROM event WHERE subject LIKE 'access:%' ORDER BY position")
        )
        return [(row.type, row.actor_role) for row in rows]


def test_an_account_and_its_tokens_leave_events_and_what_is_undone_leaves_none(database: Database) -> None:
    with database.begin() as connection:
        account = accounts.create(connection, "auditor", "x", "x@tacite.invalid", by=OPERATOR)
        first = tokens.issue(connection, account, "un", by=OPERATOR)[1]
        tokens.issue(connection, account, "deux", by=OPERATOR)
    with database.trial() as connection:
        accounts.create(connection, "auditor", "y", "y@tacite.invalid")
    with database.begin() as connection:
        assert [each.label for each in tokens.list_in_force(connection, account)] == ["deux", "un"]
        assert tokens.revoke_in_force(connection, OPERATOR, token=first.id, account=None) == 1
    with database.begin() as connection:
        assert tokens.revoke_all(connection, account, OPERATOR) == 1
        assert tokens.list_in_force(connection) == []
        with pytest.raises(Unknown):
            tokens.revoke_in_force(connection, OPERATOR, token="none", account=None)
    assert kinds(database) == [
        ("account_opened", "operator"),
        ("token_issued", "operator"),
        ("token_issued", "operator"),
        ("token_revoked", "operator"),
        ("token_revoked", "operator"),
    ]


@pytest.mark.parametrize(
    ("statement", "module"),
    [
        ("insert(account)", "models/store/people/accounts.py"),
        ("insert(token)", "models/store/people/tokens.py"),
        ("values(revoked_at=NOW)", "models/store/people/tokens.py"),
        ("insert(delegation)", "models/store/people/delegations.py"),
    ],
)
def test_one_module_alone_writes_them(statement: str, module: str) -> None:
    shipped = under("models", "starter", "activities", "workflows", "cli", "local")
    found = {name(path) for path in shipped if statement in path.read_text("utf-8")}
    assert found == {module}
