"""Public calculations of money and hours: the question as a person states it, the answer as every surface shows it.

The API, the commands and the pages call these functions, so that they give the same cents.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Final, TypeVar

from pydantic import PlainSerializer, WithJsonSchema

from law import forfeiture as law_of_forfeiture
from law.allowance import HeadcountNeeded
from law.calendar import add_months, local
from law.dated import BeforeFirstText
from law.directory import PARIS
from law.hours import Week
from law.hours import payable_hours as law_of_hours
from law.pay import Circumstances, Pay
from law.rates import RateUnknown, Scheme, Sector
from law.texts import Reason
from law.work_time import IN_DAYS
from law.worth import Worth, foresight
from law.worth import worth as law_of_worth
from models.bodies.calculations import AllowanceQuestion, ForfeitureQuestion, HoursQuestion
from models.explanations import ReasonRecord, reason_records
from models.identifiers import Message

T = TypeVar("T")

MOST_DAYS: Final = 1_500
"""Days of a period whose months are told apart: four years."""
MAX_MONTHS_AHEAD: Final = 12
"""Months ahead for which a request may be planned: of a later one, the law is not known."""


class Unanswerable(ValueError):
    """A question that the law, or what was read of it, leaves without an answer: where, a code, a French sentence."""

    def __init__(self, pointer: str, code: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.code = code


def _plain(value: Decimal) -> str:
    """Write hours without useless zeros."""
    return f"{value:f}".rstrip("0").rstrip(".") if value % 1 else f"{value.to_integral():f}"


Euros = Annotated[Decimal, PlainSerializer(str), WithJsonSchema({"type": "string", "examples": ["8.03"]})]
HoursOut = Annotated[Decimal, PlainSerializer(_plain), WithJsonSchema({"type": "string", "examples": ["35"]})]


class Amounts(Message):
    """An hourly amount, of the first day, and the total."""

    hourly: Euros
    total: Euros


class MonthAmounts(Message):
    """One month: « 2020-03 », hours, allowance and indemnity."""

    month: str
    hours: HoursOut
    allowance: Euros
    indemnity: Euros


class AllowanceAnswer(Message):
    """What the employer receives and the employee is paid."""

    allowance: Amounts
    indemnity: Amounts
    months: tuple[MonthAmounts, ...]
    why: tuple[ReasonRecord, ...]


class HoursAnswer(Message):
    """Payable hours, and those of each month."""

    payable_hours: HoursOut
    by_month: dict[str, HoursOut]
    why: tuple[ReasonRecord, ...]


class ForfeitureAnswer(Message):
    """The last day of claims, the first one out of time, the last one to put claims right if it is later."""

    last_day_on: date
    forfeited_on: date
    regularise_until: date | None = None
    why: tuple[ReasonRecord, ...]


def allowance(question: AllowanceQuestion, asked_on: date | None = None) -> AllowanceAnswer:
    """Return what hours are worth, with the figures known on a day (today if none is stated); raises `Unanswerable`."""
    if (question.hourly_gross is None) is (question.smic_share is None):
        said = "Indiquez la rémunération horaire brute, ou la part du SMIC, mais pas les deux."
        raise Unanswerable("/hourly_gross", "pay-needed", said)
    if question.scheme is not Scheme.AP and question.sector is not Sector.GENERAL:
        said = "Aucun taux particulier n’a été lu pour un accord de longue durée : choisissez l’un ou l’autre."
        raise Unanswerable("/sector", "sector-does-not-apply", said)
    to = question.to or question.on
    if not 0 <= (to - question.on).days < MOST_DAYS:
        said = "La période finit avant de commencer, ou elle est trop longue pour un seul calcul."
        raise Unanswerable("/to", "period-order", said)
    found = _answered(lambda: _worth(question, to), "/on")
    return _allowance_of(found, (*foresight(to, asked_on or _today(), question.department), *found.why))


def payable_hours(question: HoursQuestion) -> HoursAnswer:
    """Return the payable hours of a week; raises `Unanswerable`."""
    if question.week.weekday():
        raise Unanswerable("/week", "not-a-monday", "Une semaine se désigne par son lundi.")
    _refuse_what_does_not_apply(question)
    week = Week(
        monday=question.week,
        contract_hours=question.contract_week,
        worked=question.worked,
        collective_hours=question.collective_week,
        mode=question.mode,
        days=question.days,
        half_days=question.half_days,
        department=question.department,
        holidays_worked=question.holidays_worked,
        structural=question.structural,
    )
    found = _answered(lambda: law_of_hours(week), "/week")
    by_month = {f"{month:%Y-%m}": hours for month, hours in found.by_month.items()}
    return HoursAnswer(payable_hours=found.hours, by_month=by_month, why=reason_records(found.why))


def _refuse_what_does_not_apply(question: HoursQuestion) -> None:
    """Raise `Unanswerable` for what the mode does not count: it would be ignored."""
    mode = question.mode.label
    if question.mode in IN_DAYS:
        if question.collective_week is not None:
            said = f"La durée collective ne compte pas avec ce mode ({mode}) : indiquez des jours."
            raise Unanswerable("/collective_week", "collective-week-does-not-apply", said)
    elif question.days or question.half_days:
        said = f"Les jours ne comptent pas avec ce mode ({mode}) : indiquez les heures travaillées."
        raise Unanswerable("/days" if question.days else "/half_days", "days-do-not-apply", said)


def forfeiture(question: ForfeitureQuestion, asked_on: date | None = None) -> ForfeitureAnswer:
    """Return until when claims are made, asked on a day (today if none is stated); raises `Unanswerable`."""
    if question.filed_on > add_months(asked_on or _today(), MAX_MONTHS_AHEAD):
        said = "Ce jour de dépôt est trop éloigné : on n’en connaît pas encore la règle. Indiquez une date plus proche."
        raise Unanswerable("/filed_on", "filed-too-far-ahead", said)
    found = _answered(
        lambda: law_of_forfeiture.forfeiture(question.period_end, question.filed_on, question.reference_months),
        "/filed_on",
    )
    return ForfeitureAnswer(
        last_day_on=found.last_day_on,
        forfeited_on=found.forfeited_on,
        regularise_until=found.regularise_until,
        why=reason_records(found.why),
    )


def _today() -> date:
    return local(datetime.now(UTC), PARIS).date()


def _worth(question: AllowanceQuestion, to: date) -> Worth:
    pay = Pay(question.hourly_gross, question.smic_share, question.apprentice, question.contract_week)
    where = Circumstances(question.department, question.headcount, question.scheme, question.sector)
    return law_of_worth(question.on, to, question.hours, pay, where)


def _allowance_of(found: Worth, why: Iterable[Reason]) -> AllowanceAnswer:
    return AllowanceAnswer(
        allowance=Amounts(hourly=found.hourly.allowance, total=found.allowance),
        indemnity=Amounts(hourly=found.hourly.indemnity, total=found.indemnity),
        months=tuple(
            MonthAmounts(
                month=f"{each.month:%Y-%m}", hours=each.hours, allowance=each.allowance, indemnity=each.indemnity
            )
            for each in found.months
        ),
        why=reason_records(why),
    )


def _answered(ask: Callable[[], T], day: str) -> T:
    try:
        return ask()
    except HeadcountNeeded as needed:
        raise Unanswerable("/headcount", "headcount-needed", str(needed)) from needed
    except RateUnknown as unknown:
        raise Unanswerable(day, "rate-unknown", str(unknown)) from unknown
    except BeforeFirstText as before:
        raise Unanswerable(day, "before-first-text", str(before)) from before
