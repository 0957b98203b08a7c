"""« Combien vais-je percevoir ? »: what idle hours are worth, month by month, each amount explained to its article."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from law.amounts import euros_in_french
from law.rates import Scheme, Sector
from law.texts import in_french, month_in_french, number_in_french
from models.bodies.calculations import AllowanceQuestion
from models.calculations import Amounts
from starter.http.request_body import read
from starter.pages.public.calculator_page import Calculator, Fields, show
from starter.services import money_calculators

router = APIRouter(include_in_schema=False)

QUESTION: Final[TypeAdapter[AllowanceQuestion]] = TypeAdapter(AllowanceQuestion)
NAMES: Final = {
    "on": "Premier jour",
    "to": "Dernier jour",
    "hours": "Heures chômées",
    "hourly_gross": "Rémunération horaire brute",
    "department": "Département",
    "headcount": "Effectif",
    "scheme": "Dispositif",
    "sector": "Taux particulier",
    "apprentice": "Alternance",
}
"""Fields of the form, and how the list of errors names them."""


@router.get("/allowances")
def allowances(request: Request) -> Response:
    """Say what the employer receives and what the employee is paid."""
    return show(request, ALLOWANCES)


def _answer(fields: Fields) -> Mapping[str, object]:
    question = read(QUESTION, fields)
    answer = money_calculators.allowance(question)
    months = [
        (
            month_in_french(date.fromisoformat(f"{each.month}-01")),
            f"{number_in_french(each.hours)} h",
            euros_in_french(each.allowance),
            euros_in_french(each.indemnity),
        )
        for each in answer.months
    ]
    borne = answer.indemnity.total - answer.allowance.total
    return {
        "from": in_french(question.on),
        "to": in_french(question.to) if question.to else None,
        "hours": number_in_french(question.hours),
        "allowance": _both(answer.allowance),
        "indemnity": _both(answer.indemnity),
        "borne": euros_in_french(borne) if borne > 0 else "",
        "months": months,
        "why": answer.why,
    }


def _both(amounts: Amounts) -> Mapping[str, str]:
    return {"hourly": euros_in_french(amounts.hourly), "total": euros_in_french(amounts.total)}


ALLOWANCES: Final = Calculator(
    "allowances",
    NAMES,
    ("on", "to"),
    _answer,
    {
        "schemes": [(each.value, each.label) for each in Scheme],
        "sectors": [(each.value, each.label) for each in Sector],
    },
    {"on": "Indiquez le premier jour des heures chômées.", "hours": "Indiquez le nombre d’heures chômées."},
)
