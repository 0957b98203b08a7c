"""The subject of a process in the register: a case or a draft, held, with its own time."""

from datetime import datetime

from sqlalchemy import Connection

from models.store import drafts, requests
from models.store.register import case_now, draft_now


def held(connection: Connection, process: str) -> tuple[str, datetime]:
    """Hold the row of a process (its workflow id) for an event; returns its subject and its time now."""
    kind, _, subject = process.partition(":")
    if kind == "draft":
        drafts.get(connection, subject, hold=True)
        return subject, draft_now(connection, subject)
    requests.get(connection, subject, hold=True)
    return subject, case_now(connection, subject)
