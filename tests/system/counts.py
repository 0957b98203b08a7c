"""What a register and an engine hold after a campaign, counted for whoever reads its report."""

from collections.abc import Mapping
from typing import Final, LiteralString

import psycopg

COUNTS: Final[Mapping[str, LiteralString]] = {
    "autorisations expresses": "SELECT count(*) FROM request WHERE outcome = 'granted'",
    "dont partielles": "SELECT count(*) FROM decision WHERE state = 'notified' AND partial",
    "refus": "SELECT count(*) FROM request WHERE outcome = 'refused'",
    "acceptations implicites": "SELECT count(*) FROM request WHERE outcome = 'tacit'",
    "dont de deux jours": (
        "SELECT count(*) FROM receipt JOIN request USING (reference) WHERE outcome = 'tacit' AND rule = '2_days'"
    ),
    "dont de 48 heures": (
        "SELECT count(*) FROM receipt JOIN request USING (reference) WHERE outcome = 'tacit' AND rule = '48_hours'"
    ),
    "désistements": "SELECT count(*) FROM request WHERE outcome = 'desisted'",
    "décisions caduques": "SELECT count(*) FROM decision WHERE state = 'void'",
    "demandes de pièces satisfaites": "SELECT count(*) FROM completion WHERE state = 'fulfilled'",
    "demandes de pièces annulées": "SELECT count(*) FROM completion WHERE state = 'cancelled'",
    "demandes de pièces caduques": "SELECT count(*) FROM completion WHERE state = 'void'",
    "brouillons déposés": "SELECT count(*) FROM draft WHERE status = 'filed'",
    "brouillons caducs": "SELECT count(*) FROM draft WHERE status = 'lapsed'",
    "documents": "SELECT count(*) FROM document",
    "événements": "SELECT count(*) FROM event",
    "incidents ouverts puis clos": "SELECT count(*) FROM incident WHERE closed_at IS NOT NULL",
    "fichiers déposés": "SELECT count(*) FROM deposit",
    "lignes déposées": "SELECT count(*) FROM deposit_row",
    "courriels": "SELECT count(*) FROM notice",
}
LATENESS: Final = (
    "SELECT percentile_cont(ARRAY[0.5, 0.99, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM recorded_at - effect_at))"
    " FROM request WHERE outcome = 'tacit'"
)


def counted(session: psycopg.Connection) -> dict[str, str]:
    """Each count under its French name."""
    found = {name: session.execute(statement).fetchone() for name, statement in COUNTS.items()}
    return {name: str(row[0]) for name, row in found.items() if row is not None}


def lateness(session: psycopg.Connection) -> dict[str, float]:
    """Seconds between effect and record of the silences: median, 99th percentile, most."""
    row = session.execute(LATENESS).fetchone()
    found = row[0] if row and row[0] else (0.0, 0.0, 0.0)
    return dict(zip(("p50", "p99", "max"), map(float, found), strict=True))
