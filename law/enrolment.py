"""Enrolment: when an employer's credentials are due, and how long they may be used (R. 5122-26, I).

An employer files online after « une adhésion aux conditions générales d’utilisation » that identifies the
employer, the natural person « habilitée » and an electronic address; it is acknowledged electronically. No text
sets the delay of the credentials: seven days by hand, then, from 2 April 2020, automatically within the hour.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from law.calendar import local, midnight
from law.dated import Dated, DatedValue
from law.texts import Reason, Text, because, instant_in_french

_BY_HAND: Final = timedelta(days=7)
_WITHIN_THE_HOUR: Final = timedelta(hours=1)
# How long before the limit operators are alerted: practice.
_NOTICE: Final = {_BY_HAND: timedelta(days=1), _WITHIN_THE_HOUR: timedelta(minutes=5)}
_WORDS: Final = {_BY_HAND: "sept jours", _WITHIN_THE_HOUR: "une heure, automatiquement"}

# Doubt: the press note gives the two delays and the day of change; the seven days were an average observed in practice.
CREDENTIALS: Final = Dated(
    "l’envoi des identifiants",
    DatedValue(date(2014, 10, 1), _BY_HAND, Text.R_5122_26, Text.PRACTICE_48_HOURS),
    DatedValue(date(2020, 4, 2), _WITHIN_THE_HOUR, Text.R_5122_26, Text.PRACTICE_48_HOURS),
)
TERMS: Final = Dated(
    "les conditions générales d’utilisation",
    DatedValue(date(2014, 10, 1), "2014-10-01", Text.R_5122_26, Text.DECREE_2014_740),
    DatedValue(date(2020, 4, 2), "2020-04-02", Text.R_5122_26, Text.PRACTICE_48_HOURS),
)
"""The version of the terms of use in force, named after the day from which it applies."""

# No text: long enough for a person to act, and no longer than a mail with a code may safely lie around.
_ACTIVATION_DAYS: Final = 15
_REMINDER_DAYS: Final = (10, 3, 1)
_KEPT_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class CredentialsDelay:
    """When credentials are due after a request to enrol: aware instants, local to the département."""

    requested_at: datetime
    alert_at: datetime
    """When operators are alerted if the credentials have not left."""
    due_at: datetime
    why: tuple[Reason, ...]


def credentials_delay(requested_at: datetime, department: str, law_on: date | None = None) -> CredentialsDelay:
    """Return when the credentials of an enrolment are due; raises NaiveInstant and BeforeFirstText."""
    requested = local(requested_at, department).replace(microsecond=0)
    entry = CREDENTIALS.on(law_on or requested.date())
    due = local(requested.astimezone(UTC) + entry.value, department)
    alert = local(due.astimezone(UTC) - _NOTICE[entry.value], department)
    return CredentialsDelay(
        requested,
        alert,
        due,
        (
            entry.reason("Le code d’activation est envoyé dans ce délai après l’adhésion.", _WORDS[entry.value]),
            because(Text.R_5122_26, "L’adhésion a été reçue.", instant_in_french(requested), Text.R_5122_26),
            entry.reason("Le code d’activation est envoyé au plus tard à cet instant.", instant_in_french(due)),
        ),
    )


def terms_in_force(requested_at: datetime, department: str, law_on: date | None = None) -> str:
    """Return the version of the terms of use that an employer accepts at an instant; raises BeforeFirstText."""
    return TERMS.on(law_on or local(requested_at, department).date()).value


def activation_until(sent_at: datetime, department: str) -> datetime:
    """Return the first instant at which credentials sent at `sent_at` can no longer be used."""
    day = local(sent_at, department).date() + timedelta(days=_ACTIVATION_DAYS + 1)
    return midnight(day, department)


def activation_reminders(until: datetime, sent_at: datetime) -> tuple[datetime, ...]:
    """Return when the employer is reminded to use them: 10, 3 and 1 days before they expire, at the same hour."""
    return tuple(at for at in (until - timedelta(days=days) for days in _REMINDER_DAYS) if at > sent_at)


def forgotten_before(now: datetime) -> datetime:
    """Return the instant before which unsuccessful enrolments are deleted: practice."""
    return now - timedelta(days=_KEPT_DAYS)
