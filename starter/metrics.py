"""What the doors and the relay measure of themselves, and the page on which the doors show it to an operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import Scope

METHODS: Final = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"})
DURATION_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
API: Final = "/api/v1"


class Calls:
    """Calls to the doors: how many are under way, how long they took, by route as it is declared."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.under_way = Gauge("tacite_calls_under_way", "Appels en cours au guichet", registry=registry)
        self._seconds = Histogram(
            "tacite_call_seconds",
            "Durée des appels au guichet, par route déclarée et par statut",
            ("method", "route", "status"),
            buckets=DURATION_BUCKETS,
            registry=registry,
        )

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one call. Whatever a caller invents, a method or an address, is counted under a dash."""
        method = scope["method"] if scope["method"] in METHODS else "-"
        self._seconds.labels(method, route(scope), str(status)).observe(seconds)


def route(scope: Scope) -> str:
    """Return the route of a call as it is declared, a dash when there is none."""
    declared: str = getattr(scope.get("route"), "path", "-")
    under = scope["path"].startswith(f"{API}/") and not declared.startswith(API) and declared != "-"
    return f"{API}{declared}" if under else declared


class Deliveries:
    """What one relay does: whether it holds the post, what it has delivered, what it has kept for later."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.leads = Gauge("tacite_relay_leads", "Ce relais tient-il le poste ? 1 ou 0", registry=registry)
        self.delivered = Counter(
            "tacite_letters_delivered", "Lettres remises au moteur", ("kind",), registry=registry
        )
        self.kept = Counter(
            "tacite_letters_kept", "Essais de remise à recommencer", ("kind",), registry=registry
        )
        self.unknown = Gauge(
            "tacite_processes_unknown",
            "Processus vivants dont le registre ne connaît pas le dossier, quand ce relais a pris le poste",
            registry=registry,
        )

    @contextmanager
    def leading(self) -> Iterator[None]:
        """Hold the post until the end of the block."""
        self.leads.set(1)
        try:
            yield
        finally:
            self.leads.set(0)
