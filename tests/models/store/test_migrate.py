"""The migrations create the tables that the code describes, once, whoever runs them."""

from concurrent.futures import ThreadPoolExecutor

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from local.postgres import Postgres
from models.store.database import Database
from models.store.migrate import migrate
from models.store.schema import accounts, agents, cases, enrolments, journal, sign_in
from models.store.schema.base import metadata


def test_the_migrated_register_is_the_one_described(database: Database) -> None:
    described = {
        cases.request,
        journal.event,
        sign_in.session,
        enrolments.enrolment,
        accounts.mandate,
        agents.delegation,
    }
    assert described <= set(metadata.sorted_tables)
    with database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_several_parts_that_start_at_once_migrate_once(postgres: Postgres) -> None:
    dsn = postgres.database("migrated_at_once")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate, [dsn] * 4))
    with Database(dsn) as database, database.begin() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar()
    assert found == 1
