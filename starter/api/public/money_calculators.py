"""Public calculators of money and hours: what an idle hour is worth, how many are payable, until when."""

from typing import Annotated

from fastapi import APIRouter, Query

from models.bodies.calculations import AllowanceQuestion, ForfeitureQuestion, HoursQuestion
from models.calculations import AllowanceAnswer, ForfeitureAnswer, HoursAnswer
from starter.services import money_calculators

router = APIRouter(tags=["Public"])


@router.get("/allowances", summary="Calculer une allocation et une indemnité")
def allowance(question: Annotated[AllowanceQuestion, Query()]) -> AllowanceAnswer:
    """Dire combien l’employeur reçoit et combien le salarié perçoit (D. 5122-13, R. 5122-18)."""
    return money_calculators.allowance(question)


@router.get("/payable-hours", summary="Calculer des heures indemnisables")
def payable_hours(question: Annotated[HoursQuestion, Query()]) -> HoursAnswer:
    """Dire combien d’heures d’une semaine sont indemnisables (R. 5122-11, R. 5122-19)."""
    return money_calculators.payable_hours(question)


@router.get("/forfeitures", summary="Calculer une forclusion", response_model_exclude_none=True)
def forfeiture(question: Annotated[ForfeitureQuestion, Query()]) -> ForfeitureAnswer:
    """Dire jusqu’à quand des heures peuvent être demandées (L. 5122-1, IV)."""
    return money_calculators.forfeiture(question)
