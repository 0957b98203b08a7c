"""Public calculators: when silence counts as acceptance, and until when a request may be filed."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from typing import Final

from law.calendar import local, midnight
from law.dated import BeforeFirstText
from law.directory import PARIS
from law.directory import department as find_department
from law.grounds import Ground
from law.silence import LegalDelay, Rule, silence
from law.texts import end_in_french, in_french, instant_in_french
from law.window import FilingWindow, filing_window
from models.explanations import ReasonRecord, reason_records
from models.identifiers import Day, Department, Message, TimeOfDay
from starter.http.calendar_file import calendar_file
from starter.http.problems import fault


class Deadline(Message):
    """When silence on a request counts as acceptance, and why."""

    rule: Rule
    last_day_on: date
    tacit_acceptance_at: datetime
    why: tuple[ReasonRecord, ...]

    @classmethod
    def of(cls, delay: LegalDelay) -> "Deadline":
        """Return the view of a legal delay."""
        return cls(
            rule=delay.rule,
            last_day_on=delay.last_day_on,
            tacit_acceptance_at=delay.tacit_acceptance_at,
            why=reason_records(delay.why),
        )


class Window(Message):
    """Until when a request may be filed: by law, and in practice."""

    closes_at: datetime
    accepted_until: datetime
    why: tuple[ReasonRecord, ...]


class ReceptionDay(Message):
    """The day, perhaps the hour, and the département where a request is received, as a person states them."""

    received_on: Day
    received_time: TimeOfDay | None = None
    department: Department


class Placement(Message):
    """From which day, for which ground and in which département employees are placed in short-time work."""

    ground: Ground
    placement_on: Day
    department: Department


def deadline(received_at: datetime, department: str) -> LegalDelay:
    """Return the legal delay of a request received at an instant; raises `InvalidRequest` before the first text."""
    try:
        return silence(received_at, department)
    except BeforeFirstText as before:
        raise fault("/received_at", "before-first-text", str(before)) from before


def deadline_from(question: ReceptionDay) -> LegalDelay:
    """Return the legal delay of a request received on a day; raises `InvalidRequest`.

    Without an hour the explanation names the day alone; a delay that is counted in hours asks for it.
    """
    day, hour = question.received_on, question.received_time
    received = datetime.combine(day, hour or time.min, find_department(question.department).zone)
    try:
        delay = silence(received, question.department)
    except BeforeFirstText as before:
        raise fault("/received_on", "before-first-text", str(before)) from before
    if hour is not None:
        return delay
    if delay.rule is Rule.HOURS_48:
        said = "Indiquez l’heure de réception : ce jour-là, le délai se comptait d’heure à heure."
        raise fault("/received_time", "time-needed", said)
    instant = instant_in_french(delay.received_at)
    why = tuple(replace(each, value=in_french(day)) if each.value == instant else each for each in delay.why)
    return replace(delay, why=why)


def window(ground: Ground, placement_on: date, department: str) -> Window:
    """Return until when a request may be filed; raises `InvalidRequest` before the first text."""
    found = window_from(Placement(ground=ground, placement_on=placement_on, department=department))
    return Window(closes_at=found.closes_at, accepted_until=found.accepted_until, why=reason_records(found.why))


def window_from(question: Placement) -> FilingWindow:
    """Return the filing window of a placement; raises `InvalidRequest` before the first text."""
    try:
        return filing_window(question.ground, question.placement_on, question.department)
    except BeforeFirstText as before:
        raise fault("/placement_on", "before-first-text", str(before)) from before


@cache
def first_answers(today: date) -> tuple[str, tuple[tuple[str, bool], ...]]:
    """Return the delay of decision of a day, and each ground with whether its request may follow the placement."""
    started = midnight(today + timedelta(days=1), PARIS)
    grounds = ((each.label, filing_window(each, today, PARIS).closes_at > started) for each in Ground)
    return silence(midnight(today, PARIS), PARIS).rule.label, tuple(grounds)


def days_left(until: datetime, department: str) -> int | None:
    """Return how many days a person has left to act, today included; None once the instant has passed."""
    now = datetime.now(UTC)
    if now >= until:
        return None
    today = local(now, department).date()
    last = local(until, department).date()
    return (last - today).days + (midnight(last, department) < until)


def deadline_calendar(delay: LegalDelay, department: str) -> str:
    """Return a calendar file of the instant of silence, with an alarm."""
    text = (
        f"Demande reçue le {instant_in_french(delay.received_at)}. Si aucune décision n’est notifiée au plus tard le "
        f"{end_in_french(delay.tacit_acceptance_at)}, elle est acceptée implicitement (R. 5122-4)."
    )
    uid = _uid(f"{delay.received_at.isoformat()}/{department}")
    return calendar_file(uid, delay.tacit_acceptance_at, datetime.now(UTC), f"{_SUBJECT} : acceptation implicite", text)


def window_calendar(found: FilingWindow, question: Placement) -> str:
    """Return a calendar file of the end of a filing window, with an alarm."""
    text = (
        f"{question.ground.label}, salariés placés en activité partielle le {in_french(question.placement_on)}. "
        f"La demande est à déposer au plus tard le {end_in_french(found.accepted_until)} (R. 5122-2, R. 5122-3)."
    )
    uid = _uid(f"{question.ground}/{question.placement_on}/{question.department}")
    return calendar_file(uid, found.accepted_until, datetime.now(UTC), f"{_SUBJECT} : fin du délai de dépôt", text)


_SUBJECT: Final = "Activité partielle"


def _uid(stated: str) -> str:
    return f"{sha256(stated.encode()).hexdigest()[:32]}@tacite"
