"""One PostgreSQL per session, and one register per test, copied from a migrated template."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from xdist.remote import Producer
from xdist.scheduler import Scheduling

from local.postgres import Postgres
from models.store.database import Database
from models.store.migrate import migrate
from tests import scheduling

TEMPLATE = "migrated"
MEMORY = Path("/dev/shm")
"""A disk in memory: a copy of the template takes a quarter of its time there."""
ROOM = 4 * 1024**3
"""Bytes that must be free there: a server keeps up to one GiB of its log, and there are some servers."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Replace `--dist loadfile`: see `tests/scheduling.py`."""
    return scheduling.MixedScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--fast`: see `tests/scheduling.py`."""
    parser.addoption("--fast", action="store_true", help="leave out what a change should not wait for")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what `--fast` says; in several processes, what is long begins first."""
    if config.getoption("fast") and (left_out := scheduling.left_out_when_fast(items)):
        config.hook.pytest_deselected(items=left_out)
        gone = {id(item) for item in left_out}
        items[:] = [item for item in items if id(item) not in gone]
    if hasattr(config, "workerinput"):
        scheduling.order(items)


def disk() -> Path | None:
    """Return where the servers of tests keep their data; None for the usual place of temporary files."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with TemporaryDirectory(prefix="tacite-tests-", dir=disk()) as folder:
        server = Postgres(Path(folder), durable=False)
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
