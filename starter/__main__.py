"""`python -m starter`: serves the API and the pages on granian until SIGTERM or SIGINT."""

import asyncio
import gc
import signal
import sys

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from models.engine.client import configure_runtime
from models.settings import Settings
from models.telemetry import logs, spans
from starter import clock
from starter.app import create_app

KEEP_ALIVE_MS = 75_000
"""How long an idle connection stays open; proxies expect more than the default of 30 s."""


async def serve(chosen: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then finish the calls in progress. Raises `ClockWentBack` at start."""
    await asyncio.to_thread(clock.check_if_available, chosen.database)
    host, _, port = chosen.http.rpartition(":")
    app = create_app(chosen)
    gc.collect()
    gc.freeze()  # the program itself is never garbage: looking through it would stop every call for a quarter second
    server = Server(
        app,
        address=host,
        port=int(port),
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,  # HTTP/2 would put many unfinished bodies into one connection
        backlog=4_096,
        backpressure=20_000,  # the default stalls at 2,049 open connections
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=KEEP_ALIVE_MS),
        log_enabled=False,
    )
    for end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(end, server.stop)
    structlog.get_logger().info("doors_ready", site=chosen.site, http=chosen.http)
    await server.serve()


if __name__ == "__main__":
    logs.configure()
    chosen = clock.read_settings()
    configure_runtime()
    spans.configure(chosen.traces, "doors")
    sys.exit(asyncio.run(clock.exit_code(serve(chosen))))
