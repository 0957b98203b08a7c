"""Waiting for the register to say that something has been done, without asking the engine."""

import time
from collections.abc import Callable

import psycopg

POLL = 0.1
LEFT = (
    "SELECT (SELECT count(*) FROM outbox WHERE done_at IS NULL) + (SELECT count(*) FROM notice WHERE sent_at IS NULL)"
    " + (SELECT count(*) FROM deposit_row WHERE deposit_id IS NULL)"
    " + (SELECT count(*) FROM deposit WHERE written_at IS NULL)"
)
"""What was asked of others and is not done yet."""


class NeverHappened(Exception):
    """What a measure waits for did not come: the figure would mean nothing."""


def until(truth: Callable[[], bool], what: str, seconds: float = 240) -> float:
    """Wait until something is true; returns the seconds it took; raises `NeverHappened`."""
    began = time.monotonic()
    while not truth():
        if time.monotonic() - began > seconds:
            raise NeverHappened(what)
        time.sleep(POLL)
    return time.monotonic() - began


class Watch:
    """One session that looks at the register."""

    def __init__(self, dsn: str) -> None:
        self._session = psycopg.connect(dsn, autocommit=True)

    def count(self, asked: str) -> int:
        """Return one number."""
        row = self._session.execute(asked.encode()).fetchone()
        return int(row[0]) if row else 0

    def documents(self, kind: str) -> int:
        """Documents of a kind that are published."""
        return self.count(f"SELECT count(*) FROM document WHERE kind = '{kind}' AND published_at IS NOT NULL")

    def all_done(self) -> bool:
        """Whether nothing is left to tell, send or deposit."""
        return self.count(LEFT) == 0

    def lateness(self, instant: str) -> list[float]:
        """Seconds between the legal instant and its recording, of every silence due at an instant."""
        asked = (
            "SELECT extract(epoch FROM recorded_at - effect_at) FROM request"
            " WHERE deadline_at = %s AND outcome = 'tacit'"
        )
        return [float(row[0]) for row in self._session.execute(asked, [instant]).fetchall()]

    def analyze(self, table: str) -> None:
        """Let the planner know a table that was filled in bulk, as autovacuum does in time."""
        self._session.execute(f"ANALYZE {table}".encode())

    def close(self) -> None:
        """Stop looking."""
        self._session.close()
