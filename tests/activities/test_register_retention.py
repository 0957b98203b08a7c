"""Expired data is deleted at night, and nothing else."""

from datetime import date, timedelta

from sqlalchemy import Connection, ForeignKey, text

from activities.register import StoredRegisterActs
from models.engine.names import CHAIN
from models.labels import Belonging
from models.messages.acts import Process
from models.store.cases import files
from models.store.database import Database
from models.store.people import accounts, codes, credentials, mandates, members
from models.store.schema.base import metadata
from tests.cases import Employer, an_agent, an_employer, file_a_case, request_pieces

AGED = (
    "INSERT INTO idempotency (account_id, key, body_digest, created_at)"
    " SELECT id, 'old', '', now() - interval '31 days' FROM account LIMIT 1",
    "INSERT INTO idempotency (account_id, key, body_digest) SELECT id, 'new', '' FROM account LIMIT 1",
    "INSERT INTO case_key (workflow_id, wrapped, created_at) VALUES"
    " ('verification:1', '', now() - interval '2 days'), ('authorization:1', '', now() - interval '2 years')",
    "UPDATE outbox SET done_at = now() - interval '31 days'",
)
CITED = (
    "UPDATE file SET created_at = now() - interval '31 days' WHERE id <> :new",
    "INSERT INTO draft (account_id, siret, department, ground, placement_on, body, closes_at, accepted_until)"
    " SELECT account_id, siret, department, ground, placement_on,"
    " jsonb_build_object('works_council', jsonb_build_object('file', CAST(:draft AS text))), now(), now() FROM request",
    "UPDATE completion SET supplied = jsonb_build_object('a', jsonb_build_object('file', CAST(:piece AS text)))",
    "UPDATE request SET scan_id = CAST(:scan AS uuid)",
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


def invited(connection: Connection, by: Employer, name: str, days: int) -> str:
    """An invitation whose code expires `days` from now."""
    holder = members.invite(connection, by.siret, name, f"{name}@tacite.invalid", Belonging.MEMBER, by.account_id)
    codes.store(connection, holder, "invitation", name, timedelta(days=days))
    return holder


def test_whoever_did_not_come_is_forgotten_and_whoever_did_is_not(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection)
        late, waiting, came = (
            invited(connection, boss, name, days) for name, days in {"late": -31, "waiting": -29, "came": -31}.items()
        )
        period = (date(2026, 1, 1), date(2026, 12, 31))
        offered = mandates.give(connection, boss.siret, "Cabinet", "c@tacite.invalid", period, boss.account_id)
        codes.store(connection, offered.account_id, "invitation", "offered", timedelta(days=-31))
        credentials.set_password(connection, came, "came@tacite.invalid", "hash")
        members.accept(connection, came, came)
    assert StoredRegisterActs(database).forget_old(Process(id=CHAIN)) == 4
    assert StoredRegisterActs(database).forget_old(Process(id=CHAIN)) == 0
    with database.begin() as connection:
        kept = {each.account_id: each.name for each in members.list_of(connection, boss.siret, boss.account_id)}
        assert (waiting in kept, late in kept, kept[came]) == (True, False, "came")
        assert [accounts.get(connection, each).email for each in (late, offered.account_id)] == ["", ""]
        assert mandates.list_concerning(connection, boss.account_id, [boss.siret]) == []


def test_a_file_that_nothing_cites_is_dropped_after_a_month(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection)
        names = ("opinion", "draft", "piece", "scan", "orphan", "new")
        ids = {name: files.add(connection, boss.account_id, "text/csv", name.encode()).id for name in names}
    given = {"opinion": "favourable", "given_on": "2026-11-20", "file": ids["opinion"]}
    agent, reference = an_agent(database), file_a_case(database, employer=boss, works_council=given)
    request_pieces(database, reference, agent)
    with database.begin() as connection:
        for statement in CITED:
            connection.execute(text(statement), ids)
    assert StoredRegisterActs(database).forget_old(Process(id=CHAIN)) == 1
    with database.begin() as connection:
        kept = connection.execute(text("SELECT id FROM file")).scalars().all()
    assert set(map(str, kept)) == {each for name, each in ids.items() if name != "orphan"}


def test_a_file_that_a_call_under_way_is_about_to_cite_is_not_dropped(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection)
        file = files.add(connection, boss.account_id, "text/csv", b"a;b").id
        connection.execute(text("UPDATE file SET created_at = now() - interval '31 days'"))
    agent, reference = an_agent(database), file_a_case(database, employer=boss)
    request_pieces(database, reference, agent)
    with database.begin() as connection:
        assert files.find(connection, boss.account_id, file, hold=True)
        assert StoredRegisterActs(database).forget_old(Process(id=CHAIN)) == 0
        cited = "UPDATE completion SET supplied = jsonb_build_object('a', jsonb_build_object('file', CAST(:f AS text)))"
        connection.execute(text(cited), {"f": file})
    assert StoredRegisterActs(database).forget_old(Process(id=CHAIN)) == 0
    with database.begin() as connection:
        assert files.find(connection, boss.account_id, file)


def test_every_column_that_cites_files_is_looked_at_before_one_is_dropped() -> None:
    citing = {f"{key.parent.table.name}.{key.parent.name}" for key in _keys_to_files()}
    assert citing == {"opinion.file_id", "quota_exception.file_id", "request.scan_id"}, "add it to `_UNCITED`"


def _keys_to_files() -> list[ForeignKey]:
    keys = (key for table in metadata.sorted_tables for key in table.foreign_keys)
    return [key for key in keys if key.column.table.name == "file"]
