"""Reminders before a legal instant: required by practice, not by any text.

All are local instants in order; those that would fall before the clock started are left out. A day is a day of
the local calendar; an hour is an elapsed hour.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from law.calendar import midnight
from law.silence import LegalDelay, Rule
from law.window import FilingWindow

_SILENCE_DAYS: Final = (5, 2, 1)
# The two days of March 2020 are as short as the 48 hours that followed: the same reminders serve both.
_SILENCE_HOURS: Final = (24, 8, 2)
AT_RISK: Final = timedelta(days=_SILENCE_DAYS[0])
"""Time before silence from which a case is at risk: that of its first reminder (practice)."""
_DRAFT_DAYS: Final = (10, 3, 1)
_OPINION_DAYS: Final = (30, 10, 3)
_COUNCIL_DAYS: Final = 15
_AUTHORITY_DAYS: Final = (7, 30, 90)
_PAYMENT_DAYS: Final = (5, 2, 1, 0)
_FORFEITURE_DAYS: Final = (60, 30, 7)
_TERM_DAYS: Final = (15, 3)


def reminders(silence: LegalDelay) -> tuple[datetime, ...]:
    """Return when agents are reminded of a coming silence: 5, 2 and 1 days before, or 24, 8 and 2 hours."""
    end = silence.tacit_acceptance_at
    if silence.rule is Rule.DAYS_15:
        return _days_before(end, _SILENCE_DAYS, silence.received_at)
    return tuple((end.astimezone(UTC) - timedelta(hours=hours)).astimezone(end.tzinfo) for hours in _SILENCE_HOURS)


def draft_reminders(window: FilingWindow, opened_at: datetime) -> tuple[datetime, ...]:
    """Return when the author of a draft is reminded: 10, 3 and 1 days before `accepted_until`."""
    return _days_before(window.accepted_until, _DRAFT_DAYS, opened_at)


def opinion_reminders(due_on: date, department: str, received_at: datetime) -> tuple[datetime, ...]:
    """Return when the employer is reminded of a late opinion: 30, 10 and 3 days before its last day."""
    return _days_before(midnight(due_on, department), _OPINION_DAYS, received_at)


def council_reminder(notified_at: datetime) -> datetime:
    """Return when the employer is reminded to inform the council of the decision: 15 days after it."""
    return notified_at + timedelta(days=_COUNCIL_DAYS)


def authority_reminders(effect_at: datetime) -> tuple[datetime, ...]:
    """Return when an employer is reminded to prove an authority that holds a hand-over: after 7, 30 and 90 days."""
    return tuple(effect_at + timedelta(days=days) for days in _AUTHORITY_DAYS)


def payment_reminders(due_on: date, department: str, received_at: datetime) -> tuple[datetime, ...]:
    """Return when agents and paymasters are told of a claim not paid yet: at days 5, 8, 9 and 10 of ten.

    At the first instant of a local day that comes 5, 2 or 1 days before the last one, and of that day itself.
    """
    return _days_before(midnight(due_on, department), _PAYMENT_DAYS, received_at)


def overdue_at(due_on: date, department: str) -> datetime:
    """Return the first instant at which a claim is no more paid in time: the end of the last local day."""
    return midnight(due_on + timedelta(days=1), department)


def forfeiture_reminders(forfeited_on: date, department: str, after: datetime) -> tuple[datetime, ...]:
    """Return when an employer with hours left is reminded to claim: 60, 30 and 7 days before it is too late."""
    return _days_before(midnight(forfeited_on, department), _FORFEITURE_DAYS, after)


def term_reminders(due_on: date, department: str, after: datetime) -> tuple[datetime, ...]:
    """Return when an employer is reminded of a sum to give back: 15 and 3 days before its last day."""
    return _days_before(midnight(due_on, department), _TERM_DAYS, after)


def _days_before(end: datetime, days: tuple[int, ...], after: datetime) -> tuple[datetime, ...]:
    # Arithmetic on an aware local time is that of the wall clock: the same hour, some days before.
    return tuple(at for at in (end - timedelta(days=count) for count in days) if at > after)
