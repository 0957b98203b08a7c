"""What falls due in a case, as events of a calendar."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from law.calendar import midnight
from law.texts import end_in_french, in_french
from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.http.calendar_file import CalendarEvent
from starter.services import requests
from starter.services.case_schemas import CaseView


def list_events(context: Context, credential: PresentedCredential, reference: str) -> list[CalendarEvent]:
    """Return what falls due in a case that the caller may read; raises `Unknown`."""
    reading = requests.read_request(context, credential, reference)
    return [*_events(reading.case, reading.request.department)]


def _events(view: CaseView, department: str) -> Iterator[CalendarEvent]:
    at, pending = view.clock.tacit_acceptance_at, view.pending_completion
    if view.clock.state == "running" and at:
        told = f"Si aucune décision n’est notifiée au plus tard le {end_in_french(at)}, la demande {view.reference}"
        yield _event(view, "silence", at, "acceptation implicite", f"{told} est acceptée implicitement (R. 5122-4).")
    if pending:
        told = f"Pièces à fournir au plus tard le {in_french(pending.due_on)} : le délai est arrêté jusque-là."
        yield _event(view, f"pieces-{pending.id}", _end_of(pending.due_on, department), "pièces à fournir", told)
    if view.opinion_due_on:
        told = f"Avis du CSE à transmettre au plus tard le {in_french(view.opinion_due_on)} (R. 5122-2)."
        yield _event(view, "opinion", _end_of(view.opinion_due_on, department), "avis du CSE à transmettre", told)


def _event(view: CaseView, kind: str, at: datetime, what: str, told: str) -> CalendarEvent:
    return CalendarEvent(f"{view.reference}-{kind}@tacite", at, f"{view.reference} : {what}", told)


def _end_of(day: date, department: str) -> datetime:
    """Return the end of a last day, which is itself in time."""
    return midnight(day + timedelta(days=1), department)
