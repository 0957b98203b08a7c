"""The rungs of reminders before an instant: agent, colleagues, head of unit; or the employer."""

from datetime import date, timedelta

from law.calendar import midnight
from law.enrolment import activation_reminders
from law.reminders import draft_reminders, opinion_reminders, reminders
from law.window import FilingWindow
from models.bodies.enrolment import EnrolmentState
from models.identifiers import Instant
from models.messages.case import Receipt, Reminder
from models.messages.draft import Draft


def before_silence(reference: str, department: str, receipt: Receipt) -> list[Reminder]:
    """Return the reminders of a coming silence, the earliest first."""
    return _rungs(reference, "silence", reminders(receipt.silence(department)))


def before_opinion(reference: str, department: str, due_on: date, received_at: Instant) -> list[Reminder]:
    """Return the reminders of a late opinion; the last one falls when its limit has passed."""
    limit_at = midnight(due_on + timedelta(days=1), department)
    return _rungs(reference, "opinion", (*opinion_reminders(due_on, department, received_at), limit_at))


def before_lapse(draft: Draft, now: Instant) -> list[Reminder]:
    """Return the reminders of the end of a filing window."""
    window = FilingWindow(draft.closes_at, draft.accepted_until, ())
    return _rungs(draft.id, "draft", draft_reminders(window, now))


def before_expiry(siret: str, standing: EnrolmentState) -> list[Reminder]:
    """Return the reminders of credentials that nobody has used."""
    if standing.expires_at is None or standing.issued_at is None:
        return []
    return _rungs(siret, "activation", activation_reminders(standing.expires_at, standing.issued_at))


def _rungs(subject: str, kind: str, instants: tuple[Instant, ...]) -> list[Reminder]:
    return [
        Reminder.model_validate({"subject": subject, "kind": kind, "rung": rung, "instant": at})
        for rung, at in enumerate(instants)
    ]
