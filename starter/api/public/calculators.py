"""What anybody may ask: when silence would accept, and until when a request may be filed."""

from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Response
from pydantic import BeforeValidator

from law.dated import BeforeFirstText
from law.grounds import Ground
from law.silence import LegalDelay, Rule, silence
from law.texts import instant_in_french
from law.window import filing_window
from models.identifiers import Day, Department, Message, Moment
from models.store.cases.records import ReasonRecord
from starter.http.calendar_file import calendar_file
from starter.http.problems import fault
from starter.services.case_view import reasons

router = APIRouter(tags=["Public"])

CALENDAR: Final = "text/calendar"


def _with_its_plus(value: object) -> object:
    """A « + » that was not encoded arrives as a space."""
    return value.replace(" ", "+") if isinstance(value, str) else value


class Reception(Message):
    """A request received at an instant in a département."""

    received_at: Annotated[Moment, BeforeValidator(_with_its_plus)]
    department: Department = "75"


class Placement(Message):
    """Employees placed in short-time work on a day, for a ground."""

    ground: Ground
    placement_on: Day
    department: Department = "75"


class Deadline(Message):
    """When the silence kept on a request becomes an acceptance, and why."""

    rule: Rule
    last_day_on: date
    tacit_acceptance_at: datetime
    why: tuple[ReasonRecord, ...]


class Window(Message):
    """Until when a request may be filed: by law, and in practice."""

    closes_at: datetime
    accepted_until: datetime
    why: tuple[ReasonRecord, ...]


@router.get(
    "/deadlines",
    response_model=Deadline,
    responses={200: {"content": {CALENDAR: {"schema": {"type": "string"}}}}},
    summary="Calculer une échéance",
)
def deadline(
    asked: Annotated[Reception, Query()], accept: Annotated[str, Header()] = "application/json"
) -> Deadline | Response:
    """Dire quand le silence vaudrait acceptation (R. 5122-4), en JSON ou en fichier d’agenda."""
    try:
        found = silence(asked.received_at, asked.department)
    except BeforeFirstText as before:
        raise fault("/received_at", "before-first-text", str(before)) from before
    if CALENDAR in accept:
        return Response(_calendar(found, asked.department), media_type=f"{CALENDAR}; charset=utf-8")
    return Deadline(
        rule=found.rule,
        last_day_on=found.last_day_on,
        tacit_acceptance_at=found.tacit_acceptance_at,
        why=reasons(found.why),
    )


def _calendar(found: LegalDelay, department: str) -> str:
    received = f"{found.received_at.isoformat()}/{department}"
    return calendar_file(
        f"{sha256(received.encode()).hexdigest()[:32]}@tacite",
        found.tacit_acceptance_at,
        found.received_at,
        "Activité partielle : acceptation implicite",
        f"Demande reçue le {instant_in_french(found.received_at)}. Sans décision notifiée avant le "
        f"{instant_in_french(found.tacit_acceptance_at)}, elle est acceptée implicitement (R. 5122-4).",
    )


@router.get("/filing-windows", summary="Calculer un délai de dépôt")
def window(asked: Annotated[Placement, Query()]) -> Window:
    """Dire jusqu’à quand une demande peut être déposée (R. 5122-2, R. 5122-3)."""
    try:
        found = filing_window(asked.ground, asked.placement_on, asked.department)
    except BeforeFirstText as before:
        raise fault("/placement_on", "before-first-text", str(before)) from before
    return Window(closes_at=found.closes_at, accepted_until=found.accepted_until, why=reasons(found.why))
