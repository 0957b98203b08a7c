"""Measures for Prometheus: the registry of a program, and the small port on which it is measured."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server


def registry() -> CollectorRegistry:
    """Return the measures of a program: its processor, memory and files to begin with."""
    made = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=made)
    return made


@contextmanager
def exposed(address: str, measured: CollectorRegistry) -> Iterator[None]:
    """Answer at `http://address/metrics` until the end of the block; nowhere when the address is empty."""
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
