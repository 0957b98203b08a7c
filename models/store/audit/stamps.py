"""Anchors against the events that they cover, their numbers, and the tokens that date them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from sqlalchemy import Connection, text

from models.store.audit.findings import ANCHORS, JOURNAL, Findings
from models.store.journal import anchors
from models.store.journal.anchors import BEFORE_ALL, Anchor

TokenCheck = Callable[[bytes, bytes, datetime], str | None]
"""Token, digest and instant of an anchor → what is wrong with the token, in French, or None."""
MAX_UNSTAMPED: Final = timedelta(days=2)
"""Older events without an anchor mean that nights were missed, or that the last anchors were removed."""


def check(connection: Connection, after: int, check_token: TokenCheck, findings: Findings) -> None:
    """Examine each anchor of later positions, and the one before them."""
    known = anchors.find_before(connection, after + 1) if after else None
    before: Anchor = (anchors.find_before(connection, known.upto) if known else None) or BEFORE_ALL
    for each in chain([known] if known else [], anchors.stream(connection, known.upto if known else 0)):
        findings.anchors += 1
        if each.number != before.number + 1:
            findings.add(
                ANCHORS, each.number, f"il manque un ancrage entre les numéros {before.number} et {each.number}"
            )
        elif each.digest != anchors.digest(connection, before, each.upto):
            span = f"{before.upto + 1} à {each.upto}"
            findings.add(ANCHORS, each.number, f"les événements des positions {span} ne sont plus ceux de l’ancrage")
        if wrong := check_token(each.token, each.digest, each.stamped_at):
            findings.add(ANCHORS, each.number, wrong)
        before = each
    _check_end(connection, before.upto, findings)


def _check_end(connection: Connection, upto: int, findings: Findings) -> None:
    waiting: timedelta | None = connection.execute(_WAITING, {"upto": upto}).scalar()
    if waiting and waiting > MAX_UNSTAMPED:
        what = f"des événements attendent leur horodatage depuis {waiting.days} jours, ou leurs ancrages ont été ôtés"
        findings.add(JOURNAL, upto, what)


# Instants of the access log and of the journal are the database's own; those of cases bear their clock offset.
_WAITING = text(
    "SELECT clock_timestamp() - min(recorded_at) FROM event"
    " WHERE position > :upto AND (subject LIKE 'access:%' OR subject = 'journal')"
)
