"""Expired data is deleted at night, and nothing else."""

from datetime import date, timedelta

from sqlalchemy import Connection, text

from activities.register import StoredRegisterActs
from models.engine.names import CHAIN
from models.labels import Belonging
from models.messages.acts import Process
from models.store.database import Database
from models.store.people import accounts, codes, credentials, mandates, members
from tests.cases import an_employer, file_a_case

AGED = (
    "INSERT INTO idempotency (account_id, key, body_digest, created_at)"
    " SELECT id, 'old', '', now() - interval '31 days' FROM account LIMIT 1",
    "INSERT INTO idempotency (account_id, key, body_digest) SELECT id, 'new', '' FROM account LIMIT 1",
    "INSERT INTO case_key (workflow_id, wrapped, created_at) VALUES"
    " ('verification:1', '', now() - interval '2 days'), ('authorization:1', '', now() - interval '2 years')",
    "UPDATE outbox SET done_at = now() - interval '31 days'",
)


def test_what_is_old_is_forgotten_and_what_is_not_is_kept(database: Database) -> None:
    file_a_case(database), file_a_case(database)
    with database.begin() as connection:
        for statement in AGED:
            connection.execute(text(statement))
    acts = StoredRegisterActs(database)
    assert acts.forget_old(Process(id=CHAIN)) == 3
    assert acts.forget_old(Process(id=CHAIN)) == 0
    with database.begin() as connection:
        assert connection.execute(text("SELECT key FROM idempotency")).scalars().all() == ["new"]
        assert connection.execute(text("SELECT count(*) FROM outbox")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM request")).scalar() == 2
        assert not connection.execute(text("SELECT 1 FROM case_key WHERE workflow_id ~ '^verif'")).scalar()
        assert connection.execute(text("SELECT 1 FROM case_key WHERE workflow_id = 'authorization:1'")).scalar()


def invited(connection: Connection, siret: str, name: str, days: int) -> str:
    """An invitation whose code expires `days` from now."""
    holder = members.invite(connection, siret, name, f"{name}@tacite.invalid", Belonging.MEMBER)
    codes.store(connection, holder, "invitation", name, timedelta(days=days))
    return holder


def test_whoever_did_not_come_is_forgotten_and_whoever_did_is_not(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection)
        late, waiting, came = (
            invited(connection, boss.siret, name, days)
            for name, days in {"late": -31, "waiting": -29, "came": -31}.items()
        )
        period = (date(2026, 1, 1), date(2026, 12, 31))
        offered = mandates.give(connection, boss.siret, "Cabinet", "c@tacite.invalid", period, boss.account_id)
        codes.store(connection, offered.account_id, "invitation", "offered", timedelta(days=-31))
        credentials.set_password(connection, came, "came@tacite.invalid", "hash")
        members.accept(connection, came, came)
    assert StoredRegisterActs(database).forget_old(Process(id=CHAIN)) == 4
    assert StoredRegisterActs(database).forget_old(Process(id=CHAIN)) == 0
    with database.begin() as connection:
        kept = {each.account_id: each.name for each in members.list_of(connection, boss.siret)}
        assert (waiting in kept, late in kept, kept[came]) == (True, False, "came")
        assert [accounts.get(connection, each).email for each in (late, offered.account_id)] == ["", ""]
        assert mandates.list_concerning(connection, boss.account_id, [boss.siret]) == []
