"""The statement of silence alone: how long it holds the register when tens of thousands fall due at once."""

import time
from base64 import b64encode
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import quantile
from bench.ground import employers, file
from bench.waiting import Watch
from local.postgres import Postgres
from models.engine.keys import MasterKey
from models.store.cases import silence
from models.store.database import Database
from models.store.migrate import migrate

DATABASE = "statement"
COPIED = (
    "INSERT INTO request (reference, siret, account_id, department, channel, ground, perimeter, placement_on, start_on,"
    " end_on, headcount, employees, hours, received_at, deadline_at)"
    " SELECT '{mark}' || to_char(n, 'FM0000000'), siret, account_id, department, channel, ground, perimeter,"
    " placement_on, start_on, end_on, headcount, employees, hours, received_at, '{due_at}'"
    " FROM request, generate_series(1, {rows}) n WHERE reference = '{model}'"
)


@dataclass(frozen=True)
class Alone:
    """One statement: seconds until it was committed, and p99 of the lateness it recorded."""

    seconds: float
    lateness: float


def statements(server: Postgres, rows: int, rounds: int) -> list[Alone]:
    """Establish so many silences by the call of one case, again and again, in a register of its own."""
    dsn = server.database(DATABASE)
    migrate(dsn)
    with Database(dsn, size=2) as database, closing(Watch(dsn)) as watch, TemporaryDirectory() as folder:
        master = _master_key(Path(folder))
        return [_statement(database, watch, master, rows, mark) for mark in "abcdefgh"[:rounds]]


def _statement(database: Database, watch: Watch, master: MasterKey, rows: int, mark: str) -> Alone:
    due_at = datetime.now(UTC) + timedelta(seconds=2 + rows / 5_000)
    model = file(database, master, employers(database, 1)[0], due_at)
    with database.begin() as connection:
        connection.exec_driver_sql(
            COPIED.format(mark=f"9{mark}", due_at=due_at.isoformat(), rows=rows, model=model)
        )
    watch.analyze("request")
    time.sleep(max((due_at - datetime.now(UTC)).total_seconds(), 0) + 0.01)
    began = time.perf_counter()
    with database.begin() as connection:
        silence.establish(connection, model)
    seconds = time.perf_counter() - began
    return Alone(seconds, quantile(watch.lateness(due_at.isoformat()), 0.99))


def _master_key(folder: Path) -> MasterKey:
    file_of_key = folder / "master.key"
    file_of_key.write_bytes(b64encode(bytes(32)))
    return MasterKey(file_of_key)
