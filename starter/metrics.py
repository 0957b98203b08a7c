"""Metrics of the HTTP server and of the relay."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import Scope

METHODS: Final = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"})
DURATION_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
API_PREFIX: Final = "/api/v1"


class Calls:
    """HTTP calls: how many are in progress and how long they took, by declared route."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.under_way = Gauge("tacite_calls_under_way", "Appels HTTP en cours", registry=registry)
        self._seconds = Histogram(
            "tacite_call_seconds",
            "Durée des appels HTTP, par route déclarée et par statut",
            ("method", "route", "status"),
            buckets=DURATION_BUCKETS,
            registry=registry,
        )

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one call. An unknown method or address is counted under a dash, so that callers cannot add labels."""
        self._seconds.labels(known_method(scope), route(scope), str(status)).observe(seconds)


def known_method(scope: Scope) -> str:
    """Return the method of a call, or a dash for one that a caller invented."""
    method: str = scope["method"]
    return method if method in METHODS else "-"


def route(scope: Scope) -> str:
    """Return the declared route of a call, or a dash."""
    declared: str = getattr(scope.get("route"), "path", "-")
    under = scope["path"].startswith(f"{API_PREFIX}/") and not declared.startswith(API_PREFIX) and declared != "-"
    return f"{API_PREFIX}{declared}" if under else declared


class Deliveries:
    """Metrics of one relay: whether it holds the lock, what it delivered, what it must retry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.leads = Gauge("tacite_relay_leads", "Ce relais tient-il le verrou ? 1 ou 0", registry=registry)
        self.delivered = Counter("tacite_letters_delivered", "Messages remis au moteur", ("kind",), registry=registry)
        self.retried = Counter("tacite_letters_kept", "Remises à retenter", ("kind",), registry=registry)
        self.unknown = Gauge(
            "tacite_processes_unknown",
            "Processus vivants dont le registre ne connaît pas le dossier, quand ce relais a pris le verrou",
            registry=registry,
        )

    @contextmanager
    def leading(self) -> Iterator[None]:
        """Report this relay as holding the lock until the end of the block."""
        self.leads.set(1)
        try:
            yield
        finally:
            self.leads.set(0)
