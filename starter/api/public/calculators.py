"""Public calculators: when silence counts as acceptance, and until when a request may be filed."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Response

from law.grounds import Ground
from models.identifiers import Day, Department, Message
from starter.services import calculators
from starter.services.calculators import Deadline, Window
from starter.services.listings import QueryMoment

FOR_ANY_SITE: Final = {"Access-Control-Allow-Origin": "*"}
"""Scripts of any site may read these two answers: they are public, and the same for everybody."""


def _open(response: Response) -> None:
    response.headers.update(FOR_ANY_SITE)


router = APIRouter(tags=["Public"], dependencies=[Depends(_open)])

CALENDAR: Final = "text/calendar"


class DeadlineParameters(Message):
    """When and in which département a request is received."""

    received_at: QueryMoment
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
        return Response(
            calculators.deadline_calendar(delay, reception.department),
            media_type=f"{CALENDAR}; charset=utf-8",
            headers=FOR_ANY_SITE,
        )
    return Deadline.of(delay)


@router.get("/filing-windows", summary="Calculer un délai de dépôt")
def window(placement: Annotated[WindowParameters, Query()]) -> Window:
    """Dire jusqu’à quand une demande peut être déposée (R. 5122-2, R. 5122-3)."""
    return calculators.window(placement.ground, placement.placement_on, placement.department)
