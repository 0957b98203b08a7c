"""Prometheus metrics: the registry of a program, and the port that exposes it."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server


def registry() -> CollectorRegistry:
    """Return the metrics registry of a program, with those of its processor, memory and files."""
    created = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=created)
    return created


@contextmanager
def exposed(address: str, measured: CollectorRegistry) -> Iterator[None]:
    """Serve metrics at `http://address/metrics` until the end of the block; not at all if the address is empty."""
    if not address:
        yield
        return
    host, _, port = address.rpartition(":")
    server, thread = start_http_server(int(port), host, measured)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
