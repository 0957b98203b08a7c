"""Reminders: who is told at each rung, and what. No text asks for them, practice does.

Before silence: the agent in charge, then the colleagues, then the head of unit.
"""

from collections.abc import Callable
from datetime import UTC, date
from typing import Final, NamedTuple

from sqlalchemy import Connection

from law.calendar import local
from models.engine.names import authorization_id, draft_id, enrolment_id
from models.engine.processes import hold
from models.labels import Outcome
from models.messages.case import Reminder
from models.roles import FOLLOWING
from models.store.cases import completions, drafts, opinions, requests
from models.store.cases.records import RequestRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.people import accounts, enrolments, leaves, notices

LATE_OPINION: Final = "Avis du CSE non transmis dans le délai."
"""Signal kept on a request whose opinion did not follow in time."""


class Told(NamedTuple):
    """A notice of one kind to some accounts; `data` are the instants it prints, ISO and local."""

    kind: str
    account_ids: list[str]
    data: dict[str, str]


def remind(connection: Connection, reminder: Reminder) -> bool:
    """Write the notices of a rung and one event; False when there is nobody to tell, or nothing any more."""
    ladder = _LADDERS[reminder.kind]
    process = ladder.process_id(reminder.subject)
    subject, at = hold(connection, process)
    told = [each for each in ladder.notices(connection, reminder) if each.account_ids]
    new = sum(
        notices.announce(connection, process, each.kind, _key(reminder), *each.account_ids, **each.data)
        for each in told
    )
    if new:
        rung = str(reminder.rung)
        events.append(connection, subject, "reminder_sent", at, reminder=reminder.kind, rung=rung)
    return bool(told)


def _key(reminder: Reminder) -> str:
    instant = reminder.instant.astimezone(UTC).isoformat() if reminder.instant else ""
    return f"{reminder.kind}-{reminder.rung}-{instant}"


def _draft(connection: Connection, reminder: Reminder) -> list[Told]:
    draft = drafts.get(connection, reminder.subject)
    if draft.status != "draft":
        return []
    until = local(draft.accepted_until, draft.department).isoformat()
    return [Told("draft_reminder", [draft.account_id], {"at": until})]


def _activation(connection: Connection, reminder: Reminder) -> list[Told]:
    enrolment = enrolments.get_last(connection, reminder.subject)
    if enrolment.status != "open" or enrolment.account_id is None or enrolment.expires_at is None:
        return []
    until = local(enrolment.expires_at, enrolment.department).isoformat()
    code = {"enrolment": enrolment.id, "version": str(enrolment.version)}
    return [Told("activation_reminder", [enrolment.account_id], {"at": until} | code)]


def _silence(connection: Connection, reminder: Reminder) -> list[Told]:
    asked = requests.get(connection, reminder.subject)
    if asked.outcome or asked.deadline_at is None:
        return []
    if reminder.rung == 0:
        told = agents(connection, asked)
    else:
        told = _in_charge(connection, asked, *(FOLLOWING if reminder.rung == 1 else ("head",)))
    told = told or _in_charge(connection, asked, *FOLLOWING, "head")
    return [Told("silence_reminder", told, {"at": local(asked.deadline_at, asked.department).isoformat()})]


def _opinion(connection: Connection, reminder: Reminder) -> list[Told]:
    asked = requests.get(connection, reminder.subject)
    due_on = opinions.find_due_day(connection, asked.reference)
    if due_on is None or asked.outcome in requests.DEAD:
        return []
    now = reminder.instant or case_now(connection, asked.reference)
    data = {"on": due_on.isoformat()}
    if local(now, asked.department).date() <= due_on:
        return [Told("opinion_reminder", [asked.account_id], data)]
    if LATE_OPINION not in asked.signals:
        requests.add_signals(connection, asked.reference, [*asked.signals, LATE_OPINION])
    return [Told("opinion_missing", [*agents(connection, asked), asked.account_id], data)]


def _completion(connection: Connection, reminder: Reminder) -> list[Told]:
    asked = requests.get(connection, reminder.subject)
    pending = completions.find_pending(connection, asked.reference)
    if pending is None or pending.state != "notified":
        return []
    data = {"on": pending.due_on.isoformat()}
    answers = leaves.find_replacement(connection, pending.agent_id, _today(connection, asked))
    told = [answers] if answers else agents(connection, asked)
    return [Told("completion_overdue", [*told, asked.account_id], data)]


def _inform_council(connection: Connection, reminder: Reminder) -> list[Told]:
    asked = requests.get(connection, reminder.subject)
    if asked.outcome in (None, Outcome.DESISTED):
        return []
    return [Told("council_reminder", [asked.account_id], {})]


class Ladder(NamedTuple):
    """The reminders of one kind: the process that asks for them, and whom each rung tells."""

    process_id: Callable[[str], str]
    notices: Callable[[Connection, Reminder], list[Told]]


_LADDERS: Final = {
    "silence": Ladder(authorization_id, _silence),
    "opinion": Ladder(authorization_id, _opinion),
    "completion": Ladder(authorization_id, _completion),
    "inform_council": Ladder(authorization_id, _inform_council),
    "draft": Ladder(draft_id, _draft),
    "activation": Ladder(enrolment_id, _activation),
}


def agents(connection: Connection, asked: RequestRecord) -> list[str]:
    """Accounts that follow a case: the agent in charge or who replaces him, else every agent of the département."""
    answers = asked.assigned_to and leaves.find_replacement(
        connection, asked.assigned_to, _today(connection, asked)
    )
    return [answers] if answers else _in_charge(connection, asked, *FOLLOWING)


def _in_charge(connection: Connection, asked: RequestRecord, *roles: str) -> list[str]:
    found = [each.id for each in accounts.list_in_charge(connection, asked.department, *roles)]
    absent = leaves.find_absent(connection, found, _today(connection, asked))
    return [each for each in found if each not in absent] or found


def _today(connection: Connection, asked: RequestRecord) -> date:
    return local(case_now(connection, asked.reference), asked.department).date()
