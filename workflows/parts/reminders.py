"""The reminders sent before an instant: to the agent, then colleagues, then the head of unit; or to the employer."""

from datetime import date, timedelta

from law.calendar import midnight
from law.enrolment import activation_reminders
from law.reminders import draft_reminders, opinion_reminders, reminders
from law.window import FilingWindow
from models.identifiers import Instant
from models.messages.case import Receipt, Reminder
from models.messages.draft import Draft
from models.messages.enrolment import EnrolmentState


def before_silence(reference: str, department: str, receipt: Receipt) -> list[Reminder]:
    """Return the reminders of a coming silence, the earliest first."""
    return _reminders(reference, "silence", reminders(receipt.silence(department)))


def before_opinion(reference: str, department: str, due_on: date, received_at: Instant) -> list[Reminder]:
    """Return the reminders of a late opinion; the last one is due when its limit has passed."""
    limit_at = midnight(due_on + timedelta(days=1), department)
    return _reminders(reference, "opinion", (*opinion_reminders(due_on, department, received_at), limit_at))


def before_lapse(draft: Draft, now: Instant) -> list[Reminder]:
    """Return the reminders of the end of a filing window."""
    window = FilingWindow(draft.closes_at, draft.accepted_until, ())
    return _reminders(draft.id, "draft", draft_reminders(window, now))


def before_expiry(subject: str, state: EnrolmentState) -> list[Reminder]:
    """Return the reminders of credentials that nobody has used."""
    if state.expires_at is None or state.issued_at is None:
        return []
    return _reminders(subject, "activation", activation_reminders(state.expires_at, state.issued_at))


def _reminders(subject: str, kind: str, instants: tuple[Instant, ...]) -> list[Reminder]:
    return [
        Reminder.model_validate({"subject": subject, "kind": kind, "rung": rank, "instant": at})
        for rank, at in enumerate(instants)
    ]
