"""What tests of reminders and of the register's acts read and build."""

from datetime import UTC, datetime

from models.messages.case import Reminder
from models.store.cases import requests
from models.store.database import Database
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.people import notices

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def types(database: Database, subject: str) -> list[str]:
    with database.begin() as connection:
        return [each.type for each in events.list_of(connection, subject)]


def told(database: Database, process: str) -> list[tuple[str, str]]:
    """Kind and account of each waiting notice."""
    with database.begin() as connection:
        return [(each.kind, each.account.id) for each in notices.list_unsent(connection, process)]


def employer_of(database: Database, reference: str) -> str:
    with database.begin() as connection:
        return requests.get(connection, reference).account_id


def id_of(actor: Actor) -> str:
    assert actor.account_id
    return actor.account_id


def a_reminder(subject: str, kind: str, rung: int = 0, instant: datetime | None = NOON) -> Reminder:
    return Reminder.model_validate({"subject": subject, "kind": kind, "rung": rung, "instant": instant})
