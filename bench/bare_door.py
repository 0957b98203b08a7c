"""`python -m bench.bare_door PORT DATABASE MODEL`: an endpoint that does nothing but commit the rows of one filing.

Served as ours is: the same server, the same settings, the same number of threads. No account, no validation, no law,
no answer to compose. The rows are those of the request MODEL under another reference.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from local.parts import Background
from local.processes import free_port, listening
from local.world import World

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
        self._given = [str(self.port), of.postgres.dsn, model]
        super().__init__("Guichet nu", "bench.bare_door", of.folder / "bare-door", settings=dict)

    def command(self) -> list[str]:
        """The module, its port, the register, the model."""
        return [*super().command(), *self._given]

    def ready(self) -> bool:
        """Whether it listens."""
        return listening(self.port)


def create_app(pool: ConnectionPool[Connection[TupleRow]], model: str) -> FastAPI:
    """One endpoint."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        yield

    app, numbers = FastAPI(lifespan=life), count()

    @app.post("/", status_code=201)
    def commit() -> dict[str, str]:
        named = {"new": f"Z{next(numbers):08}", "model": model}
        with pool.connection() as connection:
            for insert in INSERTS:
                connection.execute(insert.encode(), named)
        return {"reference": named["new"]}

    return app


async def serve(port: int, dsn: str, model: str) -> None:
    """Serve until the process is ended."""
    with ConnectionPool(dsn, min_size=THREADS // 2, max_size=THREADS) as pool:
        server = Server(
            create_app(pool, model),
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
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
