"""Public calculators of money and hours, as doors and pages ask them: a question without an answer is a fault."""

from collections.abc import Callable
from typing import TypeVar

from models import calculations
from models.bodies.calculations import AllowanceQuestion, ForfeitureQuestion, HoursQuestion
from models.calculations import AllowanceAnswer, ForfeitureAnswer, HoursAnswer, Unanswerable
from starter.http.problems import fault

QuestionT = TypeVar("QuestionT")
AnswerT = TypeVar("AnswerT")


def allowance(question: AllowanceQuestion) -> AllowanceAnswer:
    """Return what hours are worth; raises `InvalidRequest`."""
    return _answered(calculations.allowance, question)


def payable_hours(question: HoursQuestion) -> HoursAnswer:
    """Return the payable hours of a week; raises `InvalidRequest`."""
    return _answered(calculations.payable_hours, question)


def forfeiture(question: ForfeitureQuestion) -> ForfeitureAnswer:
    """Return until when claims are made; raises `InvalidRequest`."""
    return _answered(calculations.forfeiture, question)


def _answered(ask: Callable[[QuestionT], AnswerT], question: QuestionT) -> AnswerT:
    try:
        return ask(question)
    except Unanswerable as wrong:
        raise fault(wrong.pointer, wrong.code, str(wrong)) from wrong
