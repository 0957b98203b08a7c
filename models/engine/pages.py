"""Addresses of the engine's own pages: one process, or a list with its query in the address."""

from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from models.settings import Settings

VIEWS: Final = (
    ("Ce qui est arrêté par une panne", "Incident IS NOT NULL"),
    ("Silences à venir d’ici demain", 'CaseStatus = "under_review" AND DeadlineAt < "{tomorrow}"'),
    ("Délai arrêté : pièces attendues", 'CaseStatus = "awaiting_completion"'),
    ("Acceptations implicites", 'Outcome = "tacit"'),
    ("Processus en échec", 'ExecutionStatus = "Failed"'),
)
"""Views worth keeping in the engine's pages: what each shows, and its query."""


def process_address(settings: Settings, process: str) -> str:
    """Return the address of a process in the engine's pages; empty when they have none (`TACITE_ENGINE_UI`)."""
    return f"{_namespace(settings)}/{quote(process, safe='')}" if settings.engine_ui else ""


def view_addresses(settings: Settings, tomorrow: datetime) -> list[tuple[str, str]]:
    """Return the views and their addresses, with the query in them; none when the engine's pages have no address."""
    if not settings.engine_ui:
        return []
    stated = [(label, query.format(tomorrow=tomorrow.strftime("%Y-%m-%dT%H:%M:%SZ"))) for label, query in VIEWS]
    return [(label, f"{_namespace(settings)}?{urlencode({'query': query})}") for label, query in stated]


def _namespace(settings: Settings) -> str:
    return f"{settings.engine_ui.rstrip('/')}/namespaces/{quote(settings.namespace)}/workflows"
