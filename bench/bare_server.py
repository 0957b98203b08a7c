"""`python -m bench.bare_server PORT DATABASE MASTER MODEL`: endpoints that only commit the rows of one filing.

Same server, settings and number of threads as the product. No account, no validation, no law, no response to build.
The rows are those of the request MODEL under another reference: `/` inserts them by the register's own functions,
`/raw` by the bare driver.
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

from bench.fixtures import Employer, body
from law.silence import silence
from local.ports import free_port, listening
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
        f"INSERT INTO {table} (reference, {columns}) SELECT %(new)s, {columns} FROM {table} WHERE reference = %(model)s"
        for table, columns in COPIED.items()
    ),
    "INSERT INTO case_key (workflow_id, wrapped) SELECT 'authorization:' || %(new)s, wrapped FROM case_key"
    " WHERE workflow_id = 'authorization:' || %(model)s",
    "SELECT append_event(%(new)s, 'request_received', now(), now(), 'employer', NULL, '{}')",
    "INSERT INTO outbox (workflow_id, kind, done_at) VALUES ('authorization:' || %(new)s, 'start', now())",
)


class BareServer(Background):
    """The program, in a local world."""

    def __init__(self, world: World, model: str) -> None:
        self.port = free_port()
        self._arguments = [str(self.port), world.postgres.dsn, str(world.master_key), model]
        super().__init__("Guichet nu", "bench.bare_server", world.folder / "bare-door", settings=dict)

    def command(self) -> list[str]:
        """The module, its port, the register's DSN, the master key, the model."""
        return [*super().command(), *self._arguments]

    def ready(self) -> bool:
        """Whether it is listening."""
        return listening(self.port)


def create_app(
    database: Database, pool: ConnectionPool[Connection[TupleRow]], master: MasterKey, model: str
) -> FastAPI:
    """Create the two endpoints."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        yield

    app, sequence, model_entry = FastAPI(lifespan=life), count(), _model_entry(database, model)
    actor = Actor(role="employer", account_id=model_entry.account_id)

    @app.post("/", status_code=201)
    def commit() -> dict[str, str]:
        filed = dataclasses.replace(model_entry, reference=f"Y{next(sequence):08}")
        with database.begin() as connection:
            requests.file(connection, filed, master, actor)
        return {"reference": filed.reference}

    @app.post("/raw", status_code=201)
    def insert() -> dict[str, str]:
        parameters = {"new": f"Z{next(sequence):08}", "model": model}
        with pool.connection() as connection:
            for each in INSERTS:
                connection.execute(each.encode(), parameters)
        return {"reference": parameters["new"]}

    return app


def _model_entry(database: Database, model: str) -> requests.NewRequest:
    """Return the request filed under the model's reference."""
    with database.begin() as connection:
        model_request = requests.get(connection, model)
    by = Employer(model_request.account_id, "", model_request.siret, "FR7630006000011234567890189")
    return requests.NewRequest(
        reference=model,
        filing=Filing.model_validate(body(by)),
        silence=silence(model_request.received_at, model_request.department),
        siret=model_request.siret,
        department=model_request.department,
        account_id=model_request.account_id,
        author="Jeanne Martin",
        opinion_due_on=None,
    )


async def serve(port: int, dsn: str, master: Path, model: str) -> None:
    """Serve until the process is terminated."""
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
