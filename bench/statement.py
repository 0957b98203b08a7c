"""The SQL statement that establishes silences, alone: how long it takes when tens of thousands fall due at once."""

import time
from base64 import b64encode
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import quantile
from bench.fixtures import employers, file
from bench.register_watch import RegisterWatch
from local.postgres import Postgres
from models.engine.keys import MasterKey
from models.store.cases import silence
from models.store.database import Database
from models.store.migrate import migrate

DATABASE = "statement"
COPY_REQUESTS = (
    "INSERT INTO request (reference, siret, account_id, department, channel, ground, perimeter, placement_on, start_on,"
    " end_on, headcount, employees, hours, received_at, deadline_at)"
    " SELECT '{mark}' || to_char(n, 'FM0000000'), siret, account_id, department, channel, ground, perimeter,"
    " placement_on, start_on, end_on, headcount, employees, hours, received_at, '{due_at}'"
    " FROM request, generate_series(1, {rows}) n WHERE reference = '{model}'"
)


@dataclass(frozen=True)
class StatementRun:
    """One run of the statement: seconds until commit, and p99 of the recorded lateness."""

    seconds: float
    lateness: float


def time_statements(server: Postgres, rows: int, rounds: int) -> list[StatementRun]:
    """Establish `rows` silences through one case's call, `rounds` times, in a separate register."""
    dsn = server.database(DATABASE)
    migrate(dsn)
    with (
        Database(dsn, size=2) as database,
        closing(RegisterWatch(dsn)) as watch,
        TemporaryDirectory() as folder,
    ):
        master = _master_key(Path(folder))
        return [_statement(database, watch, master, rows, mark) for mark in "abcdefgh"[:rounds]]


def _statement(database: Database, watch: RegisterWatch, master: MasterKey, rows: int, mark: str) -> StatementRun:
    due_at = datetime.now(UTC) + timedelta(seconds=2 + rows / 5_000)
    model = file(database, master, employers(database, 1)[0], due_at)
    with database.begin() as connection:
        connection.exec_driver_sql(
            COPY_REQUESTS.format(mark=f"9{mark}", due_at=due_at.isoformat(), rows=rows, model=model)
        )
    watch.analyze("request")
    time.sleep(max((due_at - datetime.now(UTC)).total_seconds(), 0) + 0.01)
    began = time.perf_counter()
    with database.begin() as connection:
        silence.establish(connection, model)
    seconds = time.perf_counter() - began
    return StatementRun(seconds, quantile(watch.lateness(due_at.isoformat()), 0.99))


def _master_key(folder: Path) -> MasterKey:
    file_of_key = folder / "master.key"
    file_of_key.write_bytes(b64encode(bytes(32)))
    return MasterKey(file_of_key)
