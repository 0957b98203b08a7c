"""« Quand aurai-je une réponse ? » and « Puis-je encore déposer ? »: the address holds the question.

Each page calls the same function as the API, shows its explanation line by line, and offers the instant as a
calendar file.
"""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from law.directory import department
from law.grounds import Ground
from law.texts import end_in_french, in_french
from starter.http.request_body import read
from starter.pages.public.calculator_page import Calculator, question, show
from starter.services import calculators
from starter.services.calculators import Placement, ReceptionDay

router = APIRouter(include_in_schema=False)

GROUND_OPTIONS: Final = tuple((each.value, each.label) for each in Ground)
CALENDAR_TYPE: Final = "text/calendar; charset=utf-8"
RECEPTION: Final[TypeAdapter[ReceptionDay]] = TypeAdapter(ReceptionDay)
PLACEMENT: Final[TypeAdapter[Placement]] = TypeAdapter(Placement)
Answer = tuple[Mapping[str, object], str]
"""What the page shows of an answer, and the answer as a calendar file."""


@router.get("/deadlines")
def deadlines(request: Request) -> Response:
    """Say when silence on a request received on a day counts as acceptance."""
    return show(request, DEADLINES)


@router.get("/deadlines/calendar.ics")
def deadline_file(request: Request) -> Response:
    """Return the same instant as a calendar file; raises `InvalidRequest`."""
    return _file(_deadline(question(request, DEADLINES))[1], "echeance.ics")


@router.get("/filing-windows")
def filing_windows(request: Request) -> Response:
    """Say whether a request may still be filed, and until when."""
    return show(request, FILING_WINDOWS)


@router.get("/filing-windows/calendar.ics")
def window_file(request: Request) -> Response:
    """Return the end of the window as a calendar file; raises `InvalidRequest`."""
    return _file(_window(question(request, FILING_WINDOWS))[1], "delai-de-depot.ics")


def _deadline(fields: Mapping[str, str]) -> Answer:
    asked = read(RECEPTION, fields)
    delay = calculators.deadline_from(asked)
    place = department(asked.department)
    return {
        "received_on": in_french(asked.received_on),
        "last_day_on": in_french(delay.last_day_on),
        "rule": delay.rule.label,
        "at": end_in_french(delay.tacit_acceptance_at),
        "department": place,
        "left": calculators.days_left(delay.tacit_acceptance_at, place.code),
        "why": delay.why,
    }, calculators.deadline_calendar(delay, place.code)


def _window(fields: Mapping[str, str]) -> Answer:
    asked = read(PLACEMENT, fields)
    found = calculators.window_from(asked)
    place = department(asked.department)
    return {
        "placement_on": in_french(asked.placement_on),
        "ground": asked.ground.label,
        "closes_at": end_in_french(found.closes_at),
        "until": end_in_french(found.accepted_until),
        "tolerated": found.accepted_until != found.closes_at,
        "department": place,
        "left": calculators.days_left(found.accepted_until, place.code),
        "why": found.why,
    }, calculators.window_calendar(found, asked)


def _file(content: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=CALENDAR_TYPE, headers=headers)


DEADLINES: Final = Calculator(
    "deadlines",
    {"received_on": "Jour du dépôt", "received_time": "Heure", "department": "Département"},
    ("received_on",),
    lambda fields: _deadline(fields)[0],
    {},
)
FILING_WINDOWS: Final = Calculator(
    "filing_windows",
    {"ground": "Motif", "placement_on": "Premier jour", "department": "Département"},
    ("placement_on",),
    lambda fields: _window(fields)[0],
    {"grounds": GROUND_OPTIONS},
)
