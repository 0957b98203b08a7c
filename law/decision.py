"""The decision: its content, what makes a refusal valid, what it states to the employer (R. 5122-4).

The decision is notified; a refusal gives its reasons of law and of fact (`law.reasons`), and a grant of less than
was requested is a partial refusal. Its content is set by the arrêté du 24 juillet 2014. It states the
ways of appeal (`law.remedies`); without them the time limits for appeal cannot be relied on (CJA, art. R. 421-5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from law.dated import Dated, DatedValue
from law.reasons import LegalBasis, reasons_objections
from law.texts import Objection, Text, objection


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms requested or granted: an inclusive period, employees, and hours for all of them."""

    start_on: date
    end_on: date
    employees: int
    hours: Decimal


def is_partial(requested: Terms, granted: Terms) -> bool:
    """Tell whether less is granted than was requested, which is a partial refusal."""
    return requested != granted


def grant_objections(
    requested: Terms,
    granted: Terms,
    reasons: Sequence[str] = (),
    bases: Sequence[LegalBasis] = tuple(LegalBasis),
) -> tuple[Objection, ...]:
    """Return why a grant is not valid: more than was requested, or less without reasons of law and of fact."""
    found = []
    if granted.end_on < granted.start_on:
        message = "La période accordée s’achève avant d’avoir commencé."
        found.append(objection("/period/end_on", "period-reversed", message, Text.R_5122_4))
    beyond = {
        "/period/start_on": granted.start_on < requested.start_on,
        "/period/end_on": granted.end_on > requested.end_on,
        "/employees": granted.employees > requested.employees,
        "/hours": granted.hours > requested.hours,
    }
    message = "La décision ne peut pas accorder plus que la demande."
    found += [objection(at, "more-than-asked", message, Text.R_5122_4) for at, more in beyond.items() if more]
    if is_partial(requested, granted):
        if not reasons:
            message = "Accorder moins que la demande est un refus partiel, à motiver en droit et en fait."
            found.append(objection("/grounds", "partial-without-reasons", message, Text.CRPA_L_211_5))
        found += reasons_objections(reasons, bases)
    return tuple(found)


_WORK: Final = "code du travail, notamment ses articles L. 5122-1 et R. 5122-1 à R. 5122-26"
_PUBLIC: Final = (
    "code des relations entre le public et l’administration, notamment ses articles L. 211-2, L. 211-5 et L. 212-1"
)
_CODES: Final = Dated[tuple[str, ...]](
    "les textes visés",
    DatedValue(date(2013, 7, 1), (_WORK,), Text.R_5122_4, Text.CODE_2013),
    DatedValue(date(2016, 1, 1), (_WORK, _PUBLIC), Text.R_5122_4, Text.CRPA_L_211_5),
)


def cited_codes(on: date) -> tuple[str, ...]:
    """Return the codes that a decision of a day is based on, as its visas print them after « Vu le »."""
    return _CODES.on(on).value
