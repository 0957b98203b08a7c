"""Public calculators: when silence counts as acceptance, and until when a request may be filed."""

from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Response
from pydantic import BeforeValidator

from law.grounds import Ground
from law.silence import LegalDelay
from law.texts import instant_in_french
from models.identifiers import Day, Department, Message, Moment
from starter.http.calendar_file import calendar_file
from starter.services import calculators
from starter.services.calculators import Deadline, Window

router = APIRouter(tags=["Public"])

CALENDAR: Final = "text/calendar"


def _restore_plus(value: object) -> object:
    """Restore the « + » of an offset, which arrives as a space when it was not encoded."""
    return value.replace(" ", "+") if isinstance(value, str) else value


class DeadlineParameters(Message):
    """When and in which département a request is received."""

    received_at: Annotated[Moment, BeforeValidator(_restore_plus)]
    department: Department = "75"


class WindowParameters(Message):
    """From which day, for which ground and in which département employees are placed in short-time work."""

    ground: Ground
    placement_on: Day
    department: Department = "75"


@router.get(
    "/deadlines",
    response_model=Deadline,
    responses={200: {"content": {CALENDAR: {"schema": {"type": "string"}}}}},
    summary="Calculer une échéance",
)
def deadline(
    reception: Annotated[DeadlineParameters, Query()], accept: Annotated[str, Header()] = "application/json"
) -> Deadline | Response:
    """Dire quand le silence vaudrait acceptation (R. 5122-4), en JSON ou en fichier d’agenda."""
    delay = calculators.deadline(reception.received_at, reception.department)
    if CALENDAR in accept:
        return Response(_calendar(delay, reception.department), media_type=f"{CALENDAR}; charset=utf-8")
    return Deadline.of(delay)


def _calendar(delay: LegalDelay, department: str) -> str:
    received = f"{delay.received_at.isoformat()}/{department}"
    return calendar_file(
        f"{sha256(received.encode()).hexdigest()[:32]}@tacite",
        delay.tacit_acceptance_at,
        delay.received_at,
        "Activité partielle : acceptation implicite",
        f"Demande reçue le {instant_in_french(delay.received_at)}. Sans décision notifiée avant le "
        f"{instant_in_french(delay.tacit_acceptance_at)}, elle est acceptée implicitement (R. 5122-4).",
    )


@router.get("/filing-windows", summary="Calculer un délai de dépôt")
def window(placement: Annotated[WindowParameters, Query()]) -> Window:
    """Dire jusqu’à quand une demande peut être déposée (R. 5122-2, R. 5122-3)."""
    return calculators.window(placement.ground, placement.placement_on, placement.department)
