"""Wait for the register to show that work is done, without querying the engine."""

import time
from collections.abc import Callable

import psycopg

POLL_SECONDS = 0.1
OUTSTANDING = (
    "SELECT (SELECT count(*) FROM outbox WHERE done_at IS NULL) + (SELECT count(*) FROM notice WHERE sent_at IS NULL)"
    " + (SELECT count(*) FROM deposit_row WHERE deposit_id IS NULL)"
    " + (SELECT count(*) FROM deposit WHERE written_at IS NULL)"
)
"""Work handed to other programs and not done yet."""


class WaitTimeout(Exception):
    """The awaited condition did not occur in time, so the figure would be meaningless."""


def until(truth: Callable[[], bool], what: str, seconds: float = 240) -> float:
    """Wait until `truth` holds; returns the seconds it took; raises WaitTimeout."""
    began = time.monotonic()
    while not truth():
        if time.monotonic() - began > seconds:
            raise WaitTimeout(what)
        time.sleep(POLL_SECONDS)
    return time.monotonic() - began


class RegisterWatch:
    """One session on the register."""

    def __init__(self, dsn: str) -> None:
        self._session = psycopg.connect(dsn, autocommit=True)

    def count(self, query: str) -> int:
        """Return the one number that a query yields."""
        row = self._session.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0

    def by_reference(self, query: str) -> dict[str, float]:
        """Return the number that a query yields for each reference."""
        return {str(row[0]): float(row[1]) for row in self._session.execute(query.encode()).fetchall()}

    def contents(self, query: str) -> list[bytes]:
        """Return the bytes that a query yields."""
        return [bytes(row[0]) for row in self._session.execute(query.encode()).fetchall()]

    def documents(self, kind: str) -> int:
        """Return how many documents of a kind are published."""
        return self.count(f"SELECT count(*) FROM document WHERE kind = '{kind}' AND published_at IS NOT NULL")

    def nothing_outstanding(self) -> bool:
        """Whether no message, notice or deposit is outstanding."""
        return self.count(OUTSTANDING) == 0

    def lateness(self, instant: str) -> list[float]:
        """Return the seconds from the legal instant to its recording, for every silence due at an instant."""
        query = (
            "SELECT extract(epoch FROM recorded_at - effect_at) FROM request"
            " WHERE deadline_at = %s AND outcome = 'tacit'"
        )
        return [float(row[0]) for row in self._session.execute(query, [instant]).fetchall()]

    def analyze(self, table: str) -> None:
        """Update the planner's statistics after a bulk insert, as autovacuum does eventually."""
        self._session.execute(f"ANALYZE {table}".encode())

    def close(self) -> None:
        """Close the session."""
        self._session.close()
