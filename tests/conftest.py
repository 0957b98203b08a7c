"""One PostgreSQL per session, and one register per test, copied from a migrated template."""

import secrets
from collections.abc import Iterator

import pytest

from local.postgres import Postgres
from models.store.database import Database
from models.store.migrate import migrate

TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("postgres"), durable=False)
    server.start()
    migrate(server.database(TEMPLATE))
    yield server
    server.stop()


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    name = f"register_{secrets.token_hex(4)}"
    with Database(postgres.database(name, TEMPLATE), size=10) as opened:
        yield opened
    postgres.drop(name)
