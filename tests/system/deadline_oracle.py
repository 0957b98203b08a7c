"""The oracle: derives from the recorded instants alone how each case had to end, and checks whether it did.

It computes the delays itself, from its own reading of the law, and replays the events of each case in order.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import psycopg
from psycopg.pq import TransactionStatus

ZONES: Final = {"974": "Indian/Reunion"}
PARIS: Final = "Europe/Paris"
TWO_DAYS_FROM, HOURS_FROM, HOURS_UNTIL = date(2020, 3, 26), date(2020, 3, 29), date(2020, 10, 1)


@dataclass
class Case:
    """The records of a case in the register."""

    reference: str
    department: str
    law_on: date | None
    outcome: str | None
    effect_at: datetime | None
    now: datetime
    receipts: list[tuple[datetime, datetime]] = field(default_factory=list)
    """Instants of reception and of acceptance, the first reception first."""
    events: list[tuple[str, datetime]] = field(default_factory=list)


def findings(session: psycopg.Connection) -> Iterator[str]:
    """Yield every case that did not end as it had to."""
    for case in _cases(session).values():
        for sentence in (*_of_delays(case), *_of_events(case)):
            yield f"{case.reference} {sentence}"


def _cases(session: psycopg.Connection) -> dict[str, Case]:
    alone = session.info.transaction_status is TransactionStatus.IDLE
    with session.transaction():  # one snapshot of everything, because cases go on meanwhile
        if alone:
            session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = {
            row[0]: Case(*row)
            for row in session.execute(
                "SELECT reference, department, law_on, outcome, effect_at, clock_timestamp() + clock_offset"
                " FROM request"
            )
        }
        for reference, received_at, accepted_at in session.execute(
            "SELECT reference, received_at, tacit_acceptance_at FROM receipt ORDER BY reference, version"
        ):
            found[reference].receipts.append((received_at, accepted_at))
        events: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
        for subject, kind, at in session.execute("SELECT subject, type, at FROM event ORDER BY subject, seq"):
            events[subject].append((kind, at))
    for reference, case in found.items():
        case.events = events[reference]
    return found


def _of_delays(case: Case) -> Iterator[str]:
    for received_at, accepted_at in case.receipts:
        due = _due(received_at, ZoneInfo(ZONES.get(case.department, PARIS)), case.law_on)
        if accepted_at != due:
            yield f"was promised {accepted_at} for a reception at {received_at}, and the law says {due}"


def _due(received_at: datetime, zone: ZoneInfo, law_on: date | None) -> datetime:
    """Return the instant of silence: the end of the 15th day, of the second day, or 48 hours later."""
    day = received_at.astimezone(zone).date()
    ruled = law_on or day
    if HOURS_FROM <= ruled < HOURS_UNTIL:
        return received_at + timedelta(hours=48)
    days = 2 if TWO_DAYS_FROM <= ruled < HOURS_FROM else 15
    return datetime.combine(day + timedelta(days=days + 1), time(), zone)


def _of_events(case: Case) -> Iterator[str]:
    """Replay the events: the clock runs, stops, restarts; exactly one event may end the case, and only in time."""
    reception, running = 0, True
    end: tuple[str, datetime] | None = None
    for kind, at in case.events:
        limit = case.receipts[reception][1] if running else datetime.max.replace(tzinfo=at.tzinfo)
        match kind:
            case "completion_requested":
                if at >= limit:
                    yield "was asked for pieces at its instant or after it"
                running = False
            case "completion_received":
                reception, running = reception + 1, True
                if reception >= len(case.receipts):
                    yield "was completed without a receipt"
                    return
            case "completion_request_cancelled":
                running = True
            case "decision_notified" | "request_desisted" | "authorization_tacitly_granted":
                if end:
                    yield f"ended by {end[0]}, and again by {kind}"
                tacit = kind == "authorization_tacitly_granted"
                if (at != limit) if tacit else (at >= limit):
                    yield f"ended by {kind} at {at}, and its instant was {limit}"
                end = (kind, at)
    if reception + 1 != len(case.receipts):
        yield "has a receipt of no reception"
    yield from _of_end(case, end, case.receipts[-1][1] if running else None)


def _of_end(case: Case, end: tuple[str, datetime] | None, limit: datetime | None) -> Iterator[str]:
    if end is None:
        if case.outcome is not None:
            yield f"is {case.outcome}, and nothing ended it"
        if limit is not None and limit <= case.now:
            yield f"was due at {limit}, and nothing ended it"
    elif case.effect_at != end[1]:
        yield f"took effect at {case.effect_at}, and {end[0]} was at {end[1]}"
