"""Reminders: who receives each one, and what it says. No text requires them, practice does.

Before silence: the agent in charge, then the colleagues, then the head of unit.
"""

from collections.abc import Callable
from datetime import UTC
from typing import Final, NamedTuple

from sqlalchemy import Connection

from law.calendar import local
from models.engine.names import authorization_id, draft_id, enrolment_id
from models.engine.processes import hold
from models.labels import Outcome
from models.messages.case import Reminder
from models.roles import FOLLOWING
from models.store.cases import completions, drafts, followers, opinions, requests, waiting_claims
from models.store.database import case_now
from models.store.journal import events
from models.store.people import enrolments, leaves, notices

"""Signal of a request whose opinion did not arrive in time."""


class ReminderNotice(NamedTuple):
    """A notice of one kind to some accounts; `data` holds the local instants that it prints, in ISO format."""

    kind: str
    account_ids: list[str]
    data: dict[str, str]


def remind(connection: Connection, reminder: Reminder) -> bool:
    """Write the notices of one reminder and one event; False when it no longer applies or has no recipient."""
    kind = _KINDS[reminder.kind]
    process = kind.process_id(reminder.subject)
    subject, at = hold(connection, process)
    due = [each for each in kind.notices(connection, reminder) if each.account_ids]
    new = sum(
        notices.announce(connection, process, each.kind, _key(reminder), *each.account_ids, **each.data) for each in due
    )
    if new:
        rung = str(reminder.rung)
        events.append(connection, subject, "reminder_sent", at, reminder=reminder.kind, rung=rung)
    return bool(due)


def _key(reminder: Reminder) -> str:
    instant = reminder.instant.astimezone(UTC).isoformat() if reminder.instant else ""
    return f"{reminder.kind}-{reminder.rung}-{instant}"


def _draft(connection: Connection, reminder: Reminder) -> list[ReminderNotice]:
    draft = drafts.get(connection, reminder.subject)
    if draft.status != "draft":
        return []
    until = local(draft.accepted_until, draft.department).isoformat()
    return [ReminderNotice("draft_reminder", [draft.account_id], {"at": until})]


def _activation(connection: Connection, reminder: Reminder) -> list[ReminderNotice]:
    enrolment = enrolments.get_of_process(connection, reminder.subject)
    if enrolments.was_activated_since(connection, enrolment):  # whoever goes on is another person or mailbox
        return []
    if enrolment.status != "open" or enrolment.account_id is None or enrolment.expires_at is None:
        return []
    until = local(enrolment.expires_at, enrolment.department).isoformat()
    code = {"enrolment": enrolment.id, "version": str(enrolment.version), "siret": enrolment.siret}
    return [ReminderNotice("activation_reminder", [enrolment.account_id], {"at": until} | code)]


def _silence(connection: Connection, reminder: Reminder) -> list[ReminderNotice]:
    request = requests.get(connection, reminder.subject)
    if request.outcome or request.deadline_at is None:
        return []
    if reminder.rung == 0:
        recipients = followers.list_agents(connection, request)
    else:
        recipients = followers.list_of_roles(connection, request, *(FOLLOWING if reminder.rung == 1 else ("head",)))
    recipients = recipients or followers.list_of_roles(connection, request, *FOLLOWING, "head")
    data = {"at": local(request.deadline_at, request.department).isoformat()}
    return [ReminderNotice("silence_reminder", recipients, data)]


def _opinion(connection: Connection, reminder: Reminder) -> list[ReminderNotice]:
    request = requests.get(connection, reminder.subject)
    due_on = opinions.find_due_day(connection, request.reference)
    if due_on is None or request.outcome in requests.DEAD:
        return []
    now = reminder.instant or case_now(connection, request.reference)
    data = {"on": due_on.isoformat()}
    if local(now, request.department).date() <= due_on:
        return [ReminderNotice("opinion_reminder", [request.account_id], data)]
    if opinions.is_waived(connection, request.reference):
        return []
    if opinions.LATE not in request.signals:
        requests.add_signals(connection, request.reference, [*request.signals, opinions.LATE])
    waiting_claims.wake_held(connection, request.reference)  # those that nobody has agreed to are held from now on
    return [ReminderNotice("opinion_missing", [*followers.list_agents(connection, request), request.account_id], data)]


def _completion(connection: Connection, reminder: Reminder) -> list[ReminderNotice]:
    request = requests.get(connection, reminder.subject)
    pending = completions.find_pending(connection, request.reference)
    if pending is None or pending.state != "notified":
        return []
    data = {"on": pending.due_on.isoformat()}
    replacement = leaves.find_replacement(connection, pending.agent_id, followers.today(connection, request))
    recipients = [replacement] if replacement else followers.list_agents(connection, request)
    return [ReminderNotice("completion_overdue", [*recipients, request.account_id], data)]


def _inform_council(connection: Connection, reminder: Reminder) -> list[ReminderNotice]:
    request = requests.get(connection, reminder.subject)
    if request.outcome in (None, Outcome.DESISTED):
        return []
    return [ReminderNotice("council_reminder", [request.account_id], {})]


class ReminderKind(NamedTuple):
    """Reminders of one kind: the process that sends them, and the notices of each."""

    process_id: Callable[[str], str]
    notices: Callable[[Connection, Reminder], list[ReminderNotice]]


_KINDS: Final = {
    "silence": ReminderKind(authorization_id, _silence),
    "opinion": ReminderKind(authorization_id, _opinion),
    "completion": ReminderKind(authorization_id, _completion),
    "inform_council": ReminderKind(authorization_id, _inform_council),
    "draft": ReminderKind(draft_id, _draft),
    "activation": ReminderKind(enrolment_id, _activation),
}
