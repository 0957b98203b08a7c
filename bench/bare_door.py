"""`python -m bench.bare_door PORT DATABASE MASTER MODEL`: endpoints that do nothing but commit the rows of one filing.

Served as ours is: the same server, the same settings, the same number of threads. No account, no validation, no law,
no answer to compose. The rows are those of the request MODEL under another reference: by the register's own functions
at `/`, by the bare driver at `/raw`.
"""

import asyncio
import dataclasses
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from bench.ground import Employer, body
from law.silence import silence
from local.processes import free_port, listening
from local.programs import Background
from local.world import World
from models.bodies.filing import Filing
from models.engine.keys import MasterKey
from models.store.cases import requests
from models.store.database import Database
from models.store.journal.events import Actor

THREADS = 32
COPIED = {
    "request": "siret, account_id, department, channel, ground, perimeter, placement_on, start_on, end_on, headcount,"
    " employees, hours, direct_payment, commitments, received_at, deadline_at",
    "nominal": "author, circumstances, iban, holder",
    "receipt": "version, received_at, rule, last_day_on, tacit_acceptance_at, why",
    "opinion": "version, form",
}
INSERTS = (
    *(
        f"INSERT INTO {table} (reference, {columns}) SELECT %(new)s, {columns} FROM {table}"
        " WHERE reference = %(model)s"
        for table, columns in COPIED.items()
    ),
    "INSERT INTO case_key (workflow_id, wrapped) SELECT 'authorization:' || %(new)s, wrapped FROM case_key"
    " WHERE workflow_id = 'authorization:' || %(model)s",
    "SELECT append_event(%(new)s, 'request_received', now(), now(), 'employer', NULL, '{}')",
    "INSERT INTO outbox (workflow_id, kind, done_at) VALUES ('authorization:' || %(new)s, 'start', now())",
)


class BareDoor(Background):
    """The program, in a world."""

    def __init__(self, of: World, model: str) -> None:
        self.port = free_port()
        self._given = [str(self.port), of.postgres.dsn, str(of.master_key), model]
        super().__init__("Guichet nu", "bench.bare_door", of.folder / "bare-door", settings=dict)

    def command(self) -> list[str]:
        """The module, its port, the register, the model."""
        return [*super().command(), *self._given]

    def ready(self) -> bool:
        """Whether it listens."""
        return listening(self.port)


def create_app(
    database: Database, pool: ConnectionPool[Connection[TupleRow]], master: MasterKey, model: str
) -> FastAPI:
    """Two endpoints."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        yield

    app, numbers, entry = FastAPI(lifespan=life), count(), _entry(database, model)
    actor = Actor(role="employer", account_id=entry.account_id)

    @app.post("/", status_code=201)
    def commit() -> dict[str, str]:
        filed = dataclasses.replace(entry, reference=f"Y{next(numbers):08}")
        with database.begin() as connection:
            requests.file(connection, filed, master, actor)
        return {"reference": filed.reference}

    @app.post("/raw", status_code=201)
    def insert() -> dict[str, str]:
        named = {"new": f"Z{next(numbers):08}", "model": model}
        with pool.connection() as connection:
            for each in INSERTS:
                connection.execute(each.encode(), named)
        return {"reference": named["new"]}

    return app


def _entry(database: Database, model: str) -> requests.NewRequest:
    """What was filed under the model's reference."""
    with database.begin() as connection:
        found = requests.get(connection, model)
    by = Employer(found.account_id, "", found.siret, "FR7630006000011234567890189")
    return requests.NewRequest(
        reference=model,
        filing=Filing.model_validate(body(by)),
        silence=silence(found.received_at, found.department),
        siret=found.siret,
        department=found.department,
        account_id=found.account_id,
        author="Jeanne Martin",
        opinion_due_on=None,
    )


async def serve(port: int, dsn: str, master: Path, model: str) -> None:
    """Serve until the process is ended."""
    with (
        Database(dsn, size=THREADS // 2) as database,
        ConnectionPool(dsn, min_size=THREADS // 2, max_size=THREADS) as pool,
    ):
        server = Server(
            create_app(database, pool, MasterKey(master), model),
            address="127.0.0.1",
            port=port,
            interface=Interfaces.ASGI,
            backlog=4_096,
            backpressure=20_000,
            websockets=False,
            log_enabled=False,
        )
        await server.serve()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4]))
