"""Public calculators: when silence counts as acceptance, and until when a request may be filed."""

from datetime import date, datetime

from law.dated import BeforeFirstText
from law.grounds import Ground
from law.silence import LegalDelay, Rule, silence
from law.window import filing_window
from models.identifiers import Message
from models.store.cases.records import ReasonRecord
from starter.http.problems import fault
from starter.services.case_view import reasons


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
            why=reasons(delay.why),
        )


class Window(Message):
    """Until when a request may be filed: by law, and in practice."""

    closes_at: datetime
    accepted_until: datetime
    why: tuple[ReasonRecord, ...]


def deadline(received_at: datetime, department: str) -> LegalDelay:
    """Return the legal delay of a request received at an instant; raises `InvalidRequest` before the first text."""
    try:
        return silence(received_at, department)
    except BeforeFirstText as before:
        raise fault("/received_at", "before-first-text", str(before)) from before


def window(ground: Ground, placement_on: date, department: str) -> Window:
    """Return until when a request may be filed; raises `InvalidRequest` before the first text."""
    try:
        window = filing_window(ground, placement_on, department)
    except BeforeFirstText as before:
        raise fault("/placement_on", "before-first-text", str(before)) from before
    return Window(closes_at=window.closes_at, accepted_until=window.accepted_until, why=reasons(window.why))
